import fs from 'node:fs';
import path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseCsv } from './csv.ts';
import { testDigits, writeClasses, writeFlat } from './digits.ts';
import { Studio } from './harness.ts';
import { freshFolder } from './places.ts';
import {
  createProject,
  exportBatch,
  go,
  idle,
  importFolder,
  main,
  outcome,
  setRecipe,
  startClassifying,
  train,
} from './steps.ts';
import { en } from './words.ts';

/** Models go out of the window and in again. Each step stands on the one before. */
let studio: Studio;
const folder = freshFolder('exchange');
const at = (name: string): string => path.join(folder, name);
const scans = testDigits(24, 700);
/** What ONNX Runtime reads in the scans. */
let read: { digit: number; confidence: number }[];

beforeAll(async () => {
  await writeClasses(path.join(at('labelled'), 'train'), testDigits(400));
  await writeFlat(at('scans'), scans);
  studio = await Studio.launch();
  await createProject(studio, at('project'), 'Exchange');
  await importFolder(studio, at('labelled'));
  await go(studio.page, 'train');
  await setRecipe(studio.page, { epochs: '3', name: 'out and in' });
  await train(studio.page);
});
afterAll(() => studio?.close());

const dialog = (): Locator => studio.page.getByRole('dialog');

/** Presses a button of the model card that writes to a place, and waits until it is written. */
async function exportTo(format: keyof typeof en.exchange.formats, place: string): Promise<void> {
  await studio.answerSaveDialog(place);
  const words = en.exchange.formats[format];
  await dialog().getByRole('button', { name: words, exact: true }).click();
  await dialog()
    .getByText(en.exchange.exported(words, fs.realpathSync(folder) + path.sep + path.basename(place)))
    .waitFor();
}

it('writes an ONNX file from the model card, and ONNX Runtime reads digits with it', async () => {
  await outcome(studio.page).getByRole('button', { name: en.train.card.open }).click();
  await exportTo('onnx', at('model.onnx'));
  const session = await InferenceSession.create(at('model.onnx'));
  const tiles = Uint8Array.from(Buffer.concat(scans.map(({ tile }) => tile)));
  const { probabilities } = await session.run({
    tiles: new Tensor('uint8', tiles, [scans.length, 28, 28, 1]),
  });
  const values = probabilities!.data as Float32Array;
  read = scans.map((_, index) => {
    const row = [...values.subarray(index * 10, index * 10 + 10)];
    const confidence = Math.max(...row);
    return { digit: row.indexOf(confidence), confidence };
  });
  const right = scans.filter(({ label }, index) => read[index]!.digit === label);
  expect(right.length).toBeGreaterThan(scans.length / 2);
});

it('writes the card as Markdown and a folder for TensorFlow.js', async () => {
  await exportTo('card-markdown', at('card.md'));
  expect(fs.readFileSync(at('card.md'), 'utf8')).toMatch(/^# out and in\n/);
  await exportTo('tfjs', at('graph'));
  expect(fs.readdirSync(at('graph')).sort()).toEqual(['group1-shard1of1.bin', 'model.json']);
  await studio.page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'hidden' });
});

it('says which file is missing in what is no model', async () => {
  const { page } = studio;
  fs.mkdirSync(at('empty'));
  await go(page, 'classify');
  await main(page).getByRole('button', { name: en.exchange.open }).click();
  await studio.answerFolderDialog(at('empty'));
  await dialog().getByRole('button', { name: en.exchange.choose }).click();
  await dialog().getByRole('button', { name: en.exchange.start, exact: false }).click();
  await dialog().getByRole('alert').getByText('model.json').waitFor();
});

it('takes the TensorFlow.js folder in, and reads with it what ONNX Runtime read', async () => {
  const { page } = studio;
  await studio.answerFolderDialog(at('graph'));
  await dialog().getByRole('button', { name: en.exchange.change }).click();
  await dialog().getByLabel(en.exchange.name).fill('came back');
  await dialog().getByRole('button', { name: en.exchange.start, exact: false }).click();
  await dialog().getByText(en.exchange.done('came back', '61,706')).waitFor();
  await dialog().getByRole('button', { name: en.common.close }).last().click();
  await dialog().waitFor({ state: 'hidden' });

  const model = main(page).getByLabel(en.classify.model, { exact: true });
  expect(await model.locator('option:checked').textContent()).toContain('came back');
  await startClassifying(studio, at('scans'));
  await idle(page);
  await studio.answerSaveDialog(at('read.csv'));
  await exportBatch(page, 'csv');
  await main(page).getByText(at('read.csv')).waitFor();
  const [, ...rows] = parseCsv(fs.readFileSync(at('read.csv'), 'utf8'));
  const found = rows.map(([, digit, confidence]) => ({
    digit: Number(digit),
    confidence: Number(confidence),
  }));
  expect(found.map(({ digit }) => digit)).toEqual(read.map(({ digit }) => digit));
  found.forEach(({ confidence }, index) => expect(confidence).toBeCloseTo(read[index]!.confidence, 4));
});

it('is found in the command palette', async () => {
  const { page } = studio;
  await page.keyboard.press('Control+K');
  await page.getByRole('combobox', { name: en.shell.palette.placeholder }).fill('Import model');
  await page.keyboard.press('Enter');
  await dialog().getByText(en.exchange.about).waitFor();
  await page.keyboard.press('Escape');
});

it('complained of nothing meanwhile', () => {
  expect(studio.takeErrors()).toEqual([]);
});
