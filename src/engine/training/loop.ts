import type { EpochMetrics } from '../../shared/domain.ts';
import { StudioError } from '../../shared/errors.ts';
import { architectureFor } from '../../shared/models/family/index.ts';
import type { Checkpoint, TrainControl, TrainListener, TrainRequest, TrainResult } from '../compute/types.ts';
import { breathe, checkCancelled, orCancelled } from '../jobs/flow.ts';
import type { TensorFlow } from '../tensor/load.ts';
import { TrainMeter } from './meter.ts';
import { Trainer } from './trainer.ts';

/** At least this long between two checkpoints in the middle of an epoch, in milliseconds. */
const CHECKPOINT_INTERVAL = 30_000;

/**
 * Trains the architecture that the parameters name, in the process that TensorFlow is loaded in. Gives way to the event loop after every
 * step, and stops or stands still there when it is told to. Throws `cancelled` or `training-diverged`.
 */
export async function runTraining(
  tf: TensorFlow,
  request: TrainRequest,
  listener: TrainListener,
  signal: AbortSignal,
  { gate, checkpointInterval = CHECKPOINT_INTERVAL }: TrainControl = {},
): Promise<TrainResult> {
  const { parameters, validation } = request;
  const model = architectureFor(parameters);
  let done: Checkpoint | null = request.resume ?? null;
  const trainer = await Trainer.open(tf, model, request, signal);
  const { stepsPerEpoch } = trainer;
  const first = done?.step ?? 0;
  const meter = new TrainMeter({ step: (done?.epoch ?? 0) * stepsPerEpoch + first, stepsPerEpoch, listener });
  let keptAt = performance.now();
  try {
    for (
      let epoch = (done?.epoch ?? 0) + 1;
      epoch <= parameters.epochs && !isPast(done, parameters);
      epoch++
    ) {
      const from: number = done?.step ?? 0;
      meter.beginEpoch(epoch, from > 0 ? done!.sums : undefined);
      await trainer.beginEpoch(epoch, from);
      for (let step = from; step < stepsPerEpoch; step++) {
        const started = performance.now();
        const rate = trainer.learningRate;
        const result = trainer.step();
        await breathe();
        meter.add(result, rate, (performance.now() - started) / 1000);
        checkCancelled(signal);
        // After the last step of an epoch comes its own checkpoint, and a pause waits for that.
        if (step + 1 === stepsPerEpoch) break;
        const isDue = performance.now() - keptAt >= checkpointInterval;
        if (isDue || gate?.paused) {
          keptAt = performance.now();
          const { weights, optimiser } = trainer.state();
          const [sums, steps] = [meter.sums(), meter.step];
          listener.checkpoint({ ...(done ?? BEFORE), step: step + 1, steps, sums, weights, optimiser });
        }
        if (gate?.paused) {
          await orCancelled(gate.opened(), signal);
          meter.goOn();
        }
      }
      const training = meter.endEpoch();
      const state = trainer.state();
      // The last step's loss is that of the weights before it.
      if (!state.weights.every(({ values }) => values.every(Number.isFinite)))
        throw diverged(epoch, meter.step);
      const validated = await trainer.validate(state.modelWeights, validation, signal);
      if (validated && !Number.isFinite(validated.loss)) throw diverged(epoch, meter.step);
      const metrics: EpochMetrics = {
        epoch,
        ...training,
        validationLoss: validated?.loss ?? null,
        validationAccuracy: validated?.accuracy ?? null,
      };
      done = nextCheckpoint(done, metrics, state, meter.step);
      keptAt = performance.now();
      listener.epoch(metrics, done);
      if (gate?.paused && epoch < parameters.epochs) await orCancelled(gate.opened(), signal);
    }
  } finally {
    trainer.dispose();
  }
  const { bestEpoch, bestWeights, metrics } = done!;
  const { imagesPerSecond } = meter;
  return { bestEpoch, bestWeights, epochs: metrics, imagesPerSecond, eager: trainer.eager };
}

const NO_SUMS = { loss: 0, correct: 0, images: 0, seconds: 0 };
/** A run that has finished no epoch. */
const BEFORE = { epoch: 0, data: null, metrics: [], bestEpoch: 0, bestWeights: [] };

/** So many epochs have brought nothing better that training ends. */
const isPast = (done: Checkpoint | null, { patience }: TrainRequest['parameters']): boolean =>
  done !== null && patience > 0 && done.epoch > 0 && done.epoch - done.bestEpoch >= patience;

const diverged = (epoch: number, step: number): StudioError =>
  new StudioError('training-diverged', { epoch, step });

/** Adds a finished epoch; it is the best when it reads more of the validation digits right, or as many with less loss. */
export function nextCheckpoint(
  before: Checkpoint | null,
  metrics: EpochMetrics,
  { weights, optimiser, modelWeights }: ReturnType<Trainer['state']>,
  steps: number,
): Checkpoint {
  const best = before?.metrics.find(({ epoch }) => epoch === before.bestEpoch);
  const better = !best || isBetter(metrics, best);
  return {
    epoch: metrics.epoch,
    step: 0,
    steps,
    data: null,
    sums: NO_SUMS,
    weights,
    optimiser,
    metrics: [...(before?.metrics ?? []), metrics],
    bestEpoch: better ? metrics.epoch : before!.bestEpoch,
    bestWeights: better ? modelWeights : before!.bestWeights,
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
