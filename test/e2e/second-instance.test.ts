import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explain } from '../../src/shared/messages/index.ts';
import type { ErrorCode, ErrorParams } from '../../src/shared/errors.ts';
import { complaints } from './axe.ts';
import { testDigits, writeClasses } from './digits.ts';
import { Studio } from './harness.ts';
import { electronExecutable, freshFolder, root } from './places.ts';
import {
  createProject,
  go,
  idle,
  importFolder,
  main,
  setRecipe,
  SLOW,
  startClassifying,
  train,
} from './steps.ts';
import { en } from './words.ts';

const folder = freshFolder('second');
const project = path.join(folder, 'project');
const digits = path.join(folder, 'digits');

/** A studio that has the project open, and one of another user's data. */
let first: Studio;
let second: Studio;
beforeAll(async () => {
  await writeClasses(digits, testDigits(200));
  first = await Studio.launch();
  await createProject(first, project, 'Taken');
  second = await Studio.launch();
});
afterAll(async () => {
  await second?.close();
  await first?.close();
});

/** Opens a project's folder with the dialog, and waits for the message that refuses it. */
async function expectRefusal(chosen: string, code: ErrorCode, params: ErrorParams): Promise<void> {
  const { page } = second;
  await go(page, 'home');
  await second.answerFolderDialog(chosen);
  await main(page).getByRole('button', { name: en.home.open.choose }).click();
  const { what, kept, next } = explain(en.errors, { code, params });
  const message = main(page).getByRole('alert').filter({ hasText: what });
  await message.waitFor();
  for (const part of [kept, next]) expect(await message.textContent()).toContain(part);
  await main(page).getByRole('heading', { level: 1, name: en.home.welcome }).waitFor();
}

const readOnly = en.shell.readOnly;
const banner = () => second.page.getByRole('status').filter({ hasText: readOnly.text });

/** A button of the second studio that is disabled and says why. */
async function expectRefused(name: string, within = main(second.page)): Promise<void> {
  const button = within.getByRole('button', { name }).first();
  await button.waitFor();
  expect([name, await button.isDisabled(), await button.getAttribute('title')]).toEqual([
    name,
    true,
    readOnly.refused,
  ]);
}

/** A key that changes nothing there and says why. */
async function expectKeyRefused(key: string): Promise<void> {
  const said = second.page.locator('.toast').filter({ hasText: readOnly.refused });
  await second.page.keyboard.press(key);
  await said.waitFor();
  await said.getByRole('button', { name: en.common.close }).click();
  await said.waitFor({ state: 'detached' });
}

