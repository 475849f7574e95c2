import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { png, testDigits } from '../e2e/digits.ts';
import { Studio } from '../e2e/harness.ts';
import { freshFolder } from '../e2e/places.ts';
import { go, idle, main, setRecipe, startClassifying, train, type PageName } from '../e2e/steps.ts';
import { en, zh } from '../e2e/words.ts';

/**
 * `npm run pictures -- [FOLDER] [--all]`: goes once through the loop and takes a picture of every page, for the README and the user guide;
 * with `--all` in both themes, languages and sizes.
 */
const words = process.argv.slice(2);
const wish = words.find((word) => word.startsWith('-'));
const folder = words.find((word) => !word.startsWith('-')) ?? path.join('docs', 'pictures');
fs.mkdirSync(folder, { recursive: true });

const SIZES =
  wish === '--all'
    ? ([
        [1280, 800],
        [1920, 1080],
      ] as const)
    : ([[1280, 800]] as const);
const LOOKS =
  wish === '--all'
    ? ([
        ['light', 'en'],
        ['dark', 'en'],
        ['light', 'zh-CN'],
        ['dark', 'zh-CN'],
      ] as const)
    : ([['light', 'en']] as const);
/** Enough time for pictures to be read and charts to be drawn. */
const SETTLE = 700;

const studio = await Studio.launch();
const { page } = studio;
try {
  const [width, height] = SIZES[0];
  await resize(width, height);
  await take('home-start');
  await main(page).getByRole('button', { name: en.home.sample.start }).click();
  await main(page).getByRole('heading', { level: 1, name: 'MNIST' }).waitFor();
  await go(page, 'data');
  await main(page).getByRole('heading', { name: '70,000 digits' }).waitFor({ timeout: 90_000 });
  await idle(page);
  await main(page)
    .getByRole('grid')
    .click({ position: { x: 60, y: 60 } });
  await take('data');
  await go(page, 'train');
  await setRecipe(page, { epochs: '5', name: 'LeNet-5' });
  await train(page, 200_000);
  await take('train');
  await go(page, 'models');
  await take('models');
  await main(page).getByText(en.models.architecture, { exact: true }).click();
  await take('architecture');
  await startClassifying(studio, await scans());
  await idle(page);
  await take('classify');
  await go(page, 'review');
  await main(page).getByRole('button', { name: en.review.evaluate }).first().click();
  await main(page)
    .getByRole('button', { name: /^Read [\d,]+ digits/ })
    .click();
  await main(page).getByRole('table').waitFor({ timeout: 90_000 });
  await idle(page);
  await take('review');
  await go(page, 'home');
  await take('home');
  await go(page, 'settings');
  await take('settings');
} finally {
  for (const error of studio.errors) process.stderr.write(`page: ${error}\n`);
  await studio.close();
}

/** Digits of the test files as scans would come: in folders per day, with one file that is broken and one that is none. */
async function scans(): Promise<string> {
  const target = path.join(freshFolder('pictures'), 'scans');
  const digits = testDigits(600, 2_000);
  for (const [index, { tile }] of digits.entries()) {
    const day = path.join(target, `2026-11-${String(2 + Math.floor(index / 150)).padStart(2, '0')}`);
    fs.mkdirSync(day, { recursive: true });
    const bytes = await png(tile);
    const name = path.join(day, `scan-${String(index).padStart(4, '0')}.png`);
    fs.writeFileSync(name, index === 7 ? bytes.subarray(0, bytes.length - 60) : bytes);
  }
  fs.writeFileSync(path.join(target, 'read me.txt'), 'scanned by hand\n');
  return target;
}

async function resize(width: number, height: number): Promise<void> {
  await studio.app.evaluate(
    ({ BrowserWindow }, size) => {
      const [window] = BrowserWindow.getAllWindows();
      window!.setContentSize(size.width, size.height);
    },
    { width, height },
  );
  await page.waitForFunction((expected) => window.innerWidth === expected, width);
}

async function take(name: string): Promise<void> {
  for (const [theme, language] of LOOKS) {
    await look(theme, language);
    for (const [width, height] of SIZES) {
      await resize(width, height);
      await page.mouse.move(width - 4, height / 2);
      await page.waitForTimeout(SETTLE);
      const suffix = wish === '--all' ? `-${theme}-${language}-${width}` : '';
      await page.screenshot({ path: path.join(folder!, `${name}${suffix}.png`) });
    }
  }
  await look('light', 'en');
  await resize(...SIZES[0]);
}

/** Sets theme and language as a user would, and comes back to the page. */
async function look(theme: 'light' | 'dark', language: 'en' | 'zh-CN'): Promise<void> {
  const current = await page.evaluate(() => ({
    theme: document.documentElement.dataset['theme'],
    language: document.documentElement.lang,
  }));
  if (current.theme === theme && current.language === language) return;
  const back = (await main(page).getAttribute('data-page')) as PageName;
  const words = current.language === 'zh-CN' ? zh : en;
  await go(page, 'settings', words);
  await choose(page, words.settings.theme, words.settings.themes[theme]);
  await choose(page, words.settings.language, words.settings.languages[language]);
  await page.waitForFunction((expected) => document.documentElement.lang === expected, language);
  await go(page, back, language === 'en' ? en : zh);
}

function choose(on: Page, group: string, option: string): Promise<void> {
  return main(on).getByRole('group', { name: group }).getByText(option, { exact: true }).click();
}
