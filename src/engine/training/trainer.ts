import type * as tfjs from '@tensorflow/tfjs-node';
import { CLASSES, TILE_SIDE } from '../../shared/domain.ts';
import type { LabelledTiles, NamedTensor, TrainRequest } from '../compute/types.ts';
import type { Architecture } from '../models/architecture.ts';
import { forwardPass } from '../models/forward.ts';
import { CompiledReader } from '../models/inference.ts';
import { initialWeights } from '../models/initialise.ts';
import { scoreProbabilities, softmax } from '../models/scores.ts';
import { threadsHere, type TensorFlow } from '../tensor/load.ts';
import { openStep, type Step, type StepOptions } from '../tensor/step.ts';
import type { StepFigures } from './meter.ts';
import { batchGradients } from './step.ts';

/** Gradient descent with momentum on a model, as a step over the digits of a request. */
export function trainingStep(
  tf: TensorFlow,
  model: Architecture,
  { parameters, train, resume }: Pick<TrainRequest, 'parameters' | 'train' | 'resume'>,
  shards: number,
): StepOptions {
  const weights = resume?.weights ?? initialWeights(model, parameters.seed);
  const velocities = resume?.optimiser ?? weights.map(atRest);
  const gradientsOf = batchGradients(tf, forwardPass(tf, model), shards);
  return {
    tf,
    state: [...weights, ...velocities],
    columns: [
      { bytes: train.tiles, shape: [TILE_SIDE, TILE_SIDE, 1], type: 'float32' },
      { bytes: train.labels, shape: [], type: 'int32' },
    ],
    scalars: { learningRate: parameters.learningRate },
    batchSize: parameters.batchSize,
    step: ({ state, batch: [tiles, labels], scalars: [rate] }) => {
      const { loss, correct, gradients } = gradientsOf(state.slice(0, weights.length), {
        tiles: tiles as tfjs.Tensor4D,
        labels: labels as tfjs.Tensor1D,
      });
      const updates = gradients.map((gradient, at) => ({
        value: at,
        velocity: weights.length + at,
        gradient,
        rate: rate!,
        momentum: parameters.momentum,
      }));
      return { updates, outputs: { loss, correct } };
    },
  };
}

/** Owns the training step of a run and the network that it changes. */
export class Trainer {
  readonly #tf: TensorFlow;
  readonly #model: Architecture;
  readonly #step: Step;
  #reader: CompiledReader | null = null;

  constructor(tf: TensorFlow, model: Architecture, request: TrainRequest) {
    this.#tf = tf;
    this.#model = model;
    this.#step = openStep(trainingStep(tf, model, request, threadsHere()));
  }

  /** Why the step runs operation by operation; null when it is compiled. */
  get eager(): string | null {
    return this.#step.eager;
  }

  beginEpoch(order: Uint32Array): void {
    this.#step.beginEpoch(order);
  }

  /** One step on the next digits of the epoch's order. */
  step(): StepFigures {
    const { outputs, samples } = this.#step.run();
    return { loss: outputs['loss']!, correct: outputs['correct']!, images: samples };
  }

  /** Null without validation digits. Throws `cancelled`. */
  async validate(
    { tiles, labels }: LabelledTiles,
    signal: AbortSignal,
  ): Promise<{ loss: number; accuracy: number } | null> {
    if (labels.length === 0) return null;
    this.#reader ??= new CompiledReader(this.#tf, this.#model, this.weights());
    this.#reader.write(this.weights());
    const logits = await this.#reader.logits(tiles, signal);
    return scoreProbabilities(softmax(logits, CLASSES), labels);
  }

  weights(): NamedTensor[] {
    return this.#state().slice(0, this.#state().length / 2);
  }

  /** Momentum velocities, in the order of the weights. */
  velocities(): NamedTensor[] {
    return this.#state().slice(this.#state().length / 2);
  }

  dispose(): void {
    this.#step.dispose();
    this.#reader?.dispose();
  }

  #state(): NamedTensor[] {
    return this.#step.readState();
  }
}

const atRest = ({ name, shape, values }: NamedTensor): NamedTensor => ({
  name,
  shape,
  values: new Float32Array(values.length),
});
