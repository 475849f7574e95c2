import type * as tfjs from '@tensorflow/tfjs-node';
import { CLASSES, TILE_BYTES, TILE_SIDE, type EpochMetrics } from '../../shared/domain.ts';
import { StudioError } from '../../shared/errors.ts';
import type {
  Checkpoint,
  LabelledTiles,
  NamedTensor,
  TrainListener,
  TrainRequest,
  TrainResult,
} from '../compute/types.ts';
import { breathe, checkCancelled } from '../jobs/flow.ts';
import { parameterSpecs, type Architecture } from '../models/architecture.ts';
import { forwardPass } from '../models/forward.ts';
import { readLogits } from '../models/inference.ts';
import { initialWeights } from '../models/initialise.ts';
import { lenet5 } from '../models/lenet5.ts';
import { scoreProbabilities, softmax } from '../models/scores.ts';
import type { Tensor, TensorFlow } from '../tensor/load.ts';
import { TrainMeter } from './meter.ts';
import { epochOrder } from './split.ts';
import { sgdStep, type Batch, type TrainState, type TrainStep } from './step.ts';

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
  const trainer = new Trainer(tf, model, request);
  try {
    for (let epoch = (done?.epoch ?? 0) + 1; epoch <= parameters.epochs; epoch++) {
      meter.beginEpoch(epoch);
      const order = epochOrder(count, parameters.seed, epoch);
      for (let first = 0; first < count; first += parameters.batchSize) {
        const started = performance.now();
        const result = trainer.step(train, order.subarray(first, first + parameters.batchSize));
        await breathe();
        meter.add(result, (performance.now() - started) / 1000);
        checkCancelled(signal);
      }
      const training = meter.endEpoch();
      const validated = await trainer.validate(validation, signal);
      if (validated && !Number.isFinite(validated.loss)) {
        throw new StudioError('training-diverged', { epoch, step: meter.step });
      }
      const metrics: EpochMetrics = {
        epoch,
        ...training,
        validationLoss: validated?.loss ?? null,
        validationAccuracy: validated?.accuracy ?? null,
      };
      done = nextCheckpoint(done, metrics, trainer.weights(), trainer.velocities());
      listener.epoch(metrics, done);
    }
  } finally {
    meter.dispose();
    trainer.dispose();
  }
  const { bestEpoch, bestWeights, metrics } = done!;
  return { bestEpoch, bestWeights, epochs: metrics, imagesPerSecond: meter.imagesPerSecond };
}

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

/** Owns the tensors of a run. */
class Trainer {
  readonly #tf: TensorFlow;
  readonly #model: Architecture;
  readonly #step: TrainStep;
  readonly #learningRate: tfjs.Scalar;
  #state: TrainState;

  constructor(tf: TensorFlow, model: Architecture, { parameters, resume }: TrainRequest) {
    this.#tf = tf;
    this.#model = model;
    this.#step = sgdStep(tf, forwardPass(tf, model), parameters.momentum);
    this.#learningRate = tf.scalar(parameters.learningRate);
    const weights = resume?.weights ?? initialWeights(model, parameters.seed);
    const load = ({ values, shape }: NamedTensor): Tensor => tf.tensor(values, shape);
    this.#state = {
      weights: weights.map(load),
      velocities: resume ? resume.optimiser.map(load) : weights.map(({ shape }) => tf.zeros(shape)),
    };
  }

  /** One step on the digits at these positions; the caller disposes of the two scalars. */
  step(data: LabelledTiles, positions: Uint32Array): { loss: Tensor; correct: Tensor; images: number } {
    const tf = this.#tf;
    const { next, loss, correct } = tf.tidy(() =>
      this.#step(this.#state, gatherBatch(tf, data, positions), this.#learningRate),
    );
    this.#disposeState();
    this.#state = next;
    return { loss, correct, images: positions.length };
  }

  /** Null without validation digits. */
  async validate(
    { tiles, labels }: LabelledTiles,
    signal: AbortSignal,
  ): Promise<{ loss: number; accuracy: number } | null> {
    if (labels.length === 0) return null;
    const logits = await readLogits(this.#tf, this.#model, this.#state.weights, tiles, signal);
    return scoreProbabilities(softmax(logits, CLASSES), labels);
  }

  weights(): NamedTensor[] {
    return this.#read(this.#state.weights);
  }

  velocities(): NamedTensor[] {
    return this.#read(this.#state.velocities);
  }

  dispose(): void {
    this.#disposeState();
    this.#learningRate.dispose();
  }

  #read(tensors: readonly Tensor[]): NamedTensor[] {
    return parameterSpecs(this.#model).map(({ name, shape }, at) => ({
      name,
      shape,
      values: Float32Array.from(tensors[at]!.dataSync()),
    }));
  }

  #disposeState(): void {
    for (const tensor of [...this.#state.weights, ...this.#state.velocities]) tensor.dispose();
  }
}

/** The digits at these positions as tensors. */
function gatherBatch(tf: TensorFlow, data: LabelledTiles, positions: Uint32Array): Batch {
  const pixels = new Float32Array(positions.length * TILE_BYTES);
  const labels = new Int32Array(positions.length);
  positions.forEach((position, at) => {
    pixels.set(data.tiles.subarray(position * TILE_BYTES, (position + 1) * TILE_BYTES), at * TILE_BYTES);
    labels[at] = data.labels[position]!;
  });
  return {
    tiles: tf.tensor4d(pixels, [positions.length, TILE_SIDE, TILE_SIDE, 1]),
    labels: tf.tensor1d(labels, 'int32'),
  };
}
