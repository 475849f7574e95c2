import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { complaints } from './axe.ts';
import { testDigits, writeClasses } from './digits.ts';
import { Studio } from './harness.ts';
import { freshFolder } from './places.ts';
import { go, idle, main, trainedProject } from './steps.ts';
import { en } from './words.ts';

const t = en.map;
const COUNT = 300;

let studio: Studio;
beforeAll(async () => {
  const folder = freshFolder('map');
  const labelled = path.join(folder, 'labelled');
  await writeClasses(path.join(labelled, 'train'), testDigits(700));
  await writeClasses(path.join(labelled, 'test'), testDigits(COUNT, 700));
  studio = await Studio.launch();
  const { page } = studio;
  await trainedProject(studio, path.join(folder, 'project'), 'Map', labelled, '3');
  await go(page, 'review');
  await main(page)
    .getByRole('button', { name: `Read ${COUNT} digits` })
    .click();
  await idle(page);
  await main(page)
    .getByRole('table', { name: /^Confusion matrix/ })
    .waitFor();
  await main(page).getByRole('gridcell').first().waitFor();
}, 180_000);
afterAll(() => studio?.close());

const map = () => main(studio.page).getByRole('application');
const ready = (): Promise<void> =>
  main(studio.page).locator('.frame canvas[data-drawn]').first().waitFor({ timeout: 60_000 });
const heading = () => main(studio.page).locator('.digits header h2');
const chip = () => main(studio.page).getByRole('button', { name: /Take away the filter.*from the map/ });
const choose = (name: string): Promise<void> =>
  main(studio.page).getByText(name, { exact: true }).first().click();
/** How many digits the chip says. */
const chosen = async (): Promise<number> => Number(/(\d+) digits? from/.exec(await chip().innerText())![1]);

it('is made when it is opened, by PCA, and by UMAP when that is chosen', async () => {
  const { page } = studio;
  await page.keyboard.press('p');
  await ready();
  await expect.poll(() => map().evaluate((element) => element === document.activeElement)).toBe(true);
  await main(page)
    .getByText(/first two principal components/)
    .waitFor();
  await choose(t.methods.umap);
  await main(page)
    .getByText(/by UMAP/)
    .waitFor({ timeout: 60_000 });
  await choose(t.colours.outcome);
  await main(page).getByRole('group', { name: t.legend.label }).getByRole('button').nth(1).waitFor();
  await main(page).getByText(t.table.open, { exact: true }).click();
  await main(page).getByRole('table').getByRole('row').nth(10).waitFor();
  await page.waitForTimeout(300);
  expect(await complaints(page, 'map')).toEqual([]);
});

it('a lasso makes what is inside it the grid, and its chip takes that away', async () => {
  const { page } = studio;
  const box = (await map().boundingBox())!;
  const at = (x: number, y: number): [number, number] => [box.x + x * box.width, box.y + y * box.height];
  await page.mouse.move(...at(0.05, 0.05));
  await page.mouse.down();
  for (const [x, y] of [
    [0.55, 0.05],
    [0.6, 0.6],
    [0.3, 0.75],
    [0.05, 0.6],
  ] as const)
    await page.mouse.move(...at(x, y), { steps: 8 });
  const inside = await main(page).locator('.room .hint').innerText();
  await page.mouse.up();
  await chip().waitFor();
  const count = await chosen();
  expect(inside).toBe(t.inside(count, String(count)));
  expect(count).toBeGreaterThan(5);
  expect(count).toBeLessThan(COUNT);
  await expect.poll(() => heading().innerText()).toBe(en.review.filters.count(count, String(count)));
  await expect
    .poll(async () => Number(await main(page).getByRole('grid').getAttribute('aria-rowcount')))
    .toBeGreaterThan(0);
  await chip().click();
  await expect.poll(() => heading().innerText()).toBe(en.review.filters.count(COUNT, String(COUNT)));
});

it('does the same by keys, and Enter shows one digit', async () => {
  const { page } = studio;
  await map().focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowUp');
  await main(page).locator('.room .card').waitFor();
  const words = await main(page).locator('.room [aria-live]').innerText();
  // Keys that decide are for the digit beside the grid, not for this one.
  await page.keyboard.press('7');
  await page.keyboard.press('Enter');
  await expect
    .poll(() => main(page).locator('[role=gridcell][aria-selected=true]').getAttribute('aria-label'))
    .toBe(words);
  await map().focus();
  await page.keyboard.press('ArrowDown');
  for (const key of ['Right', 'Right', 'Right', 'Right', 'Down', 'Down', 'Down', 'Down'])
    await page.keyboard.press(`Shift+Arrow${key}`);
  await page.keyboard.press('Enter');
  await chip().waitFor();
  const count = await chosen();
  await expect.poll(() => heading().innerText()).toBe(en.review.filters.count(count, String(count)));
  await page.keyboard.press('Escape');
  await chip().waitFor({ state: 'hidden' });
  await page.keyboard.press('p');
  await main(page)
    .getByRole('table', { name: /^Confusion matrix/ })
    .waitFor();
});

it('complained of nothing meanwhile', () => {
  expect(studio.takeErrors()).toEqual([]);
});
