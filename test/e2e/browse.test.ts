import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { complaints } from './axe.ts';
import { testDigits, writeClasses } from './digits.ts';
import { Studio } from './harness.ts';
import { freshFolder } from './places.ts';
import { createProject, go, idle, importFolder, main, setRecipe, train } from './steps.ts';
import { en, zh } from './words.ts';

const TRAIN = testDigits(300);
const TEST = testDigits(100, 400);
const threes = [...TRAIN, ...TEST].filter(({ label }) => label === 3).length;
const testThrees = TEST.filter(({ label }) => label === 3).length;
/** Names are the places in the list, five figures long. */
const names = [TRAIN, TEST].flatMap((digits) => digits.map((_, index) => `${index}`.padStart(5, '0')));

let studio: Studio;
beforeAll(async () => {
  const folder = freshFolder('browse');
  const labelled = path.join(folder, 'labelled');
  await writeClasses(path.join(labelled, 'train'), TRAIN);
  await writeClasses(path.join(labelled, 'test'), TEST);
  studio = await Studio.launch();
  const { page } = studio;
  await createProject(studio, path.join(folder, 'project'), 'Browse');
  await importFolder(studio, labelled);
  await go(page, 'train');
  await setRecipe(page, { epochs: '2' });
  await train(page);
  await go(page, 'review');
  await main(page).getByRole('button', { name: 'Read 100 digits' }).click();
  await idle(page);
  await go(page, 'data');
});
afterAll(() => studio?.close());

const shows = (count: number) =>
  main(studio.page)
    .getByRole('heading', { name: count === 1 ? '1 digit' : `${count} digits`, exact: true })
    .waitFor();
const bar = (words = en) => main(studio.page).getByRole('group', { name: words.browse.filters });
const chip = (name: string) => main(studio.page).getByRole('button', { name: en.browse.takeAway(name) });
const cells = () => main(studio.page).getByRole('gridcell');
const showAll = () => main(studio.page).getByRole('button', { name: en.data.showAll }).first();
/** Count that the heading names, once the grid has answered another query. */
const shown = async (): Promise<number> =>
  parseInt(
    (await main(studio.page)
      .getByRole('heading', { level: 2, name: /^\d+ digits?$/ })
      .textContent())!,
  );

it('finds part of a path, by keys, and takes the filter away', async () => {
  const { page } = studio;
  await shows(400);
  await page.keyboard.press('f');
  await page.keyboard.type('/3/');
  await shows(threes);
  await chip(en.browse.chips.text('/3/')).click();
  await shows(400);
  expect(await bar().getByLabel(en.browse.find).inputValue()).toBe('');
  // After the click the keys work on the digits.
  await page.keyboard.press('Home');
  await main(page).getByText('test/0/', { exact: false }).first().waitFor();
});

it('joins path, split and label, and offers to clear what nothing fits', async () => {
  const { page } = studio;
  const find = bar().getByLabel(en.browse.find);
  await find.fill('7.PNG');
  await shows(names.filter((name) => name.endsWith('7')).length);
  await find.fill('');
  await shows(400);
  await main(page).getByText(en.data.split.test, { exact: true }).first().click();
  await find.fill('/3/');
  await shows(testThrees);
  await find.fill('nowhere');
  await main(page).getByRole('heading', { name: en.data.noneShown }).waitFor();
  await main(page).getByRole('button', { name: en.data.showAll }).last().click();
  await shows(400);
});

it('filters by what a model read, and by its confidence', async () => {
  const { page } = studio;
  const read = bar().getByLabel(en.browse.reading);
  const model = await read.locator('option').nth(1).getAttribute('value');
  await read.selectOption(model);
  await shows(400);
  const only = bar().getByLabel(en.browse.only);
  await only.selectOption('correct');
  await chip(en.browse.chips.only.correct).waitFor();
  await expect.poll(shown).toBeLessThanOrEqual(100);
  const correct = await shown();
  await only.selectOption('misclassified');
  await shows(100 - correct);
  await only.selectOption('all');
  await shows(400);
  // Every digit that was read is in one half or the other.
  await bar().getByLabel(en.browse.to).fill('70');
  await page.keyboard.press('Enter');
  await expect.poll(shown).toBeLessThanOrEqual(100);
  const doubtful = await shown();
  await bar().getByLabel(en.browse.to).fill('');
  await bar().getByLabel(en.browse.from).fill('0');
  await page.keyboard.press('Enter');
  await shows(100);
  expect(doubtful).toBeLessThan(100);
});

it('sorts, and keeps filters and order when another page was looked at', async () => {
  const { page } = studio;
  await bar().getByLabel(en.browse.order).selectOption('confidence');
  const confidence = async (): Promise<number> =>
    parseFloat(/([\d.]+)\s*%$/.exec((await cells().first().getAttribute('aria-label')) ?? '')?.[1] ?? 'NaN');
  await expect.poll(confidence).toBeGreaterThan(0);
  const least = await confidence();
  await bar().getByRole('button', { name: en.browse.ascending }).click();
  await expect.poll(confidence).toBeGreaterThan(least);
  await go(page, 'home');
  await go(page, 'data');
  await shows(100);
  expect(await bar().getByLabel(en.browse.order).inputValue()).toBe('confidence');
  await main(page)
    .getByRole('button', { name: /^Confidence 0\s?% to 100\s?%/ })
    .waitFor();
  await expect.poll(confidence).toBeGreaterThan(least);
  await showAll().click();
  await shows(100);
  await bar().getByLabel(en.browse.order).selectOption('label');
  await shows(400);
  await expect.poll(() => cells().first().getAttribute('aria-label')).toMatch(/^digit 9/);
});

it('says the same in Chinese, and axe finds nothing to complain of', async () => {
  const { page } = studio;
  await bar().getByLabel(en.browse.only).selectOption('misclassified');
  await chip(en.browse.chips.only.misclassified).waitFor();
  expect(await complaints(page, 'data')).toEqual([]);
  await go(page, 'settings');
  await main(page).getByText(en.settings.languages['zh-CN'], { exact: true }).click();
  await page.locator('html[lang="zh-CN"]').waitFor();
  await go(page, 'data', zh);
  await main(page)
    .getByRole('button', { name: zh.browse.takeAway(zh.browse.chips.only.misclassified) })
    .waitFor();
  expect(await bar(zh).getByLabel(zh.browse.order).inputValue()).toBe('label');
  expect(await complaints(page, 'data zh')).toEqual([]);
  expect(studio.takeErrors()).toEqual([]);
});
