import path from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConvolutionType } from '../../src/shared/models/layers.ts';
import { complaints } from './axe.ts';
import { testDigits, writeClasses } from './digits.ts';
import { Studio } from './harness.ts';
import { freshFolder } from './places.ts';
import {
  createProject,
  go,
  importFolder,
  main,
  openGroup,
  outcome,
  setRecipe,
  SLOW,
  train,
} from './steps.ts';
import { en, zh } from './words.ts';

/** The recipe of the Train page: every architecture, its network, what cannot be trained, distortions. */
let studio: Studio;
beforeAll(async () => {
  const folder = freshFolder('recipe');
  const labelled = path.join(folder, 'labelled');
  await writeClasses(path.join(labelled, 'train'), testDigits(300));
  await writeClasses(path.join(labelled, 'test'), testDigits(60, 300));
  studio = await Studio.launch();
  await createProject(studio, path.join(folder, 'project'), 'Recipe');
  await importFolder(studio, labelled);
  await go(studio.page, 'train');
});
afterAll(() => studio?.close());

let words = en;
type Architecture = keyof typeof en.recipe.architectures;
const field = (name: keyof typeof en.train.fields): Locator =>
  main(studio.page)
    .getByRole('region', { name: words.train.recipe })
    .getByLabel(words.train.fields[name], { exact: true });
const choose = (name: Architecture): Promise<unknown> =>
  field('architecture').selectOption({ label: words.recipe.architectures[name].name });
const table = (): Locator => main(studio.page).getByRole('table', { name: words.recipe.network.caption });
const swap = (layer: string, kind: ConvolutionType): Promise<unknown> =>
  table()
    .getByRole('combobox', { name: words.recipe.network.kindOf(layer) })
    .selectOption(kind);
/** Output, parameters, multiply-adds and receptive field of a row, by its header. */
const figures = (layer: string): Promise<string[]> =>
  table()
    .getByRole('row')
    .filter({ has: studio.page.getByRole('rowheader', { name: new RegExp(`^${layer}\\b`) }) })
    .getByRole('cell')
    .allTextContents();
const total = (): Promise<string[]> => table().locator('tfoot td').allTextContents();
const start = (): Locator => main(studio.page).getByRole('button', { name: words.train.start });

it('takes over the recipe of an architecture; the seed stays the user’s', async () => {
  const { page } = studio;
  await openGroup(page, 'network');
  await setRecipe(page, { seed: '7' });
  expect(await total()).toEqual(['', '61,706', '416,520', '32']);
  await choose('lenet1');
  expect(await total()).toEqual(['', '2,578', '92,288', '16']);
  expect(await figures('H1')).toEqual(['24×24×4', '104', '57,600', '5']);
  expect(await field('epochs').inputValue()).toBe('20');
  expect(await field('seed').inputValue()).toBe('7');
  expect(await field('optimiser').inputValue()).toBe('sdlm');
  // One digit per update: no batch, no momentum; and its activation is its own.
  for (const name of ['batchSize', 'momentum', 'activation'] as const)
    expect(await field(name).count(), name).toBe(0);
});

it('shows what another kind of convolution changes, at once', async () => {
  await swap('H1', 'dilated');
  expect(await figures('H1')).toEqual(['20×20×4', '104', '40,000', '9']);
  await swap('H1', 'transpose');
  expect((await figures('H1'))[0]).toBe('32×32×4');
  await swap('H1', 'separable');
  expect(await figures('H1')).toEqual(['24×24×4', '33', '16,704', '5']);
  expect((await total())[1]).toBe('2,507');
  await main(studio.page).getByRole('button', { name: en.train.reset }).click();
  expect((await total())[1]).toBe('2,578');
});

it('explains a window that does not fit, and does not start', async () => {
  const { page } = studio;
  await choose('lenet5');
  await swap('C5', 'dilated');
  await main(page).getByText('“C5” needs 9×9, but the map before it is only 5×5.').waitFor();
  expect(await figures('C3')).toEqual(['10×10×16', '2,416', '240,000', '14']);
  expect(await figures('C5')).toEqual([en.recipe.network.doesNotFit]);
  expect((await total())[1]).toBe(en.recipe.network.unknown);
  expect(await start().isDisabled()).toBe(true);
  await page.keyboard.press('Control+Enter');
  await page.waitForTimeout(300);
  expect(await outcome(page).count()).toBe(0);
  await swap('C5', 'standard');
  await expect.poll(() => start().isEnabled()).toBe(true);
});

it('explains a loss and an optimiser that do not fit', async () => {
  const { page } = studio;
  await field('loss').selectOption('eq9');
  await main(page).getByText('Equation 9 adds up the penalties of an RBF output').waitFor();
  expect(await start().isDisabled()).toBe(true);
  await field('loss').selectOption('mse');
  await field('optimiser').selectOption('sdlm');
  await main(page).getByText('do not pass through a maximum (“S2”)').waitFor();
  await field('pooling').selectOption('average');
  await expect.poll(() => start().isEnabled()).toBe(true);
});

