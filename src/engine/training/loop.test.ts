import { beforeAll, describe, expect, it, vi } from 'vitest';
import { defaultParameters, TILE_BYTES, type CurvePoint, type EpochMetrics } from '../../shared/domain.ts';
import { StudioError } from '../../shared/errors.ts';
import type {
  Checkpoint,
  LabelledTiles,
  TrainListener,
  TrainProgress,
  TrainRequest,
} from '../compute/types.ts';
import { initialWeights } from '../models/initialise.ts';
import { CompiledReader } from '../models/inference.ts';
import { lenet5 } from '../../shared/models/family/lenet5.ts';
import { scoreProbabilities, softmax } from '../models/scores.ts';
import { loadTensorFlow } from '../tensor/load.ts';
import { someDigits } from './digits.testing.ts';
import { nextCheckpoint, runTraining } from './loop.ts';

// Real training, on machines that may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const tf = loadTensorFlow();
let digits: LabelledTiles;
let none: LabelledTiles;
beforeAll(async () => {
  digits = await someDigits('train', 150);
  none = { tiles: new Uint8Array(0), labels: new Uint8Array(0) };
});

const forever = new AbortController().signal;
function recorder(): TrainListener & {
  all: { points: CurvePoint[]; progress: TrainProgress[]; epochs: EpochMetrics[] };
} {
  const all = { points: [] as CurvePoint[], progress: [] as TrainProgress[], epochs: [] as EpochMetrics[] };
  return {
    all,
    points: (points) => void all.points.push(...points),
    progress: (progress) => void all.progress.push(progress),
    epoch: (metrics) => void all.epochs.push(metrics),
    checkpoint: () => undefined,
  };
}
const request = (changes: Partial<TrainRequest['parameters']>, validation = none): TrainRequest => ({
  parameters: { ...defaultParameters, epochs: 1, ...changes },
  train: digits,
  validation,
});
/** After one epoch of three steps, with weights that no digit survives. */
function exploded(by = 1e38): Checkpoint {
  const weights = initialWeights(lenet5(defaultParameters), 1);
  const huge = weights.map((tensor) => ({ ...tensor, values: tensor.values.map((value) => value * by) }));
  const metrics = {
    trainLoss: 1,
    trainAccuracy: 1,
    validationLoss: null,
    validationAccuracy: null,
    seconds: 1,
  };
  return nextCheckpoint(
    null,
    { epoch: 1, ...metrics },
    { weights: huge, optimiser: weights, modelWeights: huge },
    3,
  );
}
const refusal = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    await work;
  } catch (error) {
    return error instanceof StudioError ? { code: error.code, ...error.params } : error;
  }
  return 'nothing thrown';
};

