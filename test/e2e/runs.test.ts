import fs from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { complaints } from './axe.ts';
import { parseCsv } from './csv.ts';
import { testDigits, writeClasses } from './digits.ts';
import { Studio } from './harness.ts';
import { freshFolder } from './places.ts';
import {
  createProject,
  go,
  idle,
  importFolder,
  main,
  outcome,
  setRecipe,
  SLOW,
  startTraining,
} from './steps.ts';
import { en, zh } from './words.ts';

/** What can be done with runs on the Train page, in one window. Each step stands on those before. */
let studio: Studio;
const folder = freshFolder('runs');
beforeAll(async () => {
  const labelled = path.join(folder, 'labelled');
  await writeClasses(path.join(labelled, 'train'), testDigits(600));
  await writeClasses(path.join(labelled, 'test'), testDigits(200, 600));
  studio = await Studio.launch();
  const { page } = studio;
  await createProject(studio, path.join(folder, 'project'), 'Runs');
  await importFolder(studio, labelled);
  await go(page, 'train');
});
afterAll(() => studio?.close());

const words = en.runs;
const row = (name: string, texts = en) =>
  main(studio.page)
    .getByRole('row')
    .filter({ has: studio.page.getByLabel(texts.runs.list.select(name)) });
const stepShown = async (): Promise<number> =>
  Number(/step ([\d,]+) of/.exec((await outcome(studio.page).textContent())!)![1]!.replaceAll(',', ''));
const toast = (text: string) => studio.page.locator('.toast').filter({ hasText: text });

/** What the project's file has of the run “strong”. */
function notesKept(): unknown {
  const db = new Database(path.join(folder, 'project', 'project.sqlite'), { readonly: true });
  try {
    return db.prepare(`SELECT notes FROM run WHERE name = 'strong'`).pluck().get();
  } finally {
    db.close();
  }
}

it('pauses with a key, says so everywhere, stands still and goes on', async () => {
  const { page } = studio;
  await setRecipe(page, { epochs: '900', name: 'held' });
  await startTraining(page);
  await outcome(page)
    .getByText(/^step [\d,]+ of/)
    .waitFor({ timeout: SLOW });
  await page.keyboard.press('p');
  await outcome(page)
    .getByText(/^paused at step/)
    .waitFor({ timeout: 1_000 });
  await page.waitForTimeout(1_000);
  const step = await stepShown();
  await row('held')
    .getByText(/^paused, epoch/)
    .waitFor();
  const bar = page.getByRole('region', { name: en.shell.jobs.label });
  await bar.getByText(/^paused at/).waitFor();
  await page.waitForTimeout(1_500);
  expect(await stepShown()).toBe(step);
  expect(await complaints(page, 'paused')).toEqual([]);

  // From the bar, which is on every page.
  await go(page, 'data');
  await bar.getByRole('button', { name: words.goOnWith('held') }).click();
  await bar.getByRole('button', { name: words.pauseOf('held') }).waitFor();
  await go(page, 'train');
  await expect.poll(stepShown, { timeout: SLOW }).toBeGreaterThan(step);

  // From the palette.
  await page.keyboard.press('Control+K');
  await page.getByRole('combobox', { name: en.shell.palette.placeholder }).fill(words.pause);
  await page.keyboard.press('Enter');
  await outcome(page)
    .getByText(/^paused at step/)
    .waitFor();
  await outcome(page).getByRole('button', { name: en.train.cancel }).click();
  await outcome(page)
    .getByText(/^Cancelled/)
    .waitFor({ timeout: 1_000 });
  await outcome(page)
    .getByRole('button', { name: /^Go on from step [\d,]+$/ })
    .waitFor();
});

it('keeps notes as they are typed, also over a restart', async () => {
  const { page } = studio;
  await setRecipe(page, { epochs: '1', name: 'weak', learningRate: '0.002' });
  await startTraining(page);
  await row('weak').getByText(en.train.runs.states.done).waitFor({ timeout: SLOW });
  await setRecipe(page, { epochs: '6', name: 'strong', learningRate: '0.03', batchSize: '32' });
  await startTraining(page);
  await row('strong').getByText(en.train.runs.states.done).waitFor({ timeout: SLOW });
  const field = main(page).getByLabel(words.notes.label, { exact: true });
  await field.pressSequentially('Reads sevens well');
  await row('strong').getByText('Reads sevens well').waitFor();
  await field.press('Enter');
  await field.pressSequentially('读得不错');
  // Nothing else is done before it is closed.
  await studio.close();
  studio = await Studio.launch(studio.home);
  await main(studio.page)
    .getByRole('button', { name: /^Runs\b/ })
    .first()
    .click();
  await main(studio.page).getByRole('heading', { level: 1, name: 'Runs' }).waitFor();
  await go(studio.page, 'train');
  await row('strong').getByRole('button', { name: 'strong', exact: true }).click();
  expect(await main(studio.page).getByLabel(words.notes.label, { exact: true }).inputValue()).toBe(
    'Reads sevens well\n读得不错',
  );
  await expect.poll(notesKept, { timeout: SLOW }).toBe('Reads sevens well\n读得不错');
});

