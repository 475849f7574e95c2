import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { modelCard } from '../../shared/contract/model-card.ts';
import { defaultParameters, defaultRecipe } from '../../shared/domain.ts';
import { ComputeProcess } from '../compute/client.ts';
import type { Checkpoint, LabelledTiles, TrainListener } from '../compute/types.ts';
import { isNoDigit, readingsOf } from '../batches/reading.ts';
import { softmax } from '../models/scores.ts';
import { readModel } from '../models/store.ts';
import { someDigits } from './digits.testing.ts';
import { withNonDigits } from './non-digits.ts';
import { trainModel, type TrainModelOptions } from './run.ts';
import { pickTiles, splitValidation } from './split.ts';

// Real training, on machines that may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const compute = new ComputeProcess();
let train: LabelledTiles;
let test: LabelledTiles;
let folder: string;
const deaf: TrainListener = {
  points: () => undefined,
  progress: () => undefined,
  epoch: () => undefined,
  checkpoint: () => undefined,
};

beforeAll(async () => {
  train = await someDigits('train', 600);
  test = await someDigits('test', 200);
});
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'studio-run-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));
afterAll(() => compute.close());

const options = (changes: Partial<TrainModelOptions> = {}): TrainModelOptions => ({
  compute,
  name: 'first',
  dataName: 'MNIST',
  dataHash: 'abc',
  train,
  test,
  parameters: { ...defaultParameters, epochs: 2, batchSize: 16 },
  studioVersion: '0.1.0',
  modelFolder: path.join(folder, 'model'),
  listener: deaf,
  signal: new AbortController().signal,
  ...changes,
});

it('leaves a model folder with a complete card, and the same again after a resume', async () => {
  const checkpoints: Checkpoint[] = [];
  const listener = {
    ...deaf,
    epoch: (_: unknown, checkpoint: Checkpoint) => void checkpoints.push(checkpoint),
  };
  const card = await trainModel(options({ listener }));
  expect(() => modelCard.parse(card)).not.toThrow();
  expect(card).toMatchObject({
    name: 'first',
    architecture: 'LeNet-5',
    parameters: 61_706,
    data: { name: 'MNIST', hash: 'abc', trainCount: 540, validationCount: 60, testCount: 200 },
    engine: await compute.info(),
  });
  expect(await readdir(folder)).toEqual(['model']);
  const model = await readModel(path.join(folder, 'model'));
  expect(model.card).toEqual(card);

  const read = await compute.classify(path.join(folder, 'model'), test.tiles);
  const correct = test.labels.filter((label, at) => {
    const row = read.subarray(at * 10, at * 10 + 10);
    return row.indexOf(Math.max(...row)) === label;
  });
  expect(card.metrics.testAccuracy).toBe(correct.length / 200);
  expect(card.metrics.testAccuracy).toBeGreaterThan(0.5);
  expect(card.metrics.testLoss).toBeGreaterThan(0);

  // The confidences are those of the validation digits, as batches will show them.
  const { data, split, digits, temperature, curve } = card.confidence!;
  expect({ data, split, digits }).toEqual({ data: 'MNIST', split: 'validation', digits: 60 });
  const { validation } = splitValidation(
    train.labels,
    options().parameters.validationShare,
    options().parameters.seed,
  );
  const held = await pickTiles(train, validation);
  const shown = readingsOf(await compute.classify(path.join(folder, 'model'), held.tiles));
  for (const { threshold, accepted, errors } of curve) {
    const kept = [...shown.keys()].filter((at) => shown[at]!.confidence >= threshold);
    expect(kept).toHaveLength(accepted);
    expect(kept.filter((at) => shown[at]!.digit !== held.labels[at])).toHaveLength(errors);
  }
  const scores = await compute.scores(path.join(folder, 'model'), held.tiles);
  expect(softmax(scores, 10, temperature)).toEqual(
    await compute.classify(path.join(folder, 'model'), held.tiles),
  );

  const modelFolder = path.join(folder, 'resumed');
  expect(checkpoints[0]!.data).toBe('abc');
  await trainModel(options({ modelFolder, resume: checkpoints[0] }));
  expect((await readModel(modelFolder)).weights).toEqual(model.weights);
  // With other labels the splits would be others, and digits that it was trained with would validate it.
  const changed = options({ modelFolder: path.join(folder, 'changed'), dataHash: 'abd' });
  await expect(trainModel({ ...changed, resume: checkpoints[0] })).rejects.toMatchObject({
    code: 'training-data-changed',
    params: { name: 'MNIST' },
  });
});

