import fs from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { complaints } from './axe.ts';
import { parseCsv } from './csv.ts';
import { testDigits } from './digits.ts';
import { Studio } from './harness.ts';
import { openMessyFolder, writeMessyFolder, type ExpectedRow } from './messy-folder.ts';
import { freshFolder } from './places.ts';
import { until } from './processes.ts';
import {
  SLOW,
  exportBatch,
  figure,
  go,
  idle,
  main,
  outcome,
  setRecipe,
  startClassifying,
  startTraining,
  train,
} from './steps.ts';
import { en } from './words.ts';

/** The product's loop from the first start on, in one window. Each step stands on the one before. */
let studio: Studio;
const scans = path.join(freshFolder('loop'), 'scans');
let expected: Map<string, ExpectedRow>;
beforeAll(async () => {
  expected = await writeMessyFolder(scans, testDigits(36, 500));
  studio = await Studio.launch();
});
afterAll(async () => {
  openMessyFolder(scans);
  await studio?.close();
});

const count = (status: ExpectedRow['status']): number =>
  [...expected.values()].filter((row) => row.status === status).length;

it('makes the sample project with MNIST in it', async () => {
  const { page } = studio;
  await main(page).getByRole('button', { name: en.home.sample.start }).click();
  await main(page).getByRole('heading', { level: 1, name: 'MNIST' }).waitFor();
  await go(page, 'data');
  await main(page).getByRole('heading', { name: '70,000 digits' }).waitFor({ timeout: SLOW });
  await idle(page);
});

it('shows the digits, and one of them large', async () => {
  const { page } = studio;
  const grid = main(page).getByRole('grid');
  await grid
    .getByRole('gridcell', { name: /^digit \d/ })
    .first()
    .waitFor();
  // Far down, where nothing has been read yet.
  await grid.evaluate((element) => element.scrollTo(0, element.scrollHeight / 2));
  await grid
    .getByRole('gridcell', { name: /^digit \d/ })
    .first()
    .waitFor();
  expect(await inkOf(grid)).toBeGreaterThan(0);
  await grid.click({ position: { x: 60, y: 60 } });
  await main(page)
    .getByRole('heading', { level: 2, name: /^Label \d$/ })
    .waitFor();
  await main(page)
    .getByRole('img', { name: /^Label \d/ })
    .waitFor();
});

/** Bright points of what is painted behind the grid's cells. */
const inkOf = (grid: Locator): Promise<number> =>
  grid.evaluate((element) => {
    const canvas = element.parentElement!.querySelector('canvas')!;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    return data.filter((value, index) => index % 4 === 0 && value > 200).length;
  });

it('trains with a live curve, and stops within a second when told to', async () => {
  const { page } = studio;
  await go(page, 'train');
  await setRecipe(page, { epochs: '30', name: 'to be stopped' });
  await startTraining(page);
  const curve = main(page).getByRole('img', { name: /^Loss of to be stopped/ });
  await curve.waitFor({ timeout: SLOW });
  const first = await curve.getAttribute('aria-label');
  await until(async () => (await curve.getAttribute('aria-label')) !== first, 'the curve to go on', SLOW);
  await main(page)
    .getByText(/^step [\d,]+ of/)
    .waitFor();

  const cancel = main(page).getByRole('button', { name: en.train.cancel });
  const milliseconds = await cancel.evaluate(
    (button) =>
      new Promise<number>((resolve) => {
        const box = button.closest('.outcome')!.parentElement!;
        const start = performance.now();
        const observer = new MutationObserver(() => {
          if (!box.querySelector('.outcome.cancelled')) return;
          observer.disconnect();
          resolve(performance.now() - start);
        });
        observer.observe(box, { subtree: true, childList: true, attributes: true });
        (button as HTMLElement).click();
      }),
  );
  expect(milliseconds).toBeLessThan(1_000);
  await outcome(page)
    .getByText(/^Cancelled/)
    .waitFor();
});

