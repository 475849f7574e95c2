import type { EpochMetrics } from '../../shared/domain.ts';
import { StudioError } from '../../shared/errors.ts';
import type { Checkpoint, NamedTensor, TrainListener, TrainRequest, TrainResult } from '../compute/types.ts';
import { breathe, checkCancelled } from '../jobs/flow.ts';
import { lenet5 } from '../models/lenet5.ts';
import type { TensorFlow } from '../tensor/load.ts';
import { TrainMeter } from './meter.ts';
import { epochOrder } from './split.ts';
import { Trainer } from './trainer.ts';

/**
 * Trains LeNet-5, in the process that TensorFlow is loaded in. Gives way to the event loop after every step, and stops there when the
 * signal says so. Throws `cancelled` or `training-diverged`.
 */
export async function runTraining(
  tf: TensorFlow,
  request: TrainRequest,
  listener: TrainListener,
  signal: AbortSignal,
): Promise<TrainResult> {
  const { parameters, train, validation } = request;
  const model = lenet5(parameters);
  const count = train.labels.length;
  const stepsPerEpoch = Math.ceil(count / parameters.batchSize);
  let done: Checkpoint | null = request.resume ?? null;
  const meter = new TrainMeter({
    step: (done?.epoch ?? 0) * stepsPerEpoch,
    stepsPerEpoch,
    learningRate: parameters.learningRate,
    listener,
  });
  const trainer = await Trainer.open(tf, model, request, signal);
  if (trainer.eager !== null) console.warn(`training runs operation by operation: ${trainer.eager}`);
  try {
    for (let epoch = (done?.epoch ?? 0) + 1; epoch <= parameters.epochs; epoch++) {
      meter.beginEpoch(epoch);
      const order = epochOrder(count, parameters.seed, epoch);
      trainer.beginEpoch(order);
      for (let step = 0; step < stepsPerEpoch; step++) {
        const started = performance.now();
        const result = trainer.step();
        await breathe();
        meter.add(result, (performance.now() - started) / 1000);
        checkCancelled(signal);
      }
      const training = meter.endEpoch();
      const { weights, velocities } = trainer.state();
      // The last step's loss is that of the weights before it.
      if (!weights.every(({ values }) => values.every(Number.isFinite))) throw diverged(epoch, meter.step);
      const validated = await trainer.validate(weights, validation, signal);
      if (validated && !Number.isFinite(validated.loss)) throw diverged(epoch, meter.step);
      const metrics: EpochMetrics = {
        epoch,
        ...training,
        validationLoss: validated?.loss ?? null,
        validationAccuracy: validated?.accuracy ?? null,
      };
      done = nextCheckpoint(done, metrics, weights, velocities);
      listener.epoch(metrics, done);
    }
  } finally {
    trainer.dispose();
  }
  const { bestEpoch, bestWeights, metrics } = done!;
  return { bestEpoch, bestWeights, epochs: metrics, imagesPerSecond: meter.imagesPerSecond };
}

const diverged = (epoch: number, step: number): StudioError =>
  new StudioError('training-diverged', { epoch, step });

/** Adds a finished epoch; it is the best when it reads more of the validation digits right, or as many with less loss. */
export function nextCheckpoint(
  before: Checkpoint | null,
  metrics: EpochMetrics,
  weights: NamedTensor[],
  optimiser: NamedTensor[],
): Checkpoint {
  const best = before?.metrics.find(({ epoch }) => epoch === before.bestEpoch);
  const better = !best || isBetter(metrics, best);
  return {
    epoch: metrics.epoch,
    weights,
    optimiser,
    metrics: [...(before?.metrics ?? []), metrics],
    bestEpoch: better ? metrics.epoch : before!.bestEpoch,
    bestWeights: better ? weights : before!.bestWeights,
  };
}

/** Without validation the later epoch counts as better. */
function isBetter(candidate: EpochMetrics, best: EpochMetrics): boolean {
  if (candidate.validationAccuracy === null || best.validationAccuracy === null) return true;
  if (candidate.validationAccuracy !== best.validationAccuracy) {
    return candidate.validationAccuracy > best.validationAccuracy;
  }
  return candidate.validationLoss! < best.validationLoss!;
}
