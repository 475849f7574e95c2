import path from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDigits, writeClasses, writeFlat } from './digits.ts';
import { Studio } from './harness.ts';
import { freshFolder } from './places.ts';
import {
  chooseFromMenu,
  createProject,
  go,
  idle,
  importFolder,
  main,
  setRecipe,
  modelKept,
  SLOW,
  startClassifying,
  train,
  type PageName,
} from './steps.ts';
import { en, like } from './words.ts';

const DECIDED = 6;
let studio: Studio;
beforeAll(async () => {
  const folder = freshFolder('buttons');
  const labelled = path.join(folder, 'labelled');
  const digits = testDigits(300);
  await writeClasses(path.join(labelled, 'train'), digits);
  // Some are there twice.
  await writeClasses(path.join(labelled, 'test'), [...testDigits(57, 300), ...digits.slice(0, 3)]);
  await writeFlat(path.join(folder, 'scans'), testDigits(20, 500));
  studio = await Studio.launch();
  const { page } = studio;
  await createProject(studio, path.join(folder, 'project'), 'Buttons');
  await importFolder(studio, labelled);
  await go(page, 'train');
  await setRecipe(page, { epochs: '2' });
  await train(page);
  await startClassifying(studio, path.join(folder, 'scans'));
  await idle(page);
  await go(page, 'review');
  // Decided digits, which a second person can key.
  await main(page).locator('.panel h2').waitFor();
  await main(page).getByRole('grid').focus();
  for (let decided = 1; decided <= DECIDED; decided++) {
    await page.keyboard.press('Enter');
    await main(page)
      .getByRole('button', { name: new RegExp(`^${en.decide.filters.accepted} ?${decided}$`) })
      .waitFor();
  }
  await main(page).getByRole('button', { name: en.review.evaluate }).click();
  await main(page).getByRole('button', { name: 'Read 60 digits' }).click();
  await idle(page);
  // A change that is pending, what is there twice, and the same recipe once more.
  await go(page, 'data');
  await main(page)
    .getByRole('gridcell', { name: /^digit \d/ })
    .first()
    .waitFor();
  await main(page).getByRole('grid').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('g');
  await page.getByRole('menuitem', { name: en.selection.labelTo(7) }).click();
  await page.getByText(en.selection.changed(1, '1')).waitFor();
  await page.keyboard.press('d');
  await main(page).getByText(en.duplicates.never).waitFor();
  await page.keyboard.press('s');
  await main(page).getByRole('listbox').getByRole('option').first().waitFor();
  await idle(page);
  await page.keyboard.press('v');
  await main(page).getByRole('button', { name: en.versions.retrain.start }).click();
  await page.locator('main[data-page="train"]').waitFor();
  await modelKept(page);
  await idle(page);
  await studio.answerFolderDialog(null);
  await studio.answerSaveDialog(null);
}, 3 * SLOW);
afterAll(() => studio?.close());

/** Presses a button and tells whether anything came of it within a second, the status line left out. */
const hasEffect = (button: Locator): Promise<boolean> =>
  button.evaluate(
    (element) =>
      new Promise<boolean>((resolve) => {
        const footer = document.querySelector('.shell > footer');
        const before = location.href;
        const finish = (effect: boolean): void => {
          observer.disconnect();
          clearTimeout(timer);
          resolve(effect);
        };
        const observer = new MutationObserver((changes) => {
          if (changes.some(({ target }) => !footer?.contains(target))) finish(true);
        });
        const timer = setTimeout(() => finish(location.href !== before), 1_000);
        observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
        (element as HTMLElement).click();
      }),
  );

/** Buttons of one kind, such as the cells of a table, do the same: one stands for all. */
const kindOf = (label: string): string => label.replace(/“.*?”|now .*|[\d,.]+/g, '#');