it('keeps what is typed while the engine is away', async () => {
  const { page } = studio;
  await studio.killEngine();
  const field = main(page).getByLabel(words.notes.label, { exact: true });
  await field.press('Control+End');
  await field.pressSequentially(', and eights');
  await main(page).getByText(words.notes.notSaved).waitFor();
  await page.getByRole('button', { name: en.shell.engine.restart }).click();
  await main(page).getByText(words.notes.notSaved).waitFor({ state: 'hidden', timeout: SLOW });
  await row('strong').getByText('读得不错, and eights').waitFor();
  await expect.poll(notesKept, { timeout: SLOW }).toBe('Reads sevens well\n读得不错, and eights');
});

it('removes a run at once, and brings it back by its toast and by Ctrl+Z', async () => {
  const { page } = studio;
  const remove = () =>
    row('held')
      .getByRole('button', { name: en.train.runs.remove('held') })
      .click();
  const listed = () => row('held').count();
  await remove();
  await toast(words.list.removed('held')).waitFor();
  await expect.poll(listed).toBe(0);
  await page.locator('.shell > footer').getByText(words.list.removal('held')).waitFor();
  await toast(words.list.removed('held')).getByRole('button', { name: words.list.undo }).click();
  await expect.poll(listed).toBe(1);

  await remove();
  await expect.poll(listed).toBe(0);
  await page.keyboard.press('Control+z');
  await toast(words.list.restored('held')).waitFor();
  await expect.poll(listed).toBe(1);
  await page.keyboard.press('Control+Shift+z');
  await expect.poll(listed).toBe(0);
  // There is nothing else to undo, in this project or in this list.
  await page.keyboard.press('Control+z');
  await expect.poll(listed).toBe(1);
  await page.keyboard.press('Control+z');
  await toast(en.shell.nothingToUndo).waitFor();
});

it('compares two runs: figures, and the digits that only one of them reads right, as pictures', async () => {
  const { page } = studio;
  for (const name of ['weak', 'strong']) {
    const mark = row(name).getByRole('checkbox');
    await mark.focus();
    await page.keyboard.press('Space');
    expect(await mark.isChecked()).toBe(true);
  }
  await page.keyboard.press('k');
  await main(page)
    .getByRole('heading', { name: words.compare.title('2') })
    .waitFor();
  const table = main(page).getByRole('group', { name: words.compare.table }).getByRole('table');
  // The newer run comes first.
  const cells = async (name: string): Promise<string[]> => {
    const line = table.getByRole('row').filter({ has: page.getByRole('rowheader', { name, exact: true }) });
    return (await line.getByRole('cell').allTextContents()).map((text) => text.replace(/\s+/g, ' ').trim());
  };
  expect(await cells(en.train.fields.learningRate)).toEqual(['0.03', '0.002']);
  expect(await cells(en.train.fields.batchSize)).toEqual(['32 digits', '64 digits']);
  expect(await table.getByText(en.train.fields.momentum, { exact: true }).count()).toBe(0);

  await main(page)
    .getByRole('button', { name: words.compare.read('200', 2) })
    .click();
  await idle(page);
  const grid = main(page).getByRole('grid');
  await grid.getByRole('gridcell').first().waitFor({ timeout: SLOW });
  const counts = async (): Promise<{ first: number; second: number }> => {
    const [first, second] = await main(page)
      .getByRole('group', { name: words.compare.direction })
      .locator('label')
      .allTextContents();
    return { first: Number(/\d+$/.exec(first!.trim())![0]), second: Number(/\d+$/.exec(second!.trim())![0]) };
  };
  const { first, second } = await counts();
  // What the one gains over the other is what the test errors say.
  const errors = (await cells(words.compare.testError)).map((text) => parseFloat(text));
  expect(first - second).toBe(Math.round((errors[1]! - errors[0]!) * 2));
  expect(first).toBeGreaterThan(10);
  await main(page)
    .getByText(words.compare.moreThanChance('A', 'B', String(first - second), '').replace(/\W+$/, ''))
    .waitFor();
  const listed = async (): Promise<number> =>
    Number(/(\d+)$/.exec((await grid.getAttribute('aria-label'))!)![1]);
  await expect.poll(listed).toBe(first);
  /** Of those in view. */
  const namesNow = (): Promise<string[]> =>
    grid.getByRole('gridcell').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')!));
  const names = await namesNow();
  for (const name of names) {
    const [, label, read] = /^digit (\d), read as (\d)/.exec(name)!;
    expect(label, name).not.toBe(read);
  }

  await grid.click({ position: { x: 40, y: 40 } });
  const large = main(page)
    .locator('.panel')
    .filter({ has: page.getByRole('region', { name: words.compare.detail }) });
  await large.getByRole('img').waitFor();
  const [, label, read] = /^digit (\d), read as (\d)/.exec(names[0]!)!;
  await large.getByText(words.compare.label(label!)).first().waitFor();
  await large.getByText(words.compare.readAs('A', label!)).waitFor();
  await large.getByText(words.compare.readAs('B', read!)).waitFor();
  expect(await complaints(page, 'comparison')).toEqual([]);
  await page.keyboard.press('Escape');
  await large.waitFor({ state: 'hidden' });

  await main(page)
    .getByRole('button', { name: words.compare.digit(label!) })
    .click();
  const only = main(page).getByRole('button', { name: words.compare.allDigits(label!) });
  await only.waitFor();
  const others = async (): Promise<string[]> =>
    (await namesNow()).filter((name) => !name.startsWith(`digit ${label},`));
  await expect.poll(others).toEqual([]);
  expect(await listed()).toBeLessThan(first);
  expect(await listed()).toBeGreaterThan(0);
  await only.click();
  await main(page)
    .getByText(words.compare.rightWrong('B', 'A', String(second)))
    .click();
  if (second === 0) await main(page).getByText(words.compare.none('B', 'A')).waitFor();
  else await expect.poll(listed).toBe(second);
});

