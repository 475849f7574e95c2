import { beforeAll, describe, expect, it, vi } from 'vitest';
import { recipeOf, type EpochMetrics, type TrainingParameters } from '../../shared/domain.ts';
import type {
  Checkpoint,
  LabelledTiles,
  TrainControl,
  TrainListener,
  TrainResult,
} from '../compute/types.ts';
import { Gate } from '../jobs/gate.ts';
import { loadTensorFlow } from '../tensor/load.ts';
import { someDigits } from './digits.testing.ts';
import { runTraining } from './loop.ts';

// Real training, on machines that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const tf = loadTensorFlow();
let train: LabelledTiles;
let validation: LabelledTiles;
beforeAll(async () => {
  train = await someDigits('train', 130);
  validation = await someDigits('test', 40);
});
const forever = new AbortController().signal;

/** Trains, and keeps every checkpoint that comes by. */
async function run(
  parameters: TrainingParameters,
  options: TrainControl & { resume?: Checkpoint; listener?: Partial<TrainListener> } = {},
): Promise<{ result: TrainResult; checkpoints: Checkpoint[]; epochs: EpochMetrics[] }> {
  const { resume, listener, ...loop } = options;
  const checkpoints: Checkpoint[] = [];
  const epochs: EpochMetrics[] = [];
  const result = await runTraining(
    tf,
    { parameters, train, validation, ...(resume && { resume }) },
    {
      points: () => undefined,
      progress: () => undefined,
      epoch: (metrics, checkpoint) => void (epochs.push(metrics), checkpoints.push(checkpoint)),
      checkpoint: (checkpoint) => void checkpoints.push(checkpoint),
      ...listener,
    },
    forever,
    loop,
  );
  return { result, checkpoints, epochs };
}

const timeless = (epochs: readonly EpochMetrics[]): object[] => epochs.map(({ seconds: _, ...rest }) => rest);

describe('a run that goes on from any of its checkpoints ends as one that was never stopped', () => {
  it.each<[string, TrainingParameters]>([
    [
      'Adam, dropout, distortions, mean of the weights, one cycle',
      recipeOf('lenet5', {
        ...{ optimiser: 'adam', learningRate: 0.002, schedule: 'one-cycle', weightDecay: 0.01 },
        ...{ dropout: 0.2, averaging: 0.9, rotation: 10, shift: 2, elasticStrength: 20 },
        ...{ epochs: 3, batchSize: 32 },
      }),
    ],
    ['batch normalisation', recipeOf('compact', { epochs: 2, batchSize: 50 })],
    ['Levenberg-Marquardt, curvature anew with each pass', recipeOf('lenet1', { epochs: 2, shift: 1 })],
  ])('%s', async (_, parameters) => {
    const { result, checkpoints } = await run(parameters, { checkpointInterval: 0 });
    expect(checkpoints.filter(({ step }) => step > 0).length).toBeGreaterThan(parameters.epochs);
    // One in an epoch's middle, one at its end, and one before any epoch was finished.
    for (const find of [
      ({ epoch, step }: Checkpoint) => epoch === 1 && step === 2,
      ({ epoch, step }: Checkpoint) => epoch === 1 && step === 0,
      ({ epoch, step }: Checkpoint) => epoch === 0 && step === 1,
    ]) {
      const resumed = await run(parameters, { resume: checkpoints.find(find)! });
      expect(resumed.result.bestWeights).toEqual(result.bestWeights);
      expect(timeless(resumed.result.epochs)).toEqual(timeless(result.epochs));
    }
  });
});

describe('early stop', () => {
  it('ends after so many epochs without a better one, and keeps the best', async () => {
    // With such a rate the first epochs stay the best.
    const parameters = recipeOf('lenet5', { epochs: 40, learningRate: 1e-9, patience: 3 });
    const { result, checkpoints } = await run(parameters);
    expect(result.epochs.length).toBeLessThan(40);
    expect(result.epochs.length).toBe(result.bestEpoch + 3);
    // Going on from its end adds nothing.
    const again = await run(parameters, { resume: checkpoints.at(-1)! });
    expect(again.epochs).toHaveLength(0);
    expect(again.result.bestWeights).toEqual(result.bestWeights);
  });
});

describe('pause', () => {
  it('stands still between two steps with a checkpoint, and then goes on to the same end', async () => {
    const parameters = recipeOf('lenet5', { epochs: 2, batchSize: 16 });
    const whole = await run(parameters);
    const gate = new Gate();
    gate.set(true);
    const points: number[] = [];
    const stopped = Promise.withResolvers<Checkpoint>();
    const running = run(parameters, {
      gate,
      listener: {
        checkpoint: stopped.resolve,
        points: (some) => void points.push(...some.map(({ step }) => step)),
      },
    });
    expect(await stopped.promise).toMatchObject({ epoch: 0, step: 1, steps: 1 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(points).toEqual([1]);
    gate.set(false);
    expect((await running).result.bestWeights).toEqual(whole.result.bestWeights);
  });
});

describe('the study note', () => {
  it('as written does not learn: its loss stays at ln 10', async () => {
    const { epochs } = await run(recipeOf('note-as-written', { epochs: 3, batchSize: 16 }));
    for (const { trainLoss, validationLoss } of epochs) {
      expect(Math.abs(trainLoss - Math.LN10)).toBeLessThan(1e-3);
      expect(Math.abs(validationLoss! - Math.LN10)).toBeLessThan(1e-3);
    }
  });

  it('mended does', async () => {
    const { epochs } = await run(recipeOf('note-mended', { epochs: 60, batchSize: 16 }));
    expect(epochs.at(-1)!.trainLoss).toBeLessThan(1);
    expect(epochs.at(-1)!.trainAccuracy).toBeGreaterThan(0.8);
  });
});
