import fs from 'node:fs';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDigits, writeClasses } from './digits.ts';
import { Studio } from './harness.ts';
import { freshFolder } from './places.ts';
import { createProject, go, importFolder, main, setRecipe, train } from './steps.ts';
import { en, zh } from './words.ts';

/** Looking inside a model that was just trained. Each step stands on the one before. */
const folder = freshFolder('models');
const t = en.models;
let studio: Studio;
beforeAll(async () => {
  const labelled = path.join(folder, 'labelled');
  await writeClasses(path.join(labelled, 'train'), testDigits(300));
  await writeClasses(path.join(labelled, 'test'), testDigits(60, 300));
  studio = await Studio.launch();
  const { page } = studio;
  await createProject(studio, path.join(folder, 'project'), 'Models');
  await go(page, 'models');
  await main(page).getByRole('heading', { name: t.empty.title }).waitFor();
  await main(page).getByRole('button', { name: t.empty.train }).click();
  await page.locator('main[data-page="train"]').waitFor();
  await importFolder(studio, labelled);
  await go(page, 'train');
  await setRecipe(page, { epochs: '2', name: 'small' });
  await train(page);
});
afterAll(() => studio?.close());

const digit = (): Locator => main(studio.page).getByRole('region', { name: t.digit.title });
const layer = (name: string): Locator => main(studio.page).getByRole('region', { name, exact: true });
const score = (target: number): Locator => digit().locator('ol').getByRole('button').nth(target);
const reading = (): Locator => digit().locator('.reading');
const position = (at: number): Locator => digit().getByText(t.digit.position(String(at), '60'));

/** What a canvas shows, to see whether it changed. */
const picture = (canvas: Locator): Promise<string> =>
  canvas.evaluate((element) => (element as HTMLCanvasElement).toDataURL());

it('shows every layer of a model for a digit', async () => {
  const { page } = studio;
  await go(page, 'models');
  await main(page)
    .getByRole('button', { name: /^small/, pressed: true })
    .waitFor();
  await position(1).waitFor();
  for (const [name, maps] of [
    ['C1', 6],
    ['S2', 6],
    ['C3', 16],
    ['S4', 16],
    ['C5', 120],
    ['F6', 84],
    ['output', 10],
  ] as const)
    expect(await layer(name).getByRole('button').count(), name).toBe(maps);
  // Ten probabilities, which the answer leads.
  const shares = await digit().locator('ol .share').allTextContents();
  expect(shares).toHaveLength(10);
  const best = shares.map(Number.parseFloat).indexOf(Math.max(...shares.map(Number.parseFloat)));
  await digit().getByText(t.digit.readAs(best)).waitFor();
});

it('goes from digit to digit and from layer to layer by keys', async () => {
  const { page } = studio;
  const map = layer('C1').locator('canvas').last();
  const first = await picture(map);
  await page.keyboard.press('ArrowRight');
  await position(2).waitFor();
  expect(await picture(map)).not.toBe(first);
  await page.keyboard.press('n');
  await position(3).waitFor();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('p');
  await position(1).waitFor();
  expect(await picture(map)).toBe(first);
  const chips = main(page).getByRole('navigation', { name: t.maps.title });
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await chips.getByRole('button', { name: 'C3' }).and(page.locator('[aria-current]')).waitFor();
  await expect.poll(async () => (await layer('C3').boundingBox())!.y).toBeLessThan(200);
});

it('tells by the mouse what a unit gives and what it sees', async () => {
  const { page } = studio;
  await main(page)
    .getByRole('navigation', { name: t.maps.title })
    .getByRole('button', { name: 'C1' })
    .click();
  const map = layer('C1').getByRole('button', { name: new RegExp(`^${t.maps.map('C1', 2)}:`) });
  const box = (await map.boundingBox())!;
  const side = box.width / 28;
  await page.mouse.move(box.x + 10.5 * side, box.y + 9.5 * side);
  // Row 9, column 10 of C1: five by five pixels, of which two are padding.
  await expect
    .poll(() => reading().textContent())
    .toMatch(/^C1, map 2, row 9, column 10: −?[\d.e−]+, sees rows 7–11, columns 8–12$/);
  const field = digit().locator('rect.field');
  expect(await Promise.all(['x', 'y', 'width'].map((name) => field.getAttribute(name)))).toEqual([
    '8',
    '7',
    '5',
  ]);
});

it('enlarges a feature map, with the number under the pointer and all of them as a table', async () => {
  const { page } = studio;
  const map = layer('C1').getByRole('button', { name: new RegExp(`^${t.maps.map('C1', 2)}:`) });
  const small = (await map.boundingBox())!;
  await map.click();
  const dialog = page.getByRole('dialog', { name: t.maps.map('C1', 2) });
  const large = dialog.getByRole('img', { name: t.maps.map('C1', 2), exact: true });
  await large.waitFor();
  const box = (await large.boundingBox())!;
  expect(box.width % 28).toBe(0);
  expect(box.width).toBeGreaterThan(2 * small.width);
  const side = box.width / 28;
  await page.mouse.move(box.x + 10.5 * side, box.y + 9.5 * side);
  const said = dialog.locator('.reading');
  await expect.poll(() => said.textContent()).toContain('row 9, column 10: ');
  const value = /column 10: (−?[\d.]+)/.exec((await said.textContent())!)![1]!.replace('−', '-');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => said.textContent()).toContain('row 9, column 11: ');
  expect(await accessible()).toEqual([]);
  await dialog.getByText(t.enlarged.numbers, { exact: true }).click();
  const cell = dialog.getByRole('row').nth(10).getByRole('cell').nth(10);
  expect(Number((await cell.textContent())!.replace('−', '-'))).toBeCloseTo(Number(value), 2);
  expect(await accessible()).toEqual([]);
  await page.keyboard.press('PageDown');
  await page.getByRole('dialog', { name: t.maps.map('C1', 3) }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
});

