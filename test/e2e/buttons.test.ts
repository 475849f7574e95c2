import path from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDigits, writeClasses, writeFlat } from './digits.ts';
import { Studio } from './harness.ts';
import { freshFolder } from './places.ts';
import {
  createProject,
  go,
  idle,
  importFolder,
  main,
  setRecipe,
  startClassifying,
  train,
  type PageName,
} from './steps.ts';
import { en } from './words.ts';

let studio: Studio;
beforeAll(async () => {
  const folder = freshFolder('buttons');
  const labelled = path.join(folder, 'labelled');
  await writeClasses(path.join(labelled, 'train'), testDigits(300));
  await writeClasses(path.join(labelled, 'test'), testDigits(60, 300));
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
  await main(page).getByRole('button', { name: en.review.evaluate }).click();
  await main(page).getByRole('button', { name: 'Read 60 digits' }).click();
  await idle(page);
  await studio.answerFolderDialog(null);
  await studio.answerSaveDialog(null);
});
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

// Home comes last: its buttons lead to another project.
it.each<PageName>(['data', 'train', 'models', 'classify', 'review', 'settings', 'home'])(
  'on %s no enabled button does nothing',
  async (name) => {
    const { page } = studio;
    const show = async (): Promise<void> => {
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').or(page.getByRole('alertdialog')).first().waitFor({ state: 'hidden' });
      await page.locator('main[data-page]').waitFor();
      if (await page.locator(`main[data-page="${name}"]`).isHidden()) await go(page, name);
      await idle(page);
      // What the page reads has been drawn.
      await page.waitForTimeout(250);
    };
    await show();
    const labels = await main(page)
      .locator('button:enabled:not([aria-pressed="true"])')
      .evaluateAll((buttons) =>
        buttons.map(
          (button) => button.getAttribute('aria-label') ?? button.textContent!.replace(/\s+/g, ' ').trim(),
        ),
      );
    expect(labels.length).toBeGreaterThan(2);
    const idleButtons: string[] = [];
    for (const label of new Map(labels.map((label) => [kindOf(label), label])).values()) {
      if (label.startsWith(en.home.current.close)) continue;
      await show();
      const button = main(page).getByRole('button', { name: label, exact: true }).first();
      // What an earlier button has changed may have taken this one away.
      if ((await button.count()) === 0 || (await button.isDisabled())) continue;
      const dialogs = await studio.dialogsAnswered();
      if (!(await hasEffect(button)) && (await studio.dialogsAnswered()) === dialogs) idleButtons.push(label);
    }
    expect(idleButtons).toEqual([]);
  },
);

it('complained of nothing meanwhile', () => {
  expect(studio.takeErrors()).toEqual([]);
});
