import fs from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import type { Studio } from './harness.ts';
import { en } from './words.ts';

export type PageName = keyof typeof en.shell.pages;

/** Long enough for a slow machine that does several things at once. */
export const SLOW = 90_000;

/** Steps that many tests take, by mouse, as a user would. */
export const main = (page: Page): Locator => page.getByRole('main');

export async function go(page: Page, name: PageName, words = en): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: words.shell.pages[name] }).click();
  await page.locator(`main[data-page="${name}"]`).waitFor();
}

/** The large number with a label, such as "Files" on the Classify page. */
export const figure = (page: Page, label: string): Locator =>
  main(page)
    .locator('.figure')
    .filter({ has: page.locator('dt', { hasText: new RegExp(`^${label}$`) }) })
    .locator('.value');

export async function createProject(studio: Studio, folder: string, name: string): Promise<void> {
  const { page } = studio;
  fs.mkdirSync(folder, { recursive: true });
  await studio.answerFolderDialog(folder);
  await main(page).getByRole('button', { name: en.home.create.choose }).click();
  await main(page).getByLabel(en.home.create.name).fill(name);
  await main(page).getByRole('button', { name: en.home.create.start }).click();
  await main(page).getByRole('heading', { level: 1, name }).waitFor();
}

/** Imports a folder with one sub-folder per digit, and waits until it is there. */
export async function importFolder(studio: Studio, folder: string): Promise<void> {
  const { page } = studio;
  await go(page, 'data');
  await studio.answerFolderDialog(folder);
  await main(page).getByRole('button', { name: en.data.import }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /^Import [\d,]+/ }).click();
  await dialog.waitFor({ state: 'hidden' });
  await main(page)
    .getByRole('grid', { name: path.basename(folder) })
    .waitFor({ timeout: SLOW });
  await idle(page);
}

/** Waits until no job runs. */
export async function idle(page: Page, timeout = SLOW): Promise<void> {
  await page.getByRole('region', { name: en.shell.jobs.label }).waitFor({ state: 'hidden', timeout });
}

/** Fills in the recipe; what is not named stays. */
export async function setRecipe(
  page: Page,
  fields: Partial<Record<keyof typeof en.train.fields, string>>,
): Promise<void> {
  for (const [field, value] of Object.entries(fields))
    await main(page)
      .getByLabel(en.train.fields[field as keyof typeof fields], { exact: true })
      .fill(value);
}

/** Opens a group of the recipe, or closes it. */
export async function openGroup(
  page: Page,
  group: keyof typeof en.recipe.groups,
  open = true,
  words = en,
): Promise<void> {
  const title = page.locator('summary', { hasText: words.recipe.groups[group] });
  const details = main(page).locator('details').filter({ has: title });
  if (((await details.getAttribute('open')) !== null) !== open) await details.locator('summary').click();
}

export const startTraining = (page: Page): Promise<void> =>
  main(page).getByRole('button', { name: en.train.start }).click();

/** What the run that is shown has come to. */
export const outcome = (page: Page): Locator => main(page).locator('.outcome');

/** Trains with what is in the recipe, and waits until there is a model. */
export async function train(page: Page, timeout = SLOW): Promise<void> {
  await startTraining(page);
  await outcome(page).getByText('was kept as a model').waitFor({ timeout });
}

/** A project with a folder of labelled digits and a model trained with it. */
export async function trainedProject(
  studio: Studio,
  folder: string,
  name: string,
  labelled: string,
  epochs: string,
): Promise<void> {
  const { page } = studio;
  await createProject(studio, folder, name);
  await importFolder(studio, labelled);
  await go(page, 'train');
  await setRecipe(page, { epochs });
  await train(page);
  await idle(page);
}

/** Chooses a folder and classifies it with the best model; does not wait. */
export async function startClassifying(studio: Studio, folder: string): Promise<void> {
  const { page } = studio;
  await go(page, 'classify');
  await studio.answerFolderDialog(folder);
  await main(page).getByRole('group', { name: en.classify.folder }).getByRole('button').click();
  await main(page).getByText(folder, { exact: true }).first().waitFor();
  await main(page)
    .getByRole('button', { name: new RegExp(`^${en.classify.start}`) })
    .click();
  await main(page)
    .getByRole('heading', { name: path.basename(folder) })
    .waitFor();
}

/** Exports the batch that is shown, from its menu; the save dialog is answered beforehand. */
export async function exportBatch(page: Page, format: keyof typeof en.batchFiles.formats): Promise<void> {
  await chooseFromMenu(page, en.batchFiles.export, en.batchFiles.formats[format]);
}

/** Opens a menu of the page and chooses from it. */
export async function chooseFromMenu(page: Page, menu: string, item: string): Promise<void> {
  await main(page).getByRole('button', { name: menu, exact: true }).click();
  await page.getByRole('menuitem', { name: item }).click();
}
