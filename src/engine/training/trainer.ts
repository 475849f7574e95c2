import { CLASSES, digitsPerStep, TILE_SIDE } from '../../shared/domain.ts';
import type { Architecture } from '../../shared/models/layers.ts';
import { hasRejectClass } from '../../shared/models/used.ts';
import { isTrainable, parameterSpecs } from '../../shared/models/summary.ts';
import type { LabelledTiles, NamedTensor, TrainRequest } from '../compute/types.ts';
import { breathe, checkCancelled } from '../jobs/flow.ts';
import { forwardPass, type Forward } from '../models/forward.ts';
import { CompiledReader } from '../models/inference.ts';
import { initialWeights } from '../models/initialise.ts';
import { scoreProbabilities, softmax } from '../models/scores.ts';
import { threadsHere, type TensorFlow } from '../tensor/load.ts';
import { openStep, type Step, type StepOptions } from '../tensor/step.ts';
import { distortionOf } from './distortions.ts';
import { lossFor } from './losses.ts';
import type { StepFigures } from './meter.ts';
import { gradientRule } from './optimiser.ts';
import type { UpdateRule } from './rule.ts';
import { learningRateAt } from './schedule.ts';
import { sdlmRule } from './sdlm.ts';
import { epochOrder } from './split.ts';
import type { Objective } from './step.ts';

type Request = Pick<TrainRequest, 'parameters' | 'train' | 'resume'>;

function ruleFor(
  tf: TensorFlow,
  model: Architecture,
  request: Request,
  shards: number,
  forward: Forward,
): UpdateRule {
  const { parameters } = request;
  const specs = parameterSpecs(model);
  const objective: Objective = {
    forward,
    loss: lossFor(tf, parameters),
    distort: distortionOf(tf, parameters),
    rejects: hasRejectClass(parameters),
    trainable: specs.map(isTrainable),
  };
  return parameters.optimiser === 'sdlm'
    ? sdlmRule(tf, model, request, objective)
    : gradientRule(tf, specs, parameters, objective, shards);
}

/** The training of a model as a step over the digits of a request. */
export function trainingStep(
  tf: TensorFlow,
  model: Architecture,
  request: Request,
  shards: number,
  forward: Forward = forwardPass(tf, model),
): { rule: UpdateRule; options: StepOptions } {
  const { parameters, train, resume } = request;
  const rule = ruleFor(tf, model, request, shards, forward);
  const weights = resume?.weights ?? initialWeights(model, parameters.seed);
  const options: StepOptions = {
    tf,
    columns: [
      { bytes: train.tiles, shape: [TILE_SIDE, TILE_SIDE, 1], type: 'float32' },
      { bytes: train.labels, shape: [], type: 'int32' },
    ],
    batchSize: digitsPerStep(parameters),
    state: [...weights, ...(resume?.optimiser ?? rule.begin(weights))],
    scalars: rule.scalars(parameters.learningRate, 0),
    step: (tensors) => rule.step(tensors),
  };
  return { rule, options };
}

/** Owns the training step of a run and the network that it changes. */
export class Trainer {
  readonly #tf: TensorFlow;
  readonly #model: Architecture;
  readonly #request: Request;
  readonly #step: Step;
  readonly #rule: UpdateRule;
  readonly #weights: number;
  readonly stepsPerEpoch: number;
  /** Of the next step, counted from 0 over all epochs. */
  #next = 0;
  /** The numbers that the step was given last. */
  readonly #scalars: Record<string, number> = {};
  #reader: CompiledReader | null = null;

  private constructor(tf: TensorFlow, model: Architecture, request: Request, rule: UpdateRule, step: Step) {
    const { parameters, train } = request;
    this.#tf = tf;
    this.#model = model;
    this.#request = request;
    this.#step = step;
    this.#rule = rule;
    this.#weights = parameterSpecs(model).length;
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
    const { rule, options } = trainingStep(tf, model, request, threadsHere());
    return new Trainer(tf, model, request, rule, await openStep(options, pause));
  }

  /** Why the step runs operation by operation; null when it is compiled. */
  get eager(): string | null {
    return this.#step.eager;
  }

  /** Begins an epoch, counted from 1, after so many of its steps. */
  async beginEpoch(epoch: number, done = 0): Promise<void> {
    const { parameters, train } = this.#request;
    const { seed } = parameters;
    this.#next = (epoch - 1) * this.stepsPerEpoch + done;
    const renewed = done === 0 ? await this.#rule.renew(epoch, () => this.state().weights) : null;
    renewed?.forEach((values, at) => this.#step.writeState(this.#weights + at, values));
    const order = epochOrder(train.labels.length, seed, this.#rule.constantOrder ? 1 : epoch);
    this.#step.beginEpoch(order.subarray(done * digitsPerStep(parameters)), [seed | 0, this.#next]);
  }

  /** Learning rate of the next step. */
  get learningRate(): number {
    return learningRateAt(this.#request.parameters, this.#next, this.stepsPerEpoch);
  }

  /** One step on the next digits of the epoch's order. */
  step(): StepFigures {
    this.#setScalars(this.#rule.scalars(this.learningRate, this.#next));
    const { outputs, samples } = this.#step.run();
    this.#next++;
    return { loss: outputs['loss']!, correct: outputs['correct']!, images: samples };
  }

  /** All that is kept now, and the weights that the model would be made of. */
  state(): { weights: NamedTensor[]; optimiser: NamedTensor[]; modelWeights: NamedTensor[] } {
    const state = this.#step.readState();
    return {
      weights: state.slice(0, this.#weights),
      optimiser: state.slice(this.#weights),
      modelWeights: this.#rule.modelWeights(state),
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
