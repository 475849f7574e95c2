import type { TrainingParameters } from '../../shared/domain.ts';
import { isTrainable, type ParameterSpec } from '../../shared/models/summary.ts';
import type { NamedTensor } from '../compute/types.ts';
import { drawsOf } from '../tensor/draws.ts';
import type { Tensor, TensorFlow } from '../tensor/load.ts';
import { ADAM, type Update } from '../tensor/updates.ts';
import type { UpdateRule } from './rule.ts';
import { batchGradients, type Batch, type BatchGradients, type Objective } from './step.ts';

/** Share of batch normalisation's running statistics that a batch leaves. */
const KEPT_STATISTICS = 0.9;

/** Numbers that a step is given anew when they change. */
interface Rates {
  learningRate: number;
  /** Share of each kernel that a step takes away. */
  decay: number;
}

/**
 * What a gradient step keeps beside the weights, all in one list: velocities or moments of the trainable weights, then the running mean of
 * all weights where there is one.
 */
class StepState {
  readonly #specs: readonly ParameterSpec[];
  readonly #parameters: TrainingParameters;
  /** Positions of the trainable weights. */
  readonly #trained: number[];

  constructor(specs: readonly ParameterSpec[], parameters: TrainingParameters) {
    this.#specs = specs;
    this.#parameters = parameters;
    this.#trained = specs.flatMap((spec, at) => (isTrainable(spec) ? [at] : []));
  }

  /** Tensors beside the weights before the first step. */
  begin(weights: readonly NamedTensor[]): NamedTensor[] {
    const slots = this.#parameters.optimiser === 'adam' ? ['first moment', 'second moment'] : ['velocity'];
    const atRest = slots.flatMap((slot) =>
      this.#trained.map((at): NamedTensor => {
        const { name, shape, values } = weights[at]!;
        return { name: `${name} ${slot}`, shape, values: new Float32Array(values.length) };
      }),
    );
    return [...atRest, ...(this.#averages ? weights.map(copyForMean) : [])];
  }

  /** Of a state with its weights first: the weights that the model is made of. */
  modelWeights(state: readonly NamedTensor[]): NamedTensor[] {
    const count = this.#specs.length;
    if (!this.#averages) return state.slice(0, count);
    return state.slice(-count).map((mean, at) => ({ ...mean, name: this.#specs[at]!.name }));
  }

  /** Rates of a step, counted from 0 over all epochs. */
  rates(rate: number, step: number): Rates {
    const { optimiser, weightDecay } = this.#parameters;
    const correction =
      optimiser === 'adam' ? Math.sqrt(1 - ADAM.beta2 ** (step + 1)) / (1 - ADAM.beta1 ** (step + 1)) : 1;
    return { learningRate: rate * correction, decay: rate * weightDecay };
  }

  /** Updates of the weights with their gradients. */
  updates(gradients: readonly Tensor[], rates: Readonly<Record<string, Tensor>>): Update[] {
    const { learningRate: rate, decay } = rates;
    const { optimiser, momentum, weightDecay } = this.#parameters;
    const slots = this.#specs.length;
    return gradients.map((gradient, at): Update => {
      const value = this.#trained[at]!;
      const decays = weightDecay > 0 && this.#specs[value]!.role === 'kernel';
      const common = { value, gradient, rate: rate!, ...(decays && { decay: decay! }) };
      return optimiser === 'adam'
        ? { kind: 'adam', first: slots + at, second: slots + this.#trained.length + at, ...common }
        : { kind: 'momentum', velocity: slots + at, momentum, ...common };
    });
  }

  /** What follows the batch without a gradient: running statistics, and the mean of the weights (as they were before this step). */
  followers(
    state: readonly Tensor[],
    { statistics }: BatchGradients,
    keep: Tensor | undefined,
  ): { at: number; tensor: Tensor }[] {
    const running = this.#specs.flatMap(({ name }, at) => {
      const batch = statistics[name];
      return batch
        ? [{ at, tensor: state[at]!.mul(KEPT_STATISTICS).add(batch.mul(1 - KEPT_STATISTICS)) }]
        : [];
    });
    if (!this.#averages || !keep) return running;
    const first = state.length - this.#specs.length;
    const means = this.#specs.map((_, at) => {
      const mean = state[first + at]!;
      return { at: first + at, tensor: state[at]!.add(mean.sub(state[at]!).mul(keep)) };
    });
    return [...running, ...means];
  }

  get #averages(): boolean {
    return this.#parameters.averaging > 0;
  }
}

const copyForMean = ({ name, shape, values }: NamedTensor): NamedTensor => ({
  name: `${name} mean`,
  shape,
  values: values.slice(),
});

/** Share of the mean that a step keeps: less at first, so that the start is forgotten. `step` counts from 0. */
const keptOfMean = (averaging: number, step: number): number => Math.min(averaging, (1 + step) / (10 + step));

/** A step along the gradient of a whole batch, with momentum or by Adam. */
export function gradientRule(
  tf: TensorFlow,
  specs: readonly ParameterSpec[],
  parameters: TrainingParameters,
  objective: Objective,
  shards: number,
): UpdateRule {
  const kept = new StepState(specs, parameters);
  const { averaging } = parameters;
  const gradientsOf = batchGradients(tf, objective, shards);
  return {
    constantOrder: false,
    begin: (weights) => kept.begin(weights),
    renew: () => Promise.resolve(null),
    modelWeights: (state) => kept.modelWeights(state),
    scalars: (rate, step) => ({
      ...kept.rates(rate, step),
      ...(averaging > 0 && { averaging: keptOfMean(averaging, step) }),
    }),
    step({ state, batch: [tiles, labels], scalars, key }) {
      const weights = state.slice(0, specs.length);
      const found = gradientsOf(weights, { tiles, labels } as Batch, drawsOf(tf, key));
      const next = kept.followers(state, found, scalars['averaging']);
      tf.dispose(Object.values(found.statistics));
      return {
        updates: kept.updates(found.gradients, scalars),
        next,
        outputs: { loss: found.loss, correct: found.correct },
      };
    },
  };
}