it('names a wrong field even where its group is closed', async () => {
  const { page } = studio;
  await choose('lenet5');
  await setRecipe(page, { dropout: '95' });
  await openGroup(page, 'network', false);
  expect(await main(page).getByText(en.recipe.check(en.train.fields.dropout)).count()).toBe(2);
  expect(await start().isDisabled()).toBe(true);
  await openGroup(page, 'network');
  await setRecipe(page, { dropout: '25' });
  expect(await figures('D5')).toEqual(['1×1×120', '', '', '32']);
  await openGroup(page, 'network', false);
  await main(page).getByText('Dropout: 25\u00a0%').waitFor();
});

it('says why the study note cannot learn as written, and offers the mended one', async () => {
  const { page } = studio;
  await choose('note-as-written');
  await main(page).getByText('the loss stays at ln 10 = 2.3026').waitFor();
  await main(page).getByRole('button', { name: en.recipe.note.mend }).click();
  expect(await field('architecture').inputValue()).toBe('note-mended');
  expect(await main(page).getByRole('note').count()).toBe(0);
});

describe('distortions', () => {
  const canvas = (): Locator =>
    main(studio.page)
      .getByRole('img', { name: /training digits/ })
      .locator('canvas');
  /** What is painted, by rows of digits: the digits themselves, then their variants. */
  const painted = (): Promise<string[]> =>
    canvas().evaluate((element: HTMLCanvasElement) => {
      const context = element.getContext('2d')!;
      return [0, 33, 62, 91].map((top) =>
        Array.from(context.getImageData(0, top, element.width, 28).data.filter((_, at) => at % 4 === 0)).join(
          ' ',
        ),
      );
    });

  it('are previewed with digits of the data set, pixel by pixel', async () => {
    const { page } = studio;
    await openGroup(page, 'distortions');
    expect(await canvas().count()).toBe(0);
    await setRecipe(page, { rotation: '15' });
    await canvas().waitFor({ timeout: SLOW });
    await expect.poll(async () => new Set(await painted()).size).toBe(4);
    for (const row of await painted()) expect(row).toMatch(/\b2[0-9]{2}\b/);
    const shown = await canvas().evaluate((element: HTMLCanvasElement) => ({
      scale: element.getBoundingClientRect().width / element.width,
      rendering: getComputedStyle(element).imageRendering,
    }));
    expect(shown).toEqual({ scale: 2, rendering: 'pixelated' });
  });

  it('are drawn anew when told to, and when a parameter changes', async () => {
    const { page } = studio;
    const [digits, first] = await painted();
    await main(page).getByRole('button', { name: en.recipe.preview.other }).click();
    await expect.poll(async () => (await painted())[1]).not.toBe(first);
    const [, second] = await painted();
    await setRecipe(page, { elasticStrength: '30' });
    await expect.poll(async () => (await painted())[1]).not.toBe(second);
    expect((await painted())[0]).toBe(digits);
  });

  it('go when all of them are off', async () => {
    await setRecipe(studio.page, { rotation: '0', elasticStrength: '0' });
    await canvas().waitFor({ state: 'detached' });
  });
});

it('trains another architecture than the first, with distortions, and names it wherever its run is', async () => {
  const { page } = studio;
  await choose('lenet1');
  await setRecipe(page, { epochs: '1', shift: '1', name: 'small' });
  await train(page, 2 * SLOW);
  const row = main(page).getByRole('row', { name: /small/ });
  await row.getByText('LeNet-1', { exact: true }).waitFor();
  await main(page).getByRole('button', { name: en.train.card.open }).click();
  const dialog = page.getByRole('dialog', { name: en.train.card.open });
  const fact = (name: string): Promise<string | null> =>
    dialog
      .locator('dt', { hasText: new RegExp(`^${name}$`) })
      .locator('+ dd')
      .textContent();
  expect(await fact(en.train.card.architecture)).toBe('LeNet-1');
  expect(await fact(en.train.card.parameters)).toBe('2,578');
  expect(await fact(en.train.fields.optimiser)).toBe(en.recipe.optimisers.sdlm);
  expect(await fact(en.train.fields.shift)).toBe('1\u00a0px');
  expect(await dialog.locator('dt', { hasText: en.train.fields.momentum }).count()).toBe(0);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
});

describe.each([
  ['en', en],
  ['zh-CN', zh],
] as const)('in %s', (language, own) => {
  it('everything open has a name, and axe finds nothing to complain of', async () => {
    const { page } = studio;
    await go(page, 'settings', words);
    await main(page).getByText(words.settings.languages[language], { exact: true }).click();
    await page.locator(`html[lang="${language}"]`).waitFor();
    words = own;
    await go(page, 'train', words);
    for (const group of ['network', 'optimiser', 'distortions', 'run'] as const)
      await openGroup(page, group, true, words);
    await choose('note-as-written');
    await field('rotation').fill('10');
    await field('loss').selectOption('mse');
    await main(page).getByRole('note').waitFor();
    await main(page).locator('details canvas').waitFor({ timeout: SLOW });
    await page.waitForTimeout(300);
    expect(await complaints(page, language)).toEqual([]);
    await choose('lenet5');
    await swap('C5', 'dilated');
    expect(await complaints(page, `${language}, does not fit`)).toEqual([]);
  });
});

it('complained of nothing meanwhile', () => {
  expect(studio.takeErrors()).toEqual([]);
});
