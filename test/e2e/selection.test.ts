import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { complaints } from './axe.ts';
import { testDigits, writeClasses } from './digits.ts';
import { Studio } from './harness.ts';
import { freshFolder } from './places.ts';
import { startAgain } from './recovery.ts';
import { createProject, go, importFolder, main } from './steps.ts';
import { en } from './words.ts';

const TRAIN = testDigits(120);
const TEST = testDigits(40, 400);
const TOTAL = TRAIN.length + TEST.length;
const zeros = [...TRAIN, ...TEST].filter(({ label }) => label === 0).length;
const ones = [...TRAIN, ...TEST].filter(({ label }) => label === 1).length;

let studio: Studio;
beforeAll(async () => {
  const folder = freshFolder('selection');
  const labelled = path.join(folder, 'labelled');
  await writeClasses(path.join(labelled, 'train'), TRAIN);
  await writeClasses(path.join(labelled, 'test'), TEST);
  studio = await Studio.launch();
  await createProject(studio, path.join(folder, 'project'), 'Selection');
  await importFolder(studio, labelled);
  await shows(TOTAL);
});
afterAll(() => studio?.close());

const shows = (count: number) =>
  main(studio.page)
    .getByRole('heading', { name: count === 1 ? '1 digit' : `${count} digits`, exact: true })
    .waitFor();
const bar = () => main(studio.page).getByRole('group', { name: en.selection.label });
const selected = (count: number) =>
  bar()
    .getByText(en.selection.selected(count, String(count)), { exact: true })
    .waitFor();
/** Nothing is selected. */
const noneSelected = () =>
  bar()
    .getByText(/selects all/)
    .waitFor();
const grid = () => main(studio.page).getByRole('grid');
const marks = () => grid().locator('[aria-selected=true]').count();
const undo = async (): Promise<void> => {
  await grid().focus();
  await studio.page.keyboard.press('ControlOrMeta+z');
};

it('selects by mouse and by keys, one, a range, single ones and all', async () => {
  const { page } = studio;
  await grid().focus();
  await page.keyboard.press('Home');
  await selected(1);
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  await selected(3);
  // Two further on, without what lies between.
  await page.keyboard.press('ControlOrMeta+ArrowRight');
  await page.keyboard.press('ControlOrMeta+ArrowRight');
  await page.keyboard.press('Space');
  await selected(4);
  await expect.poll(marks).toBe(4);
  expect(await complaints(page, 'digits selected')).toEqual([]);
  await page.keyboard.press('ControlOrMeta+a');
  await selected(TOTAL);
  await page.keyboard.press('Escape');
  await noneSelected();
  const box = (await grid().boundingBox())!;
  await page.mouse.click(box.x + 30, box.y + 30);
  await selected(1);
  await page.keyboard.down('Shift');
  await page.mouse.click(box.x + 330, box.y + 30);
  await page.keyboard.up('Shift');
  await expect.poll(marks).toBeGreaterThan(2);
  const range = await marks();
  await page.keyboard.down('ControlOrMeta');
  await page.mouse.click(box.x + 30, box.y + 30);
  await page.keyboard.up('ControlOrMeta');
  await selected(range - 1);
  await bar().getByRole('button', { name: en.selection.clear }).click();
});

it('tags what is selected, filters by the tag, takes it away, and undoes it', async () => {
  const { page } = studio;
  await grid().focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('t');
  await page.keyboard.type('smudged');
  await page.keyboard.press('Enter');
  await page.getByText(en.selection.changed(2, '2')).waitFor();
  // They are still selected.
  await selected(2);
  await main(page).getByLabel(en.selection.filter.tag, { exact: true }).selectOption('smudged (2)');
  await shows(2);
  await main(page)
    .getByRole('button', { name: en.browse.takeAway(en.selection.filter.chips.tag('smudged')) })
    .waitFor();
  await grid().focus();
  await page.keyboard.press('Home');
  await main(page)
    .getByRole('button', { name: en.selection.removeTag('smudged') })
    .click();
  await shows(1);
  // The places are those of other digits now.
  await noneSelected();
  await undo();
  await shows(2);
  await page.keyboard.press('Home');
  await bar().getByRole('button', { name: en.selection.takeTag }).click();
  await page.getByRole('menuitem', { name: 'smudged (2)' }).click();
  await shows(1);
  await undo();
  await shows(2);
  await main(page).getByRole('button', { name: en.data.showAll }).first().click();
  await shows(TOTAL);
});

it('shows several labels, gives them one, moves digits between the splits, and undoes each as one step', async () => {
  const { page } = studio;
  await grid().focus();
  await page.keyboard.press('0');
  await shows(zeros);
  await page.keyboard.press('Shift+1');
  await shows(zeros + ones);
  await grid().focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('g');
  await page.getByRole('menuitem', { name: en.selection.labelTo(7) }).click();
  await shows(zeros + ones - 2);
  await main(page).getByLabel(en.selection.filter.status).selectOption('relabelled');
  await main(page).getByRole('button', { name: en.data.showAll }).first().click();
  await main(page).getByLabel(en.selection.filter.status).selectOption('relabelled');
  await shows(2);
  await undo();
  await main(page).getByRole('heading', { name: en.data.noneShown }).waitFor();
  await main(page).getByRole('button', { name: en.data.showAll }).first().click();

  await main(page).getByText(en.data.split.test, { exact: true }).first().click();
  await shows(TEST.length);
  await grid().focus();
  await page.keyboard.press('ControlOrMeta+a');
  await selected(TEST.length);
  await page.keyboard.press('p');
  await page.getByRole('menuitem', { name: en.selection.splits.train }).click();
  await page.getByText(en.selection.changed(TEST.length, String(TEST.length))).waitFor();
  // The set has one split now, so there is none to choose.
  await undo();
  await main(page).getByText(en.data.split.test, { exact: true }).first().waitFor();
  await go(page, 'train');
  await go(page, 'data');
  await shows(TEST.length);
});

