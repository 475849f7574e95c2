import type * as tfjs from '@tensorflow/tfjs-node';
import { CLASSES, digitsPerStep, TILE_SIDE } from '../../shared/domain.ts';
import type { Architecture } from '../../shared/models/layers.ts';
import { isTrainable, parameterSpecs } from '../../shared/models/summary.ts';
import type { LabelledTiles, NamedTensor, TrainRequest } from '../compute/types.ts';
import { breathe, checkCancelled } from '../jobs/flow.ts';
import { forwardPass, type Forward } from '../models/forward.ts';
import { CompiledReader } from '../models/inference.ts';
import { initialWeights } from '../models/initialise.ts';
import { scoreProbabilities, softmax } from '../models/scores.ts';
import { drawsOf } from '../tensor/draws.ts';
import { threadsHere, type TensorFlow } from '../tensor/load.ts';
import { openStep, type Step, type StepOptions } from '../tensor/step.ts';
import { distortionOf } from './distortions.ts';
import { lossFor } from './losses.ts';
import type { StepFigures } from './meter.ts';
import { keptOfMean, StepState } from './optimiser.ts';
import { learningRateAt } from './schedule.ts';
import { sdlmFactors, sdlmStep, unknownFactors } from './sdlm.ts';
import { epochOrder } from './split.ts';
import { batchGradients, type Objective } from './step.ts';

type Request = Pick<TrainRequest, 'parameters' | 'train' | 'resume'>;

/** The training of a model as a step over the digits of a request. */
export function trainingStep(
  tf: TensorFlow,
  model: Architecture,
  { parameters, train, resume }: Request,
  shards: number,
  forward: Forward = forwardPass(tf, model),
): StepOptions {
  const specs = parameterSpecs(model);
  const weights = resume?.weights ?? initialWeights(model, parameters.seed);
  const objective: Objective = {
    forward,
    loss: lossFor(tf, parameters),
    distort: distortionOf(tf, parameters),
    trainable: specs.map(isTrainable),
  };
  const common = {
    tf,
    columns: [
      { bytes: train.tiles, shape: [TILE_SIDE, TILE_SIDE, 1], type: 'float32' },
      { bytes: train.labels, shape: [], type: 'int32' },
    ] satisfies StepOptions['columns'],
    batchSize: digitsPerStep(parameters),
  };
  if (parameters.optimiser === 'sdlm')
    return {
      ...common,
      state: [...weights, ...(resume?.optimiser ?? unknownFactors(weights))],
      scalars: { learningRate: parameters.learningRate },
      step: sdlmStep(tf, objective),
    };
  const kept = new StepState(specs, parameters);
  const gradientsOf = batchGradients(tf, objective, shards);
  return {
    ...common,
    state: [...weights, ...(resume?.optimiser ?? kept.begin(weights))],
    scalars: {
      ...kept.rates(parameters.learningRate, 0),
      ...(parameters.averaging > 0 && { averaging: parameters.averaging }),
    },
    step: ({ state, batch: [tiles, labels], scalars, key }) => {
      const found = gradientsOf(
        state.slice(0, specs.length),
        { tiles: tiles as tfjs.Tensor4D, labels: labels as tfjs.Tensor1D },
        drawsOf(tf, key),
      );
      const next = kept.followers(state, found, scalars[2]);
      tf.dispose(Object.values(found.statistics));
      return {
        updates: kept.updates(found.gradients, scalars),
        next,
        outputs: { loss: found.loss, correct: found.correct },
      };
    },
  };
}

/** Owns the training step of a run and the network that it changes. */
export class Trainer {
  readonly #tf: TensorFlow;
  readonly #model: Architecture;
  readonly #request: Request;
  readonly #step: Step;
  readonly #kept: StepState;
  readonly #weights: number;
  readonly stepsPerEpoch: number;
  /** Of the next step, counted from 0 over all epochs. */
  #next = 0;
  /** The numbers that the step was given last. */
  readonly #scalars: Record<string, number> = {};
  #reader: CompiledReader | null = null;

  private constructor(tf: TensorFlow, model: Architecture, request: Request, step: Step) {
    const { parameters, train } = request;
    const specs = parameterSpecs(model);
    this.#tf = tf;
    this.#model = model;
    this.#request = request;
    this.#step = step;
    this.#kept = new StepState(specs, parameters);
    this.#weights = specs.length;
    this.stepsPerEpoch = Math.ceil(train.labels.length / digitsPerStep(parameters));
  }

  /** Compiles the step, which takes seconds for large batches. Throws `cancelled`. */
  static async open(
    tf: TensorFlow,
    model: Architecture,
    request: Request,
    signal?: AbortSignal,
  ): Promise<Trainer> {
    const pause = async (): Promise<void> => {
      await breathe();
      checkCancelled(signal);
    };
    const step = await openStep(trainingStep(tf, model, request, threadsHere()), pause);
    return new Trainer(tf, model, request, step);
  }

  /** Why the step runs operation by operation; null when it is compiled. */
  get eager(): string | null {
    return this.#step.eager;
  }

  /** Begins an epoch, counted from 1, after so many of its steps. */
  async beginEpoch(epoch: number, done = 0): Promise<void> {
    const { parameters, train } = this.#request;
    const { seed, optimiser } = parameters;
    this.#next = (epoch - 1) * this.stepsPerEpoch + done;
    if (optimiser === 'sdlm' && done === 0) {
      const weights = this.state().weights;
      const factors = await sdlmFactors(this.#tf, this.#model, parameters, weights, train, epoch);
      factors.forEach((values, at) => this.#step.writeState(this.#weights + at, values));
    }
    // The 1998 paper visits the patterns in one random order that stays.
    const order = epochOrder(train.labels.length, seed, optimiser === 'sdlm' ? 1 : epoch);
    this.#step.beginEpoch(order.subarray(done * digitsPerStep(parameters)), [seed | 0, this.#next]);
  }

  /** Learning rate of the next step. */
  get learningRate(): number {
    return learningRateAt(this.#request.parameters, this.#next, this.stepsPerEpoch);
  }

  /** One step on the next digits of the epoch's order. */
  step(): StepFigures {
    const { optimiser, averaging } = this.#request.parameters;
    const rate = this.learningRate;
    if (optimiser === 'sdlm') this.#setScalars({ learningRate: rate });
    else
      this.#setScalars({
        ...this.#kept.rates(rate, this.#next),
        ...(averaging > 0 && { averaging: keptOfMean(averaging, this.#next) }),
      });
    const { outputs, samples } = this.#step.run();
    this.#next++;
    return { loss: outputs['loss']!, correct: outputs['correct']!, images: samples };
  }

  /** All that is kept now, and the weights that the model would be made of. */
  state(): { weights: NamedTensor[]; optimiser: NamedTensor[]; modelWeights: NamedTensor[] } {
    const state = this.#step.readState();
    const weights = state.slice(0, this.#weights);
    const isSdlm = this.#request.parameters.optimiser === 'sdlm';
    return {
      weights,
      optimiser: state.slice(this.#weights),
      modelWeights: isSdlm ? weights : this.#kept.modelWeights(state),
    };
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

  #setScalars(values: Readonly<Record<string, number>>): void {
    for (const [name, value] of Object.entries(values)) {
      if (this.#scalars[name] === value) continue;
      this.#scalars[name] = value;
      this.#step.setScalar(name, value);
    }
  }
}