it('with a reject class refuses what is no digit far more often than digits, and the curve holds for that', async () => {
  const modelFolder = path.join(folder, 'model');
  const many = await someDigits('train', 3_000);
  const parameters = { ...defaultParameters, epochs: 4, batchSize: 16, nonDigits: 0.3 };
  const card = await trainModel(options({ train: many, parameters }));
  expect(card).toMatchObject({ rejectClass: true, data: { trainCount: 2_698, validationCount: 302 } });
  const { card: kept } = await readModel(modelFolder);
  expect(kept).toEqual(card);
  const readOf = async (tiles: Uint8Array) => readingsOf(await compute.classify(modelFolder, tiles));
  const share = (readings: Awaited<ReturnType<typeof readOf>>): number =>
    readings.filter(isNoDigit).length / readings.length;
  expect(share(await readOf(test.tiles))).toBeLessThan(0.1);
  // Made from digits that it has not seen.
  const { tiles } = await withNonDigits(test, { nonDigits: 1, seed: 99, normalisation: defaultRecipe });
  expect(share(await readOf(tiles.subarray(test.tiles.length)))).toBeGreaterThan(0.5);

  const { validation } = splitValidation(many.labels, parameters.validationShare, parameters.seed);
  const shown = await readOf((await pickTiles(many, validation)).tiles);
  for (const { threshold, accepted } of card.confidence!.curve)
    expect(shown.filter(({ confidence }) => confidence >= threshold)).toHaveLength(accepted);
  // Another architecture has no place for it.
  const mse = { ...parameters, epochs: 1, loss: 'mse' } as const;
  expect(await trainModel(options({ parameters: mse }))).not.toHaveProperty('rejectClass');
});

it('measures nothing without test digits, and keeps the last epoch without validation', async () => {
  const parameters = { ...defaultParameters, epochs: 2, validationShare: 0 };
  const card = await trainModel(options({ test: null, parameters }));
  expect(card.metrics).toMatchObject({ bestEpoch: 2, testAccuracy: null, testLoss: null });
  expect(card.metrics.epochs[0]).toMatchObject({ validationLoss: null, validationAccuracy: null });
  expect(card.data).toMatchObject({ trainCount: 600, validationCount: 0, testCount: 0 });
  expect(card.confidence).toBeUndefined();
});

it('leaves nothing behind when it is cancelled', async () => {
  const controller = new AbortController();
  const listener = { ...deaf, points: () => controller.abort() };
  await expect(trainModel(options({ listener, signal: controller.signal }))).rejects.toMatchObject({
    code: 'cancelled',
  });
  expect(await readdir(folder)).toEqual([]);
});

it('removes what an earlier run to the same place left in its test', async () => {
  const modelFolder = path.join(folder, 'n'.repeat(255));
  vi.spyOn(compute, 'scores').mockImplementationOnce(async (candidate) => {
    // What lies there at that moment, under a name that its own end does not know.
    await cp(candidate, `${candidate.slice(0, -1)}-`, { recursive: true });
    throw new Error('killed');
  });
  await expect(trainModel(options({ modelFolder }))).rejects.toThrow('killed');
  expect(await readdir(folder)).toEqual([expect.stringMatching(/^\./) as string]);
  await trainModel(options({ modelFolder }));
  expect(await readdir(folder)).toEqual([path.basename(modelFolder)]);
});

it('refuses parameters that do not fit, before it touches anything', async () => {
  const parameters = { ...defaultParameters, convolutions: { C5: 'dilated' as const } };
  await expect(trainModel(options({ parameters }))).rejects.toMatchObject({
    code: 'training-does-not-fit',
    params: { kind: 'wrong-shape', layer: 'C5', needed: '9x9', found: '5x5' },
  });
  expect(await readdir(folder)).toEqual([]);
});

it('wants digits to train with', async () => {
  const none = { tiles: new Uint8Array(0), labels: new Uint8Array(0) };
  await expect(trainModel(options({ train: none }))).rejects.toMatchObject({
    code: 'too-few-digits',
    params: { name: 'MNIST', count: 0, needed: 1 },
  });
});