it('charts class, ink and size, whose bars filter the grid', async () => {
  const { page } = studio;
  await main(page).getByRole('button', { name: en.data.showAll }).first().click();
  await shows(TOTAL);
  const { measures } = en;
  await main(page)
    .getByRole('button', { name: en.data.showSplit(en.data.split.test) })
    .click();
  await shows(TEST.length);
  await main(page)
    .getByRole('button', { name: en.data.showSplit(en.data.split.test) })
    .click();
  await main(page).getByText(measures.charts.ink, { exact: true }).click();
  const bars = main(page).getByRole('button', { name: /^Digits with .*: \d+$/, disabled: false });
  await bars.first().waitFor();
  const names = await bars.evaluateAll((all) => all.map((bar) => bar.getAttribute('aria-label')!));
  const counts = names.map((name) => Number(/(\d+)$/.exec(name)![1]));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(TOTAL);
  await bars.first().click();
  await shows(counts[0]!);
  expect(await complaints(page, 'ink chart')).toEqual([]);
  await bars.first().click();
  await shows(TOTAL);
  await main(page).getByText(measures.charts.side, { exact: true }).click();
  await main(page)
    .getByRole('button', { name: measures.showBar(measures.side('28'), String(TOTAL)) })
    .click();
  await main(page)
    .getByRole('button', { name: en.browse.takeAway(measures.chips.side(measures.side('28'))) })
    .click();
  await shows(TOTAL);
});

it('keeps filters, order and zoom as a view with a name, which is shown, renamed, removed and brought back', async () => {
  const { page } = studio;
  const { views } = en;
  const tile = async (): Promise<number> => (await grid().getByRole('gridcell').first().boundingBox())!.width;
  await grid().focus();
  await page.keyboard.press('1');
  await shows(ones);
  const before = await tile();
  await page.keyboard.press('+');
  await expect.poll(tile).toBe(before + 28);
  await page.keyboard.press('w');
  await page.getByRole('menuitem', { name: views.manage }).click();
  const dialog = page.getByRole('dialog', { name: views.title });
  await dialog.getByLabel(views.saveAs).fill('Ones, large');
  expect(await complaints(page, 'views')).toEqual([]);
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
  await main(page).getByRole('button', { name: en.data.showAll }).first().click();
  await shows(TOTAL);
  await page.keyboard.press('-');
  await expect.poll(tile).toBe(before);
  // Another page loses neither filter nor zoom.
  await page.keyboard.press('-');
  await go(page, 'train');
  await go(page, 'data');
  await expect.poll(tile).toBe(before - 28);
  await page.keyboard.press('w');
  await page.getByRole('menuitem', { name: 'Ones, large' }).click();
  await shows(ones);
  await expect.poll(tile).toBe(before + 28);
  await page.keyboard.press('w');
  await page.getByRole('menuitem', { name: views.manage }).click();
  await dialog.getByRole('button', { name: views.rename('Ones, large') }).click();
  await dialog.getByLabel(views.renamed).fill('Ones');
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: views.remove('Ones') }).click();
  await dialog.getByText(views.none).waitFor();
  await page.keyboard.press('Escape');
  const listed = async (): Promise<number> => {
    await page.keyboard.press('w');
    await page.getByRole('menuitem', { name: views.manage }).waitFor();
    const found = await page.getByRole('menuitem', { name: 'Ones', exact: true }).count();
    await page.keyboard.press('Escape');
    return found;
  };
  await page.getByRole('button', { name: views.undo }).click();
  await page.getByText(views.restored('Ones')).waitFor();
  expect(await listed()).toBe(1);
  await page.keyboard.press('Control+Shift+z');
  await page.getByText(views.removedAgain('Ones')).waitFor();
  expect(await listed()).toBe(0);
  await page.getByRole('contentinfo').getByText(views.removal('Ones')).waitFor();
  await page.keyboard.press('Control+z');
  await page.getByText(views.restored('Ones')).waitFor();
  expect(await listed()).toBe(1);
});

it('shows the same digits in the same size after the studio was started again', async () => {
  const tile = async (): Promise<number> => (await grid().getByRole('gridcell').first().boundingBox())!.width;
  const { page } = studio;
  await main(page).getByRole('button', { name: en.data.showAll }).first().click();
  await shows(TOTAL);
  const before = await tile();
  await grid().focus();
  await page.keyboard.press('1');
  await shows(ones);
  await page.keyboard.press('+');
  await expect.poll(tile).toBe(before + 28);
  expect(studio.takeErrors()).toEqual([]);
  await studio.close();
  studio = await startAgain(studio.home, 'Selection');
  await go(studio.page, 'data');
  await shows(ones);
  await expect.poll(tile).toBe(before + 28);
  await main(studio.page).getByRole('button', { name: en.data.showAll }).first().click();
  await shows(TOTAL);
});
