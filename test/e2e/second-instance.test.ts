import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explain } from '../../src/shared/messages/index.ts';
import type { ErrorCode, ErrorParams } from '../../src/shared/errors.ts';
import { Studio } from './harness.ts';
import { electronExecutable, freshFolder, root } from './places.ts';
import { createProject, go, main } from './steps.ts';
import { en } from './words.ts';

const folder = freshFolder('second');
const project = path.join(folder, 'project');

/** A studio that has the project open, and one of another user's data. */
let first: Studio;
let second: Studio;
beforeAll(async () => {
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

describe('a project that another studio has open', () => {
  it('is refused with a clear message', async () => {
    await expectRefusal(project, 'project-locked', { project });
  });

  it('can be opened when it was closed there', async () => {
    await main(first.page).getByRole('button', { name: en.home.current.close }).click();
    await main(first.page).getByRole('heading', { level: 1, name: en.home.welcome }).waitFor();
    await main(second.page).getByRole('button', { name: en.home.open.choose }).click();
    await main(second.page).getByRole('heading', { level: 1, name: 'Taken' }).waitFor();
    expect(await main(second.page).getByRole('alert').count()).toBe(0);
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
