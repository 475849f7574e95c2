import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { complaints } from './axe.ts';
import { Studio } from './harness.ts';
import { freshFolder } from './places.ts';
import { createProject, go, idle, importFolder, main, SLOW } from './steps.ts';
import { writeTwice } from './twice.ts';
import { en } from './words.ts';

const t = en.duplicates;

let studio: Studio;
beforeAll(async () => {
  const folder = freshFolder('duplicates');
  const labelled = path.join(folder, 'labelled');
  await writeTwice(labelled);
  studio = await Studio.launch();
  await createProject(studio, path.join(folder, 'project'), 'Twice');
  await importFolder(studio, labelled);
});
afterAll(() => studio?.close());

const pane = () => main(studio.page).getByRole('region', { name: t.open('labelled') });
const list = () => pane().getByRole('listbox');
const pairs = (count: string) => pane().locator('b', { hasText: new RegExp(`^${count} pairs?$`) });
/** The option of a filter, whatever count stands behind it. */
const option = (name: string) =>
  pane().locator('label', { hasText: new RegExp(`^\\s*${name}( \\d+)?\\s*$`) });
const chosen = () => pane().getByRole('option', { selected: true });

it('are found with a key, in the background', async () => {
  const { page } = studio;
  await page.keyboard.press('d');
  await pane().getByText(t.never).waitFor();
  await page.keyboard.press('s');
  await pairs('4').waitFor({ timeout: SLOW });
  await idle(page);
  expect(await list().getByRole('option').count()).toBe(4);
  expect(await complaints(page, 'duplicates')).toEqual([]);
});

it('are filtered by label, split and likeness', async () => {
  await option(t.filters.other).click();
  await pairs('2').waitFor();
  await option(t.filters.leak).click();
  await pairs('1').waitFor();
  await pane().getByText('near.jpg').waitFor();
  await option(t.filters.labelsAll).click();
  await pairs('2').waitFor();
  await option(t.filters.exact).click();
  await pairs('1').waitFor();
  await pane().getByText('leak.png').waitFor();
  await option(t.filters.matchAll).click();
  await option(t.filters.leaksAll).click();
  await pairs('4').waitFor();
});

it('are decided by keys, and each decision can be undone', async () => {
  const { page } = studio;
  await list().focus();
  await page.keyboard.press('End');
  await pane().getByText('near.jpg').waitFor();
  await page.keyboard.press('k');
  await pairs('3').waitFor();
  await page.keyboard.press('Control+z');
  await page.getByText(`Undone: ${t.steps.keep(1, '1')}`).waitFor();
  await pairs('4').waitFor();
  await page.keyboard.press('Home');
  await page.keyboard.press('r');
  await pairs('3').waitFor();
  await pane().getByText(t.excluded(1, '1')).waitFor();
  await main(page)
    .getByRole('button', { name: /labelled.*243 digits/ })
    .waitFor();
  await page.keyboard.press('Control+z');
  await pairs('4').waitFor();
  await main(page)
    .getByRole('button', { name: /labelled.*244 digits/ })
    .waitFor();
});

it('get one label by a button, which settles the pair', async () => {
  const { page } = studio;
  await option(t.filters.other).click();
  await pairs('2').waitFor();
  await list().focus();
  await page.keyboard.press('Home');
  await pane().getByText('label.png').waitFor();
  await pane()
    .getByRole('button', { name: /^Right becomes \d/ })
    .click();
  await pairs('1').waitFor();
  await option(t.filters.labelsAll).click();
  await option(t.filters.decided).click();
  await pairs('1').waitFor();
  await pane().getByText(t.decisions.relabel).waitFor();
  expect(await complaints(page, 'duplicates')).toEqual([]);
  await pane().getByRole('button', { name: t.reopen }).click();
  await option(t.filters.openPairs).click();
  await pairs('4').waitFor();
});

it('are excluded all at once: of a leak the training digit goes', async () => {
  const { page } = studio;
  await pane()
    .getByRole('button', { name: t.excludeAll(4, '4') })
    .click();
  await pane().getByText(t.allDecided).waitFor();
  await main(page)
    .getByRole('button', { name: /labelled.*240 digits/ })
    .waitFor();
  await option(t.filters.decided).click();
  await option(t.filters.leak).click();
  await pairs('2').waitFor();
  await chosen().waitFor();
  await pane()
    .getByText(/^The (left|right) one is excluded\.$/)
    .waitFor();
  await page.keyboard.press('d');
  await main(page).getByRole('grid', { name: 'labelled' }).waitFor();
  await go(page, 'home');
  expect(studio.takeErrors()).toEqual([]);
});
