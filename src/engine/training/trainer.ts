import type * as tfjs from '@tensorflow/tfjs-node';
import { CLASSES, TILE_SIDE } from '../../shared/domain.ts';
import type { LabelledTiles, NamedTensor, TrainRequest } from '../compute/types.ts';
import { breathe, checkCancelled } from '../jobs/flow.ts';
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

  private constructor(tf: TensorFlow, model: Architecture, step: Step) {
    this.#tf = tf;
    this.#model = model;
    this.#step = step;
  }

  /** Compiles the step, which takes seconds for large batches. Throws `cancelled`. */
  static async open(
    tf: TensorFlow,
    model: Architecture,
    request: TrainRequest,
    signal?: AbortSignal,
  ): Promise<Trainer> {
    const pause = async (): Promise<void> => {
      await breathe();
      checkCancelled(signal);
    };
    return new Trainer(tf, model, await openStep(trainingStep(tf, model, request, threadsHere()), pause));
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

  /** Weights and momentum velocities now. */
  state(): { weights: NamedTensor[]; velocities: NamedTensor[] } {
    const state = this.#step.readState();
    const count = state.length / 2;
    return { weights: state.slice(0, count), velocities: state.slice(count) };
  }

  /** How the digits are read with these weights; null without digits. Throws `cancelled`. */
  async validate(
    weights: readonly NamedTensor[],
    { tiles, labels }: LabelledTiles,
    signal: AbortSignal,
  ): Promise<{ loss: number; accuracy: number } | null> {
    if (labels.length === 0) return null;
    if (this.#reader) this.#reader.write(weights);
    else this.#reader = new CompiledReader(this.#tf, this.#model, weights);
    const logits = await this.#reader.logits(tiles, signal);
    return scoreProbabilities(softmax(logits, CLASSES), labels);
  }

  dispose(): void {
    this.#step.dispose();
    this.#reader?.dispose();
  }
}

const atRest = ({ name, shape, values }: NamedTensor): NamedTensor => ({
  name,
  shape,
  values: new Float32Array(values.length),
});
