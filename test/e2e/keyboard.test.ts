import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseCsv } from './csv.ts';
import { testDigits, writeClasses, writeFlat } from './digits.ts';
import { Studio } from './harness.ts';
import { freshFolder } from './places.ts';
import { figure, idle, main, outcome, SLOW, tabTo, type PageName } from './steps.ts';
import { en } from './words.ts';

/** The whole loop without a mouse. */
const folder = freshFolder('keyboard');
const labelled = path.join(folder, 'labelled');
const scans = path.join(folder, 'scans');
let studio: Studio;
beforeAll(async () => {
  fs.mkdirSync(path.join(folder, 'project'));
  await writeClasses(path.join(labelled, 'train'), testDigits(300));
  await writeClasses(path.join(labelled, 'test'), testDigits(100, 300));
  await writeFlat(scans, testDigits(40, 700));
  studio = await Studio.launch();
  await main(studio.page).getByRole('heading', { level: 1, name: en.home.welcome }).waitFor();
  // From here on nobody may touch the mouse.
  studio.page.mouse.click = () => Promise.reject(new Error('this is about keys'));
});
afterAll(() => studio?.close());

const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await studio.page.keyboard.press(key);
};
const type = (text: string): Promise<void> => studio.page.keyboard.type(text);

const PAGES: PageName[] = ['home', 'data', 'train', 'models', 'classify', 'review', 'settings'];
async function goTo(name: PageName): Promise<void> {
  await press(`Alt+${PAGES.indexOf(name) + 1}`);
  await studio.page.locator(`main[data-page="${name}"]`).waitFor();
}

it('makes a project', async () => {
  await studio.answerFolderDialog(path.join(folder, 'project'));
  await press('n');
  const name = main(studio.page).getByLabel(en.home.create.name);
  await name.waitFor();
  await expect.poll(() => name.evaluate((element) => element === document.activeElement)).toBe(true);
  await type('Keys');
  await press('Enter');
  await main(studio.page).getByRole('heading', { level: 1, name: 'Keys' }).waitFor();
});

it('imports a folder and walks through its digits', async () => {
  const { page } = studio;
  await goTo('data');
  await studio.answerFolderDialog(labelled);
  await press('o');
  await page.getByRole('dialog').getByText(en.data.scan.layouts.splits).waitFor();
  await press('Enter');
  await main(page).getByRole('heading', { name: '400 digits' }).waitFor({ timeout: SLOW });
  await idle(page);
  const grid = main(page).getByRole('grid');
  await tabTo(studio.page, grid);
  await press('ArrowRight', 'ArrowRight', 'ArrowDown', 'End');
  await expect
    .poll(() => grid.getByRole('gridcell', { selected: true }).last().getAttribute('aria-label'))
    .toMatch(/^digit \d/);
  await main(page)
    .getByRole('img', { name: /^Label \d/ })
    .waitFor();
});

it('makes a pane wider, and finds it so again', async () => {
  const { page } = studio;
  const handle = main(page).getByRole('separator', { name: en.common.resizePane }).first();
  const side = async (): Promise<number> => (await main(page).locator('.panes .side').boundingBox())!.width;
  const before = await side();
  await tabTo(studio.page, handle);
  await press('ArrowRight', 'ArrowRight');
  await expect.poll(side).toBe(before + 32);
  await goTo('home');
  await goTo('data');
  await expect.poll(side).toBe(before + 32);
  await tabTo(studio.page, handle);
  await press('Enter');
  await expect.poll(side).toBe(before);
});

it('trains', async () => {
  const { page } = studio;
  await goTo('train');
  const epochs = main(page).getByLabel(en.train.fields.epochs, { exact: true });
  await tabTo(studio.page, epochs);
  await press('Control+a');
  await type('3');
  await press('Enter');
  await outcome(page).getByText('was kept as a model').waitFor({ timeout: SLOW });
});