it('keeps the best epoch as a model with its card', async () => {
  const { page } = studio;
  await setRecipe(page, { epochs: '1', name: 'one epoch' });
  await train(page, 3 * SLOW);
  const sentence = (await outcome(page).getByRole('status').textContent())!;
  const [, accuracy] = /test ([\d.]+)\s?%/.exec(sentence)!;
  expect(Number(accuracy)).toBeGreaterThan(96.5);

  const models = path.join(studio.userData, 'sample', 'models');
  const [folder] = fs.readdirSync(models);
  const { card } = JSON.parse(fs.readFileSync(path.join(models, folder!, 'model.json'), 'utf8'));
  expect(card).toMatchObject({
    name: 'one epoch',
    parameters: 61_706,
    training: { epochs: 1, seed: 1 },
    normalisation: { name: 'lenet-studio/geometry', version: 1 },
    data: { name: 'MNIST', hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
    metrics: { bestEpoch: 1 },
  });
});

it('shows the card, copies its hash and gives the model another name', async () => {
  const { page } = studio;
  const words = en.train.card;
  const models = path.join(studio.userData, 'sample', 'models');
  const [folder] = fs.readdirSync(models);
  const { card } = JSON.parse(fs.readFileSync(path.join(models, folder!, 'model.json'), 'utf8'));
  await page.keyboard.press('m');
  const dialog = page.getByRole('dialog', { name: words.open });
  const fact = (name: string): Promise<string | null> =>
    dialog
      .locator('dt', { hasText: new RegExp(`^${name}$`) })
      .locator('+ dd')
      .textContent();
  await dialog.getByText(card.data.hash, { exact: true }).waitFor();
  expect(await fact(en.train.fields.seed)).toBe('1');
  expect(await fact(words.testAccuracy)).toBe(`${(100 * card.metrics.testAccuracy).toFixed(2)}\u00a0%`);
  expect(await fact(words.parameters)).toBe('61,706');
  expect(await fact('TensorFlow')).toBe(card.engine.tensorflow);

  await dialog.getByRole('button', { name: words.copyHash }).click();
  await dialog.getByRole('button', { name: words.copied }).waitFor();
  expect(await studio.app.evaluate(({ clipboard }) => clipboard.readText())).toBe(card.data.hash);

  await dialog.getByRole('button', { name: words.rename }).click();
  const submit = dialog.getByRole('button', { name: words.rename });
  expect(await submit.isDisabled()).toBe(true);
  await page.keyboard.type('first reader');
  await page.keyboard.press('Enter');
  await dialog.getByText('first reader', { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
});

it('classifies a folder: one row for every file, whatever it is', async () => {
  const { page } = studio;
  await outcome(page).getByRole('button', { name: en.train.outcome.classify }).click();
  await startClassifying(studio, scans);
  const { files, done, failed, skipped } = en.classify.summary;
  const wanted = [expected.size, count('done'), count('failed'), count('skipped')].map(String);
  const shown = (): Promise<(string | null)[]> =>
    Promise.all([files, done, failed, skipped].map((name) => figure(page, name).textContent()));
  await expect.poll(shown, { timeout: SLOW }).toEqual(wanted);
  await idle(page);
  const rows = main(page).getByRole('region', { name: en.classify.rows.label });
  await main(page)
    .getByRole('button', { name: /^failed/ })
    .click();
  await rows.getByRole('row', { name: /unreadable\.png/ }).waitFor();
  expect(await rows.getByRole('row', { name: /failed/ }).count()).toBe(count('failed'));
});

it('exports them as CSV', async () => {
  const { page } = studio;
  const file = path.join(studio.home, 'results.csv');
  await studio.answerSaveDialog(file);
  await exportBatch(page, 'csv');
  await main(page).getByText(file).waitFor();

  const [header, ...rows] = parseCsv(fs.readFileSync(file, 'utf8'));
  expect(header).toEqual(['path', 'digit', 'confidence', 'second', 'second_confidence', 'status', 'reason']);
  const paths = rows.map(([name]) => name!);
  expect([...paths].sort()).toEqual([...expected.keys()].sort());
  let right = 0;
  for (const [name, digit, confidence, second, secondConfidence, status, reason] of rows) {
    const { status: wanted, label } = expected.get(name!)!;
    expect(status, name).toBe(wanted);
    if (wanted !== 'done') {
      expect([digit, confidence, second, secondConfidence], name).toEqual(['', '', '', '']);
      expect(reason, name).not.toBe('');
      continue;
    }
    for (const figure of [confidence, secondConfidence]) expect(figure, name).toMatch(/^[01]\.\d{6}$/);
    if (Number(digit) === label) right++;
  }
  expect(right).toBeGreaterThanOrEqual(0.9 * count('done'));
});

it('exports the same rows as JSON lines', async () => {
  const { page } = studio;
  const file = path.join(studio.home, 'results.jsonl');
  await studio.answerSaveDialog(file);
  const menu = main(page).getByRole('button', { name: en.batchFiles.export, exact: true });
  await menu.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menu').waitFor();
  expect(await complaints(page, 'export menu')).toEqual([]);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await main(page).getByText(file).waitFor();
  const objects = fs
    .readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const [, ...rows] = parseCsv(fs.readFileSync(path.join(studio.home, 'results.csv'), 'utf8'));
  const facts = ({ path: name, digit, status, reason }: Record<string, unknown>): unknown[] => [
    name,
    String(digit ?? ''),
    status,
    reason ?? '',
  ];
  expect(objects.map(facts)).toEqual(rows.map((row) => [row[0], row[1], row[5], row[6]]));
});

it('exports Parquet by its key', async () => {
  const { page } = studio;
  const file = path.join(studio.home, 'results.parquet');
  await studio.answerSaveDialog(file);
  await page.keyboard.press('q');
  await main(page).getByText(file).waitFor();
  const bytes = fs.readFileSync(file, 'latin1');
  expect([bytes.slice(0, 4), bytes.slice(-4)]).toEqual(['PAR1', 'PAR1']);
});

it('shows charts whose bars filter the table', async () => {
  const { page } = studio;
  const csv = parseCsv(fs.readFileSync(path.join(studio.home, 'results.csv'), 'utf8')).slice(1);
  await main(page).getByRole('button', { name: /^All/ }).click();
  const read = csv.filter(([, digit]) => digit === '4');
  expect(read.length).toBeGreaterThan(0);
  await page.keyboard.press('h');
  const charts = main(page).getByRole('region', { name: en.results.label });
  const bar = charts.getByRole('button', { name: en.results.showDigit(4, String(read.length)) });
  await bar.click();
  const rows = main(page).getByRole('table').getByRole('row');
  const below = (count: number): Promise<void> =>
    until(
      async () => Number(await main(page).getByRole('table').getAttribute('aria-rowcount')) === count + 1,
      'the rows',
    );
  await below(read.length);
  expect(await rows.nth(1).textContent()).toContain(read[0]![0]!);
  expect(await bar.getAttribute('aria-pressed')).toBe('true');
  expect(await complaints(page, 'charts')).toEqual([]);

  const folder = path.posix.dirname(read[0]![0]!);
  const name = folder === '.' ? en.results.top : folder;
  await charts
    .getByRole('button')
    .filter({ has: page.getByText(name, { exact: true }) })
    .click();
  await below(read.filter(([file]) => path.posix.dirname(file!) === folder).length);
  await charts.getByRole('button', { name: /^Part 1 of/ }).focus();
  await page.keyboard.press('Enter');
  await main(page)
    .getByRole('button', { name: en.results.takeAway(en.results.chips.part) })
    .click();
  for (const filter of [en.results.chips.folder(name), en.results.chips.digit(4)])
    await main(page)
      .getByRole('button', { name: en.results.takeAway(filter) })
      .click();
  await below(csv.length);
  await page.keyboard.press('h');
  await charts.waitFor({ state: 'hidden' });
});

it('reads the test set and shows what was mistaken for what', async () => {
  const { page } = studio;
  await go(page, 'review');
  await main(page).getByRole('button', { name: en.review.evaluate }).click();
  await main(page).getByRole('button', { name: 'Read 10,000 digits' }).click();
  await idle(page);
  await expect.poll(() => reviewFigure(en.review.figures.labelled), { timeout: SLOW }).toBe('10,000');
  const counts = await cells();
  expect(counts.flat().reduce((sum, value) => sum + value, 0)).toBe(10_000);
  const right = counts.reduce((sum, row, label) => sum + row[label]!, 0);
  expect(await reviewFigure(en.review.figures.accuracy)).toMatch(`${(right / 100).toFixed(2)}`);
});

const reviewFigure = async (name: string): Promise<string> =>
  (await main(studio.page)
    .getByLabel(en.review.figures.label)
    .locator('div')
    .filter({ has: studio.page.locator('dt', { hasText: new RegExp(`^${name}$`) }) })
    .locator('dd')
    .first()
    .textContent())!;

const cell = (label: number, predicted: number): Locator =>
  main(studio.page).locator(`[data-place="${label + 1} ${predicted + 1}"]`);

/** The confusion matrix as the page shows it. */
const cells = (): Promise<number[][]> =>
  main(studio.page)
    .locator('table')
    .evaluate((table) =>
      Array.from({ length: 10 }, (_, label) =>
        Array.from({ length: 10 }, (_, predicted) => {
          const button = table.querySelector(`[data-place="${label + 1} ${predicted + 1}"]`);
          return Number((button?.textContent ?? '').replaceAll(',', ''));
        }),
      ),
    );

/** The mistake made most often. */
async function worst(): Promise<{ label: number; predicted: number; count: number }> {
  const all = (await cells()).flatMap((row, label) =>
    row.map((count, predicted) => ({ label, predicted, count: label === predicted ? 0 : count })),
  );
  return all.reduce((best, one) => (one.count > best.count ? one : best));
}

let corrected: { label: number; predicted: number; name: string };

it('corrects a digit with a key, undoes it, and corrects it again', async () => {
  const { page } = studio;
  const { label, predicted, count: before } = await worst();
  expect(before).toBeGreaterThan(1);
  const shown = (): Promise<string | null> => cell(label, predicted).textContent();
  await cell(label, predicted).click();
  const grid = main(page).getByRole('grid');
  await main(page)
    .getByRole('heading', { name: new RegExp(`^${before} digits$`) })
    .waitFor();
  await grid.getByRole('gridcell').nth(1).waitFor();
  const second = await grid.getByRole('gridcell').nth(1).boundingBox();
  await page.mouse.click(second!.x + 20, second!.y + 20);
  await main(page).getByText(`2 of ${before}`).waitFor();
  expect(await main(page).getByLabel(en.review.panel.topFive).getByRole('listitem').count()).toBe(5);
  const name = (await main(page).locator('.panel h2').textContent())!;

  await page.keyboard.press(String(predicted));
  await expect.poll(shown).toBe(String(before - 1));
  await page.keyboard.press('Control+z');
  await expect.poll(shown).toBe(String(before));
  // Undo comes back to the digit.
  await main(page).locator('.panel h2', { hasText: name }).waitFor();
  await page.keyboard.press(String(predicted));
  await expect.poll(shown).toBe(String(before - 1));
  corrected = { label, predicted, name };
});

it('keeps the correction when it is started again', async () => {
  await studio.close();
  studio = await Studio.launch(studio.home);
  const { page } = studio;
  await main(page)
    .getByRole('button', { name: /^MNIST\b/ })
    .click();
  await main(page).getByRole('heading', { level: 1, name: 'MNIST' }).waitFor();
  await go(page, 'review');
  await main(page)
    .getByRole('combobox', { name: en.review.batch })
    .selectOption({ label: 'MNIST · first reader' });
  await main(page).getByRole('button', { name: en.review.filters.relabelled }).click();
  await main(page).getByRole('heading', { name: '1 digit' }).waitFor();
  const panel = main(page).locator('.panel');
  await panel.locator('h2', { hasText: corrected.name }).waitFor();
  const history = panel.locator('.history li strong');
  const [from, to] = [corrected.label, corrected.predicted];
  // Newest first: given again, undone, given.
  expect(await history.allTextContents()).toEqual([`${from} → ${to}`, `${to} → ${from}`, `${from} → ${to}`]);
  await panel.getByText(`label ${to}, given ${from}`).waitFor();
});

it('complained of nothing meanwhile', () => {
  expect(studio.takeErrors()).toEqual([]);
});