interface Place {
  name: string;
  page: PageName;
  /** Shows it, from its page on, whether it is there already or not. */
  open?: () => Promise<void>;
  /** Where its buttons are; everywhere on the page unless given. */
  within?: () => Locator;
}
const dialog = (): Locator => studio.page.getByRole('dialog');
const pane = (name: string): Pick<Place, 'page' | 'open' | 'within'> => ({
  page: 'data',
  async open() {
    const link = main(studio.page).getByRole('button', { name, exact: true });
    if ((await link.getAttribute('aria-pressed')) === 'false') await link.click();
  },
  within: () => main(studio.page).getByRole('region', { name, exact: true }),
});
const compared = (view: keyof typeof en.runs.compare.views): Place => ({
  name: `before and after, ${view}`,
  page: 'train',
  async open() {
    const { page } = studio;
    const chosen = main(page).getByText(en.runs.compare.views[view], { exact: true });
    if (await chosen.first().isHidden()) await page.keyboard.press('b');
    await chosen.first().click();
  },
});
const chart = (name: 'ink' | 'side'): Place => ({
  name: `the chart of ${name}`,
  page: 'data',
  open: () => main(studio.page).getByText(en.measures.charts[name], { exact: true }).click(),
  within: () =>
    main(studio.page).locator('section', {
      has: studio.page.getByRole('heading', { name: en.measures.title, exact: true }),
    }),
});
/** Double keying, from its beginning on. */
const keying = (name: string, selector: string, get?: () => Promise<void>): Place => ({
  name,
  page: 'review',
  async open() {
    const { page } = studio;
    if (await main(page).locator('.keying').isHidden()) {
      await main(page).getByLabel(en.review.batch, { exact: true }).selectOption({ label: 'scans' });
      await main(page).getByRole('button', { name: en.keying.show }).waitFor();
      await page.keyboard.press('k');
    }
    await main(page).locator('.keying h2').waitFor();
    await page.waitForTimeout(250);
    if (await main(page).locator(`.keying ${selector}`).isHidden()) await get?.();
    await main(page).locator(`.keying ${selector}`).waitFor();
  },
  within: () => main(studio.page).locator('.keying'),
});
const leaveKeying = async (): Promise<void> => {
  const { page } = studio;
  if (await main(page).locator('.keying').isVisible()) await page.keyboard.press('Escape');
  await main(page).locator('.keying').waitFor({ state: 'hidden' });
};
const startKeying = async (): Promise<void> => {
  const start = main(studio.page).locator('.keying form button[type=submit]');
  if (await start.isVisible()) await start.click();
};
const keyAll = async (): Promise<void> => {
  await startKeying();
  const { page } = studio;
  await main(page).locator('.keying .ask').waitFor();
  for (let keys = 0; keys < DECIDED && (await main(page).locator('.keying .ask').isVisible()); keys++) {
    await page.keyboard.press('8');
    await page.waitForTimeout(250);
  }
};
const places: Place[] = [
  keying('double keying, before it', 'form'),
  keying('double keying', '.ask', startKeying),
  keying('double keying, after it', '.result', keyAll),
  ...(['curves', 'matrices', 'rejects'] as const).map(compared),
  { name: 'duplicates', ...pane(en.duplicates.open('labelled')) },
  { name: 'versions', ...pane(en.versions.open('labelled')) },
  {
    name: 'training again',
    ...pane(en.versions.open('labelled')),
    within: () =>
      main(studio.page).locator('form', {
        has: studio.page.getByRole('heading', { name: en.versions.retrain.title, exact: true }),
      }),
  },
  chart('ink'),
  chart('side'),
  {
    name: 'saved views',
    page: 'data',
    async open() {
      await studio.page.keyboard.press('w');
      await studio.page.getByRole('menuitem', { name: en.views.manage }).click();
      await dialog().getByLabel(en.views.saveAs).fill('All of them');
    },
    within: dialog,
  },
  {
    name: 'class folders',
    page: 'classify',
    async open() {
      await chooseFromMenu(studio.page, en.common.more, en.filing.menu);
      await dialog().getByRole('checkbox').first().waitFor();
    },
    within: dialog,
  },
  {
    name: 'the search for label errors',
    page: 'review',
    async open() {
      await leaveKeying();
      const start = main(studio.page).getByRole('button', { name: like(en.suspects.find) });
      if ((await start.getAttribute('aria-expanded')) === 'false') await start.click();
    },
    within: () => main(studio.page).locator('form'),
  },
  ...(['data', 'train', 'models', 'classify'] as const).map((page) => ({ name: page, page })),
  {
    name: 'review',
    page: 'review',
    async open() {
      await leaveKeying();
      // A test split, which has a confusion matrix.
      const batch = main(studio.page).getByLabel(en.review.batch, { exact: true });
      // A sheet or a large digit is in its place.
      if (await batch.isHidden()) return;
      const options = await batch.locator('option').allInnerTexts();
      await batch.selectOption({ label: options.find((option) => option !== 'scans')! });
    },
  },
  { name: 'settings', page: 'settings' },
  {
    name: 'the map',
    page: 'review',
    async open() {
      const { page } = studio;
      await leaveKeying();
      const sheet = main(page).getByRole('listbox');
      if (await sheet.isVisible()) await page.keyboard.press('g');
      await sheet.waitFor({ state: 'hidden' });
      const view = main(page).getByText(en.map.views.map, { exact: true });
      // A large digit is in its place.
      if (await view.isHidden()) await page.keyboard.press('z');
      await view.click();
      await main(page).locator('.frame canvas[data-drawn]').first().waitFor();
    },
    within: () => main(studio.page).locator('.pane', { has: studio.page.getByRole('application') }),
  },
  {
    name: 'a sheet',
    page: 'review',
    async open() {
      await leaveKeying();
      if (await main(studio.page).getByRole('listbox').isHidden()) await studio.page.keyboard.press('g');
      await main(studio.page).getByRole('listbox').waitFor();
    },
  },
  // After the pages themselves, whose buttons take things away. Home is the last: its buttons lead to another project.
  { name: 'home', page: 'home' },
];