it('shows the saliency of the class that is chosen, by mouse and by key', async () => {
  const { page } = studio;
  await score(3).click();
  await expect.poll(() => score(3).getAttribute('aria-pressed')).toBe('true');
  const saliency = (target: number): Locator =>
    digit()
      .getByRole('img', { name: t.digit.pictureOf.signed(target), exact: true })
      .locator('canvas');
  const three = await picture(saliency(3));
  await page.keyboard.press('8');
  await saliency(8).waitFor();
  await expect.poll(() => score(8).getAttribute('aria-pressed')).toBe('true');
  expect(await picture(saliency(8))).not.toBe(three);
  await page.keyboard.press('s');
  await digit()
    .getByRole('img', { name: t.digit.pictureOf.magnitude(8), exact: true })
    .waitFor();
  await page.keyboard.press('a');
  await expect.poll(() => score(8).getAttribute('aria-pressed')).toBe('false');
});

it('takes a digit from a grid, of one label', async () => {
  const { page } = studio;
  await digit().getByLabel(t.digit.label, { exact: true }).selectOption('7');
  await digit()
    .locator('.answer')
    .getByText(new RegExp(t.digit.labelled(7)))
    .waitFor();
  await digit().getByRole('button', { name: t.digit.chooseTitle }).click();
  const dialog = page.getByRole('dialog', { name: t.digit.chooseTitle });
  const grid = dialog.getByRole('grid');
  await grid
    .getByRole('gridcell', { name: /^digit 7/ })
    .first()
    .waitFor();
  await grid.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Escape');
  await digit()
    .getByText(/^3 of \d+$/)
    .waitFor();
  // It is remembered.
  await go(page, 'data');
  await go(page, 'models');
  await digit()
    .getByText(/^3 of \d+$/)
    .waitFor();
});

it('draws the architecture, and saves it as an SVG that stands alone', async () => {
  const { page } = studio;
  await main(page).getByText(t.architecture, { exact: true }).click();
  const drawing = main(page).getByRole('img', { name: t.drawing.label('small') });
  await drawing.getByText('16@10×10').first().waitFor();
  const file = path.join(folder, 'lenet.svg');
  await studio.answerSaveDialog(file);
  await page.keyboard.press('e');
  await main(page).getByText(t.drawing.saved(file)).waitFor();
  const svg = fs.readFileSync(file, 'utf8');
  const parsed = await page.evaluate((text) => {
    const read = new DOMParser().parseFromString(text, 'image/svg+xml');
    return {
      faults: read.querySelectorAll('parsererror').length,
      root: read.documentElement.tagName,
      texts: [...read.querySelectorAll('text')].map(({ textContent }) => textContent),
      areas: read.querySelectorAll('polygon').length,
    };
  }, svg);
  expect(parsed).toMatchObject({ faults: 0, root: 'svg' });
  expect(parsed.texts).toContain('48,120 parameters');
  // It says what the page says, and has a map for each map.
  expect(parsed.texts).toEqual(await drawing.locator('text').allTextContents());
  expect(parsed.areas).toBeGreaterThan(6 + 6 + 16 + 16);
  // Giving up changes nothing.
  await studio.answerSaveDialog(null);
  await main(page)
    .getByRole('button', { name: new RegExp(t.drawing.save) })
    .click();
  await main(page).getByText(t.drawing.saved(file)).waitFor({ state: 'hidden' });
});

async function accessible(): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page: studio.page }).setLegacyMode(true).analyze();
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`,
  );
}

it('has a drawing that is accessible in both themes', async () => {
  const { page } = studio;
  for (const theme of ['dark', 'light'] as const) {
    await go(page, 'settings');
    await main(page).getByText(en.settings.themes[theme], { exact: true }).click();
    await page.locator(`html[data-theme="${theme}"]`).waitFor();
    await go(page, 'models');
    await main(page)
      .getByRole('img', { name: t.drawing.label('small') })
      .waitFor();
    expect(await accessible(), theme).toEqual([]);
  }
});

it('speaks Chinese', async () => {
  const { page } = studio;
  await go(page, 'settings');
  await main(page).getByText(en.settings.languages['zh-CN'], { exact: true }).click();
  await go(page, 'models', zh);
  await main(page)
    .getByRole('img', { name: zh.models.drawing.label('small') })
    .getByText('卷积 5×5')
    .first()
    .waitFor();
  await main(page).getByText(zh.models.inside, { exact: true }).click();
  await main(page).getByRole('heading', { name: zh.models.maps.kernels }).first().waitFor();
  expect(await main(page).textContent()).not.toMatch(/[a-z]{3,} [a-z]{3,}/);
  expect(studio.takeErrors()).toEqual([]);
});