describe('runTraining', () => {
  it('counts the last, smaller batch by its size', async () => {
    // So slow that the weights stay what they were: the epoch's loss is the mean over all digits.
    const listener = recorder();
    await runTraining(tf, request({ learningRate: 1e-12, batchSize: 64 }), listener, forever);
    const model = lenet5(defaultParameters);
    const reader = new CompiledReader(tf, model, initialWeights(model, defaultParameters.seed));
    const expected = scoreProbabilities(softmax(await reader.logits(digits.tiles), 10), digits.labels);
    reader.dispose();
    expect(listener.all.epochs[0]!.trainLoss).toBeCloseTo(expected.loss, 4);
    expect(listener.all.epochs[0]!.trainAccuracy).toBeCloseTo(expected.accuracy, 6);
    expect(listener.all.progress.at(-1)).toMatchObject({ step: 3, stepsPerEpoch: 3, learningRate: 1e-12 });
    expect(listener.all.points.at(-1)).toMatchObject({ step: 3 });
  });

  it('makes a point every 16 steps, and of the rest of an epoch', async () => {
    const listener = recorder();
    await runTraining(tf, request({ batchSize: 4, epochs: 2, learningRate: 0.01 }), listener, forever);
    const steps = listener.all.points.map(({ step }) => step);
    // A machine that stands still for a while gives more.
    expect(steps).toEqual(expect.arrayContaining([38, 76]));
    steps.forEach((step, at) => expect(step - (steps[at - 1] ?? 0)).toBeLessThanOrEqual(16));
    const mean = listener.all.epochs.map(({ trainLoss }) => trainLoss);
    expect(mean[1]).toBeLessThan(mean[0]!);
  });

  it('learns its digits by heart and keeps no tensors', async () => {
    const before = tf.memory().numTensors;
    const result = await runTraining(tf, request({ epochs: 25, batchSize: 16 }, digits), recorder(), forever);
    expect(tf.memory().numTensors).toBe(before);
    expect(result.epochs).toHaveLength(25);
    expect(result.epochs.at(-1)!.validationAccuracy).toBeGreaterThan(0.99);
    const accuracies = result.epochs.map(({ validationAccuracy }) => validationAccuracy!);
    expect(accuracies[result.bestEpoch - 1]).toBe(Math.max(...accuracies));
    expect(result.imagesPerSecond).toBeGreaterThan(0);
  });

  it('names the step at which the loss is no number any more', async () => {
    const before = tf.memory().numTensors;
    const error = await refusal(
      runTraining(tf, { ...request({ epochs: 2 }), resume: exploded() }, recorder(), forever),
    );
    expect(error).toEqual({
      code: 'training-diverged',
      epoch: 2,
      step: 4,
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('keeps no epoch whose last step broke the weights', async () => {
    // One step: its loss is that of the weights before it.
    const one = { tiles: digits.tiles.slice(0, TILE_BYTES), labels: digits.labels.slice(0, 1) };
    const asked = {
      ...request({ learningRate: 10, activation: 'relu' }),
      train: one,
      resume: exploded(1e18),
    };
    asked.parameters.epochs = 2;
    expect(await refusal(runTraining(tf, asked, recorder(), forever))).toEqual({
      code: 'training-diverged',
      epoch: 2,
      step: 2,
    });
  });

  it('stops at the next step when asked', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    const before = tf.memory().numTensors;
    const error = await refusal(runTraining(tf, request({ epochs: 1000 }), recorder(), controller.signal));
    expect(error).toEqual({ code: 'cancelled' });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('trains with a single digit', async () => {
    const one = { tiles: digits.tiles.slice(0, TILE_BYTES), labels: digits.labels.slice(0, 1) };
    const result = await runTraining(
      tf,
      { ...request({}), train: one, validation: one },
      recorder(),
      forever,
    );
    expect(result.bestEpoch).toBe(1);
    expect(result.imagesPerSecond).toBeNull();
  });
});

describe('nextCheckpoint', () => {
  const epochs = (validated: [accuracy: number | null, loss: number | null][]): Checkpoint =>
    validated.reduce<Checkpoint | null>((before, [validationAccuracy, validationLoss], at) => {
      const figures = { trainLoss: 1, trainAccuracy: 1, seconds: 1, validationAccuracy, validationLoss };
      const weights = [{ name: 'w', shape: [1], values: Float32Array.of(at + 1) }];
      return nextCheckpoint(
        before,
        { epoch: at + 1, ...figures },
        { weights, optimiser: [], modelWeights: weights },
        at,
      );
    }, null)!;

  it.each([
    [
      'the most accurate epoch',
      [
        [0.9, 1],
        [0.95, 2],
        [0.94, 0.5],
      ],
      2,
    ],
    [
      'the smaller loss of equals',
      [
        [0.9, 1],
        [0.9, 0.5],
        [0.9, 0.7],
      ],
      2,
    ],
    [
      'the first of two that are the same',
      [
        [0.9, 1],
        [0.9, 1],
      ],
      1,
    ],
    [
      'the last without validation',
      [
        [null, null],
        [null, null],
      ],
      2,
    ],
  ] as [string, [number | null, number | null][], number][])('keeps %s', (_, validated, best) => {
    const checkpoint = epochs(validated);
    expect(checkpoint.bestEpoch).toBe(best);
    expect(checkpoint.bestWeights[0]!.values[0]).toBe(best);
    expect(checkpoint.weights[0]!.values[0]).toBe(validated.length);
    expect(checkpoint.metrics.map(({ epoch }) => epoch)).toEqual(validated.map((_, at) => at + 1));
  });
});