describe('a project that another studio has open', () => {
  it('is opened read-only and says so, shows what is changed there, and changes nothing itself', async () => {
    const { page } = second;
    await second.answerFolderDialog(project);
    await main(page).getByRole('button', { name: en.home.open.choose }).click();
    await main(page).getByRole('heading', { level: 1, name: 'Taken' }).waitFor();
    await banner().waitFor();
    expect(await complaints(page, 'read-only')).toEqual([]);
    await go(page, 'data');
    await importFolder(first, digits);
    await main(page).getByRole('grid', { name: 'digits' }).waitFor({ timeout: SLOW });
    await main(page).getByRole('heading', { name: '200 digits' }).waitFor();
    await banner().getByRole('button', { name: readOnly.take }).click();
    await page.getByText(explain(en.errors, { code: 'project-locked', params: { project } }).what).waitFor();
    await banner().waitFor();
  });

  it('disables what would change it on every page, and says why; its keys say so too', async () => {
    const { page } = second;
    await go(first.page, 'train');
    await setRecipe(first.page, { epochs: '1' });
    await train(first.page);
    await startClassifying(first, digits);
    await idle(first.page);

    await go(page, 'data');
    for (const name of [
      en.data.importMnist,
      en.data.import,
      en.data.remove('digits'),
      en.suspects.findIn('digits'),
    ])
      await expectRefused(name);
    await expectKeyRefused('o');
    const box = (await main(page).getByRole('grid', { name: 'digits' }).boundingBox())!;
    await page.mouse.click(box.x + 30, box.y + 30);
    const selection = main(page).getByRole('group', { name: en.selection.label });
    for (const name of [en.selection.giveLabel, en.selection.move, en.selection.addTag])
      await expectRefused(name, selection);
    await expectKeyRefused('g');
    await expectKeyRefused('Control+z');
    await main(page)
      .getByRole('button', { name: en.duplicates.open('digits') })
      .click();
    await expectRefused(en.duplicates.find);
    await expectKeyRefused('s');
    expect(await complaints(page, 'read-only: data')).toEqual([]);

    await go(page, 'train');
    await expectRefused(en.train.start);
    await expectKeyRefused('Control+Enter');
    const notes = main(page).getByLabel(en.runs.notes.label);
    expect(await notes.getAttribute('readonly')).not.toBeNull();
    expect(await notes.getAttribute('title')).toBe(readOnly.refused);
    expect(await main(page).locator('button.remove:enabled').count()).toBe(0);
    expect(await complaints(page, 'read-only: train')).toEqual([]);

    await go(page, 'models');
    await expectRefused(en.exchange.open);
    await main(page).getByRole('button', { name: en.train.card.open }).click();
    const card = page.getByRole('dialog');
    await expectRefused(en.train.card.rename, card);
    await expectRefused(en.train.card.remove, card);
    await page.keyboard.press('Escape');
    expect(await complaints(page, 'read-only: models')).toEqual([]);

    await go(page, 'classify');
    await main(page).getByRole('heading', { name: 'digits' }).first().waitFor();
    await expectRefused(en.classify.start);
    // Start, again, class folders, watch.
    for (const key of ['Control+Enter', 'a', 'f', 'w']) await expectKeyRefused(key);
    expect(await complaints(page, 'read-only: classify')).toEqual([]);

    await go(page, 'review');
    const panel = main(page).locator('.panel');
    for (const name of [en.decide.doubt, en.decide.reject, en.review.panel.clear])
      await expectRefused(name, panel);
    await expectRefused(en.suspects.find);
    const pad = main(page).getByRole('group', { name: en.review.panel.itIsA });
    expect(await pad.getByRole('button', { disabled: true }).count()).toBe(10);
    for (const key of ['Enter', ' ', '7', 'Delete', 'r']) await expectKeyRefused(key);
    // Looking on is allowed.
    const name = await panel.getByRole('heading').first().textContent();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => panel.getByRole('heading').first().textContent()).not.toBe(name);
    expect(await complaints(page, 'read-only: review')).toEqual([]);
  });

  it('is taken over when it was closed there', async () => {
    await go(first.page, 'home');
    await main(first.page).getByRole('button', { name: en.home.current.close }).click();
    await main(first.page).getByRole('heading', { level: 1, name: en.home.welcome }).waitFor();
    await banner().getByRole('button', { name: readOnly.take }).click();
    await banner().waitFor({ state: 'hidden' });
    await go(second.page, 'data');
    await main(second.page).getByRole('button', { name: en.data.import, disabled: false }).waitFor();
    await go(second.page, 'home');
    await main(second.page).getByRole('button', { name: en.home.current.close }).click();
    await main(second.page).getByRole('heading', { level: 1, name: en.home.welcome }).waitFor();
  });
});

it('refuses a project of a newer studio, and leaves it as it was', async () => {
  const newer = path.join(folder, 'newer');
  fs.cpSync(project, newer, { recursive: true });
  const file = path.join(newer, 'project.sqlite');
  const db = new Database(file);
  const known = db.pragma('user_version', { simple: true }) as number;
  db.pragma('user_version = 999');
  db.close();
  const bytes = (): string => createHash('sha256').update(fs.readFileSync(file)).digest('hex');
  const before = bytes();
  await expectRefusal(newer, 'project-newer', { project: newer, found: 999, known });
  expect(bytes()).toBe(before);
});

it('refuses a folder without a project, and one whose project is damaged', async () => {
  const empty = path.join(folder, 'empty');
  fs.mkdirSync(empty);
  await expectRefusal(empty, 'project-not-found', { project: empty });
  const damaged = path.join(folder, 'damaged');
  fs.mkdirSync(damaged);
  fs.writeFileSync(path.join(damaged, 'project.sqlite'), 'no database '.repeat(1_000));
  await expectRefusal(damaged, 'project-damaged', { project: damaged, detail: 'file is not a database' });
});

it('started twice with the same data, brings its one window to the front', async () => {
  await first.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.minimize());
  const flags = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const again = spawn(electronExecutable(), [...flags, root], {
    env: {
      ...process.env,
      HOME: first.home,
      LENET_STUDIO_USER_DATA: first.userData,
    },
    stdio: 'ignore',
  });
  const [code] = (await once(again, 'exit')) as [number];
  expect(code).toBe(0);
  await expect
    .poll(() =>
      first.app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows().map((window) => window.isMinimized()),
      ),
    )
    .toEqual([false]);
});
