import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { complaints } from './axe.ts';
import { testDigits, writeClasses } from './digits.ts';
import { Studio } from './harness.ts';
import { freshFolder } from './places.ts';
import {
  choose,
  createProject,
  go,
  idle,
  importFolder,
  main,
  setRecipe,
  train,
  type PageName,
} from './steps.ts';
import { en, LANGUAGES, THEMES, zh, type Language } from './words.ts';

const PAGES: PageName[] = ['home', 'data', 'train', 'models', 'classify', 'review', 'settings'];

let studio: Studio;
/** Everything that the pages can show: digits, a run with its curves, a folder and a test set that were read. */
beforeAll(async () => {
  const folder = freshFolder('languages');
  const labelled = path.join(folder, 'labelled');
  await writeClasses(path.join(labelled, 'train'), testDigits(400));
  await writeClasses(path.join(labelled, 'test'), testDigits(100, 400));
  studio = await Studio.launch();
  const { page } = studio;
  await createProject(studio, path.join(folder, 'project'), 'Languages');
  await importFolder(studio, labelled);
  await go(page, 'train');
  await setRecipe(page, { epochs: '3' });
  await train(page);
  await go(page, 'review');
  await main(page).getByRole('button', { name: 'Read 100 digits' }).click();
  await idle(page);
  await main(page).getByRole('table').waitFor();
});
afterAll(() => studio?.close());

describe.each(Object.keys(LANGUAGES) as Language[])('in %s', (language) => {
  const words = LANGUAGES[language];

  describe.each(THEMES)('and %s', (theme) => {
    beforeAll(() => choose(studio.page, language, theme));

    it.each(PAGES)('%s is named, and axe finds nothing to complain of', async (name) => {
      const { page } = studio;
      await go(page, name, words);
      await expect.poll(() => page.title()).toContain(words.shell.pages[name]);
      // Until what is read has been drawn.
      await page.waitForTimeout(300);
      expect(await complaints(page, name)).toEqual([]);
    });

    it('neither over the map of a batch', async () => {
      const { page } = studio;
      await go(page, 'review', words);
      await main(page).getByText(words.map.views.map, { exact: true }).click();
      await main(page).locator('.frame canvas[data-drawn]').first().waitFor();
      await page.waitForTimeout(300);
      expect(await complaints(page, 'map')).toEqual([]);
      await main(page).getByText(words.map.views.matrix, { exact: true }).click();
    });

    it('neither over the card of a model, which speaks one language', async () => {
      const { page } = studio;
      await go(page, 'train', words);
      await main(page).getByRole('button', { name: words.train.card.open }).click();
      const dialog = page.getByRole('dialog', { name: words.train.card.open });
      await dialog.getByText(/^[0-9a-f]{64}$/).waitFor();
      expect(await complaints(page, 'card')).toEqual([]);
      const names = await dialog.locator('dt').allTextContents();
      const foreign = wordsOf(LANGUAGES[language === 'en' ? 'zh-CN' : 'en']).filter(
        (word) => !wordsOf(words).includes(word),
      );
      expect(names.filter((name) => foreign.includes(name))).toEqual([]);
      expect(names).toContain(words.train.card.hash);
      await dialog.getByRole('button', { name: words.train.card.rename }).click();
      expect(await complaints(page, 'renaming')).toEqual([]);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });
    });

    it('nor over the palette and the list of keys', async () => {
      const { page } = studio;
      for (const key of ['Control+k', '?']) {
        await page.keyboard.press(key);
        await page.getByRole('dialog').waitFor();
        await page.waitForTimeout(300);
        expect(await complaints(page, key)).toEqual([]);
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'hidden' });
      }
    });
  });
});

it('says nothing in English where Chinese was chosen', async () => {
  const { page } = studio;
  await choose(studio.page, 'zh-CN', 'light');
  const known = new Set(wordsOf(zh));
  const english = wordsOf(en).filter((words) => !known.has(words));
  for (const name of PAGES) {
    await go(page, name, zh);
    await page.waitForTimeout(300);
    const shown = (await page.locator('body').innerText()).split('\n').map((line) => line.trim());
    expect(
      shown.filter((line) => english.includes(line)),
      name,
    ).toEqual([]);
  }
});

/** All sentences and words of a language that take no parameters. */
function wordsOf(messages: unknown): string[] {
  if (typeof messages === 'string') return [messages];
  return typeof messages === 'object' && messages !== null ? Object.values(messages).flatMap(wordsOf) : [];
}

it('keeps language and theme when it is started again, in its menus too', async () => {
  await choose(studio.page, 'zh-CN', 'dark');
  await studio.close();
  studio = await Studio.launch(studio.home);
  await studio.page.locator('html[lang="zh-CN"][data-theme="dark"]').waitFor();
  await studio.page.getByRole('navigation').getByRole('link', { name: zh.shell.pages.home }).waitFor();
  const native = await studio.app.evaluate(({ Menu, nativeTheme }) => ({
    menu: Menu.getApplicationMenu()!.items.map(({ label }) => label),
    theme: nativeTheme.themeSource,
  }));
  expect(native.theme).toBe('dark');
  expect(native.menu.join('')).toMatch(/^\p{Script=Han}+$/u);
});

it('complained of nothing meanwhile', () => {
  expect(studio.takeErrors()).toEqual([]);
});