it('saves the curves as a picture twice as large, and as a table', async () => {
  const { page } = studio;
  const picture = path.join(folder, 'curves.png');
  await studio.answerSaveDialog(picture);
  await main(page).getByRole('button', { name: words.export.png }).click();
  await toast(words.export.saved(picture)).waitFor();
  const { width, height, format } = await sharp(picture).metadata();
  expect(format).toBe('png');
  const charts = await main(page)
    .locator('.chart')
    .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().width));
  expect(width).toBeGreaterThan(2 * (charts[0]! + charts[1]!));
  expect(height).toBeGreaterThan(300);
  // On the page's ground, with the lines of both runs.
  const { data, info } = await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const has = (red: number, green: number, blue: number): boolean => {
    for (let at = 0; at < data.length; at += info.channels)
      if (data[at] === red && data[at + 1] === green && data[at + 2] === blue) return true;
    return false;
  };
  const colours = await page.evaluate(() =>
    ['--surface', '--series-1', '--series-2'].map((name) => {
      const probe = document.body.appendChild(document.createElement('i'));
      probe.style.color = `var(${name})`;
      const { color } = getComputedStyle(probe);
      probe.remove();
      return color;
    }),
  );
  for (const colour of colours) {
    const [red, green, blue] = colour.match(/\d+/g)!.map(Number);
    expect(has(red!, green!, blue!), colour).toBe(true);
  }

  const file = path.join(folder, 'curves.csv');
  await studio.answerSaveDialog(file);
  await page.keyboard.press('e');
  await toast(words.export.saved(file)).waitFor();
  const [header, ...rows] = parseCsv(fs.readFileSync(file, 'utf8'));
  expect(header!.slice(0, 5)).toEqual(['run', 'kind', 'step', 'epoch', 'loss']);
  const epochs = (name: string) => rows.filter(([run, kind]) => run === name && kind === 'epoch').length;
  expect([epochs('strong'), epochs('weak')]).toEqual([6, 1]);
  await page.keyboard.press('Escape');
  await main(page).getByRole('heading', { name: en.train.runs.title }).waitFor();
});

it('says all of it in Chinese too', async () => {
  const { page } = studio;
  await go(page, 'settings');
  await main(page).getByText(en.settings.languages['zh-CN'], { exact: true }).click();
  await page.locator('html[lang="zh-CN"]').waitFor();
  await go(page, 'train', zh);
  await main(page)
    .getByRole('button', { name: zh.runs.list.compare('2') })
    .click();
  await main(page)
    .getByRole('heading', { name: zh.runs.compare.title('2') })
    .waitFor();
  await main(page).getByRole('grid').waitFor();
  expect(await complaints(page, 'comparison')).toEqual([]);
  await page.keyboard.press('Escape');
  await row('weak', zh)
    .getByRole('button', { name: zh.train.runs.remove('weak') })
    .click();
  await toast(zh.runs.list.removed('weak')).waitFor();
  await page.keyboard.press('Control+z');
  await toast(zh.runs.list.restored('weak')).waitFor();
});

it('complained of nothing meanwhile', () => {
  expect(studio.takeErrors()).toEqual([]);
});