it('every way to save what Review shows asks for a file, the report among them', async () => {
  const { page } = studio;
  await page.keyboard.press('Escape');
  await go(page, 'review');
  if (await main(page).getByRole('listbox').isVisible()) await page.keyboard.press('Escape');
  const open = () => main(page).getByRole('button', { name: en.review.saveMatrix.menu, exact: true }).click();
  await open();
  const items = await page.getByRole('menuitem').allInnerTexts();
  expect(items.map((item) => item.trim())).toEqual(
    expect.arrayContaining([en.report.formats.html, en.report.formats.pdf]),
  );
  await page.keyboard.press('Escape');
  for (const [at, item] of items.entries()) {
    const asked = await studio.dialogsAnswered();
    await open();
    await page.getByRole('menuitem').nth(at).click();
    await expect.poll(() => studio.dialogsAnswered(), { message: item }).toBe(asked + 1);
  }
});

it.each(places)('on $name no enabled button does nothing', async ({ page: name, open, within }) => {
  const { page } = studio;
  const show = async (): Promise<void> => {
    // What the last button began may lead to another page.
    await page.waitForTimeout(250);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').or(page.getByRole('alertdialog')).first().waitFor({ state: 'hidden' });
    await page.locator('main[data-page]').waitFor();
    if (await page.locator(`main[data-page="${name}"]`).isHidden()) await go(page, name);
    await idle(page);
    // What the page reads has been drawn.
    await page.waitForTimeout(250);
    await open?.();
    if (open !== undefined) await page.waitForTimeout(250);
  };
  await show();
  const scope = within?.() ?? main(page);
  const labels = await scope
    .locator('button:enabled:not([aria-pressed="true"])')
    .evaluateAll((buttons) =>
      buttons.map(
        (button) => button.getAttribute('aria-label') ?? button.textContent!.replace(/\s+/g, ' ').trim(),
      ),
    );
  expect(labels.length).toBeGreaterThan(within === undefined ? 2 : 0);
  const idleButtons: string[] = [];
  for (const label of new Map(labels.map((label) => [kindOf(label), label])).values()) {
    if (label.startsWith(en.home.current.close)) continue;
    await show();
    const button = scope.getByRole('button', { name: label, exact: true }).first();
    // What an earlier button has changed may have taken this one away.
    if ((await button.count()) === 0 || (await button.isDisabled())) continue;
    const dialogs = await studio.dialogsAnswered();
    if (!(await hasEffect(button)) && (await studio.dialogsAnswered()) === dialogs) idleButtons.push(label);
  }
  expect(idleButtons).toEqual([]);
});

it('complained of nothing meanwhile', () => {
  expect(studio.takeErrors()).toEqual([]);
});
