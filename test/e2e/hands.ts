import type { Locator, Page } from 'playwright-core';
import { go, main, tabTo, type PageName } from './steps.ts';
import { en } from './words.ts';

/** One person's way to use the window. */
export interface Hands {
  go(name: PageName): Promise<void>;
  /** Presses a button; `key` is what is written on it, where something is. */
  press(button: Locator, key?: string): Promise<void>;
  /** Chooses from a row of options. */
  choose(options: Locator, option: string): Promise<void>;
  fill(field: Locator, value: string): Promise<void>;
}

export const byMouse = (page: Page, words = en): Hands => ({
  go: (name) => go(page, name, words),
  press: (button) => button.click(),
  choose: (options, option) => options.getByText(option, { exact: true }).click(),
  async fill(field, value) {
    await field.click({ clickCount: 3 });
    await page.keyboard.insertText(value);
  },
});

export const byKeys = (page: Page, words = en): Hands => ({
  async go(name) {
    await page.keyboard.press(`Alt+${Object.keys(words.shell.pages).indexOf(name) + 1}`);
    await page.locator(`main[data-page="${name}"]`).waitFor();
  },
  async press(button, key) {
    await button.waitFor();
    if (key === undefined) await tabTo(page, button, 120);
    await page.keyboard.press(key ?? 'Enter');
  },
  async choose(options, option) {
    const chosen = options.getByRole('radio', { checked: true });
    await tabTo(page, chosen, 120);
    const wanted = options.getByRole('radio', { name: option, exact: true });
    for (let presses = await options.getByRole('radio').count(); presses > 0; presses--) {
      if (await wanted.isChecked()) return;
      await page.keyboard.press('ArrowRight');
    }
    throw new Error(`the arrow keys do not reach ${option}`);
  },
  async fill(field, value) {
    await tabTo(page, field, 120);
    await page.keyboard.press('Control+a');
    await page.keyboard.type(value);
  },
});

/** The button with exactly this name on the page. */
export const button = (page: Page, name: string | RegExp): Locator =>
  main(page).getByRole('button', { name, ...(typeof name === 'string' && { exact: true }) });