it('classifies a folder and writes the CSV', async () => {
  const { page } = studio;
  await goTo('classify');
  await studio.answerFolderDialog(scans);
  await press('o');
  await main(page).getByText(scans, { exact: true }).waitFor();
  await press('Control+Enter');
  await expect.poll(() => figure(page, en.classify.summary.done).textContent(), { timeout: SLOW }).toBe('40');
  await idle(page);
  const file = path.join(folder, 'out.csv');
  await studio.answerSaveDialog(file);
  await press('e');
  await main(page).getByText(file).waitFor();
  expect(parseCsv(fs.readFileSync(file, 'utf8'))).toHaveLength(41);
});

it('reads the test set, finds a mistake in the table, corrects it and takes that back', async () => {
  const { page } = studio;
  await goTo('train');
  await press('r');
  await page.locator('main[data-page="review"]').waitFor();
  await main(page).getByText('of 100 labelled').or(main(page).getByRole('table')).first().waitFor();
  await idle(page);
  const table = main(page).getByRole('table');
  const cells = table.locator('button.cell:not(.diagonal):not(:empty)');
  await expect.poll(() => cells.count(), { timeout: SLOW }).toBeGreaterThan(0);
  const [row, column] = (await cells.first().getAttribute('data-place'))!.split(' ').map(Number);
  const [label, predicted] = [row! - 1, column! - 1];

  await tabTo(studio.page, table.locator('button[tabindex="0"]'));
  // From the corner, however far the table was walked before.
  await press('Control+Home');
  const focused = table.locator('button:focus');
  const place = async (): Promise<number[]> =>
    (await focused.getAttribute('data-place'))!.split(' ').map(Number);
  for (let [at] = await place(); at !== row; [at] = await place())
    await press(at! < row! ? 'ArrowDown' : 'ArrowUp');
  for (let [, at] = await place(); at !== column; [, at] = await place())
    await press(at! < column! ? 'ArrowRight' : 'ArrowLeft');
  const cell = table.locator(`[data-place="${row} ${column}"]`);
  const before = Number(await cell.textContent());
  await press('Enter');
  await main(page)
    .getByRole('heading', { name: new RegExp(`^${before} digits?$`) })
    .waitFor();
  await main(page).getByRole('list', { name: en.review.panel.topFive }).waitFor();

  await tabTo(studio.page, main(page).getByRole('grid'));
  await press(String(predicted));
  const shown = before === 1 ? '' : String(before - 1);
  await expect.poll(() => cell.textContent()).toBe(shown);
  await press('Control+z');
  await expect.poll(() => cell.textContent()).toBe(String(before));
  await press('Control+Shift+z');
  await expect.poll(() => cell.textContent()).toBe(shown);
  const status = page.locator('footer');
  await status.getByText(`${label} to ${predicted}`).waitFor();
});

it('lists the keys of the page, and goes anywhere from the palette', async () => {
  const { page } = studio;
  await press('?');
  const sheet = page.getByRole('dialog', { name: en.shell.keys.title });
  await sheet.getByText(en.review.keys.relabel).waitFor();
  await press('Escape');
  await sheet.waitFor({ state: 'hidden' });
  await press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').waitFor();
  await type(en.shell.pages.settings);
  await press('Enter');
  await page.locator('main[data-page="settings"]').waitFor();
});

it('never loses the focus on its way through a page', async () => {
  const { page } = studio;
  for (const name of PAGES) {
    await goTo(name);
    await page.waitForTimeout(200);
    const seen = new Set<string>();
    for (let presses = 0; presses < 40; presses++) {
      await press('Tab');
      const here = await page.evaluate(() => {
        const element = document.activeElement;
        if (element === null || element === document.body) return '';
        const { outlineStyle, boxShadow } = getComputedStyle(element);
        // A grid shows where it is by the ring around its digit, a choice by its label.
        const shown =
          outlineStyle !== 'none' ||
          boxShadow !== 'none' ||
          element.matches('[role=grid][aria-activedescendant], label .visually-hidden');
        return `${shown ? 'shown' : 'not shown'} ${element.outerHTML.slice(0, 120)}`;
      });
      seen.add(here);
    }
    expect(
      [...seen].filter((here) => here.startsWith('not shown')),
      name,
    ).toEqual([]);
    expect(seen.size, name).toBeGreaterThan(6);
  }
});

it('complained of nothing meanwhile', () => {
  expect(studio.takeErrors()).toEqual([]);
});
