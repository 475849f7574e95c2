import fs from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import type { Studio } from './harness.ts';
import { freshFolder } from './places.ts';
import { en, LANGUAGES, like, type Language, type Theme } from './words.ts';

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

export async function createProject(studio: Studio, folder: string, name: string, words = en): Promise<void> {
  const { page } = studio;
  fs.mkdirSync(folder, { recursive: true });
  await studio.answerFolderDialog(folder);
  await main(page).getByRole('button', { name: words.home.create.choose }).click();
  await main(page).getByLabel(words.home.create.name).fill(name);
  await main(page).getByRole('button', { name: words.home.create.start }).click();
  await main(page).getByRole('heading', { level: 1, name }).waitFor();
}

/** Imports a folder with one sub-folder per digit, and waits until it is there. */
export async function importFolder(studio: Studio, folder: string, words = en): Promise<void> {
  const { page } = studio;
  await go(page, 'data', words);
  await studio.answerFolderDialog(folder);
  await main(page).getByRole('button', { name: words.data.import }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: like(words.data.scan.commitFiles(2, '§')) }).click();
  await dialog.waitFor({ state: 'hidden' });
  await main(page)
    .getByRole('grid', { name: path.basename(folder) })
    .waitFor({ timeout: SLOW });
  await idle(page, SLOW, words);
}

/** Waits until no job runs. */
export async function idle(page: Page, timeout = SLOW, words = en): Promise<void> {
  await page.getByRole('region', { name: words.shell.jobs.label }).waitFor({ state: 'hidden', timeout });
}

/** Fills in the recipe; what is not named stays. */
export async function setRecipe(
  page: Page,
  fields: Partial<Record<keyof typeof en.train.fields, string>>,
  words = en,
): Promise<void> {
  for (const [field, value] of Object.entries(fields))
    await main(page)
      .getByLabel(words.train.fields[field as keyof typeof fields], { exact: true })
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

export const startTraining = (page: Page, words = en): Promise<void> =>
  main(page).getByRole('button', { name: words.train.start }).click();

/** What the run that is shown has come to. */
export const outcome = (page: Page): Locator => main(page).locator('.outcome');

/** Trains with what is in the recipe, and waits until there is a model. */
export async function train(page: Page, timeout = SLOW, words = en): Promise<void> {
  await startTraining(page, words);
  await modelKept(page, timeout, words);
}

/** Waits until the run that is shown has given a model. */
export const modelKept = (page: Page, timeout = SLOW, words = en): Promise<void> =>
  outcome(page)
    .getByText(like(words.train.outcome.kept('§', '§')))
    .waitFor({ timeout });

/** A project with a folder of labelled digits and a model trained with it. */
export async function trainedProject(
  studio: Studio,
  folder: string,
  name: string,
  labelled: string,
  epochs: string,
  words = en,
): Promise<void> {
  const { page } = studio;
  await createProject(studio, folder, name, words);
  await importFolder(studio, labelled, words);
  await go(page, 'train', words);
  await setRecipe(page, { epochs }, words);
  await train(page, SLOW, words);
  await idle(page, SLOW, words);
}

/** Chooses a folder and classifies it with the best model; does not wait. */
export async function startClassifying(
  studio: Studio,
  folder: string,
  { followLinks = false } = {},
): Promise<void> {
  const { page } = studio;
  await go(page, 'classify');
  await studio.answerFolderDialog(folder);
  await main(page).getByRole('group', { name: en.classify.folder }).getByRole('button').click();
  await main(page).getByText(folder, { exact: true }).first().waitFor();
  if (followLinks) await main(page).getByLabel(en.links.follow).check();
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

/** Saves the report of the batch that Review shows, and reads it. */
export async function savedReport(studio: Studio, kind: 'html' | 'pdf'): Promise<Buffer> {
  const file = path.join(freshFolder('report'), `review.${kind}`);
  await studio.answerSaveDialog(file);
  await chooseFromMenu(studio.page, en.review.saveMatrix.menu, en.report.formats[kind]);
  await studio.page.getByText(en.report.saved(file)).waitFor();
  return fs.readFileSync(file);
}

/** Opens a menu of the page and chooses from it. */
export async function chooseFromMenu(page: Page, menu: string, item: string): Promise<void> {
  await main(page).getByRole('button', { name: menu, exact: true }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

/** Chooses a language and a theme in Settings, whatever is chosen now. */
export async function choose(page: Page, language: Language, theme: Theme): Promise<void> {
  const html = page.locator('html');
  const before = LANGUAGES[(await html.getAttribute('lang')) as Language];
  await go(page, 'settings', before);
  await main(page).getByText(before.settings.languages[language], { exact: true }).click();
  await page.locator(`html[lang="${language}"]`).waitFor();
  await main(page).getByText(LANGUAGES[language].settings.themes[theme], { exact: true }).click();
  await page.locator(`html[data-theme="${theme}"]`).waitFor();
}

/** Presses Tab until the focus is on it, as somebody would who cannot see a pointer. */
export async function tabTo(page: Page, target: Locator, most = 60): Promise<void> {
  for (let presses = 0; presses < most; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${String(target)}`);
}
