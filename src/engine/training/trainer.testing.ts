import { expect } from 'vitest';
import { TILE_BYTES, TILE_SIDE, type TrainingParameters } from '../../shared/domain.ts';
import { architectureFor } from '../../shared/models/family/index.ts';
import { parameterSpecs } from '../../shared/models/summary.ts';
import type { LabelledTiles } from '../compute/types.ts';
import { forwardPass } from '../models/forward.ts';
import { EagerStep } from '../tensor/eager-step.ts';
import { loadTensorFlow } from '../tensor/load.ts';
import { openStep, type Step, type StepOptions } from '../tensor/step.ts';
import { someDigits } from './digits.testing.ts';
import { epochOrder } from './split.ts';
import { trainingStep } from './trainer.ts';

const STEPS = 200;

/** How far each tensor of the weights is apart, as a share of its norm. */
type Distances = { name: string; distance: number }[];

/** Trains 200 steps in the graph and operation by operation. */
export async function distances(parameters: TrainingParameters, shards: number): Promise<Distances> {
  const { options, train } = await prepare(parameters, shards);
  const [compiled, eager] = [await openStep(options), new EagerStep(options, 'to compare')];
  expect(compiled.eager).toBeNull();
  return apart(compiled, eager, parameters, train);
}

/**
 * Trains 200 steps operation by operation, twice: as the network computes, and with every layer by itself, which is the same but for the
 * last bits of its sums; starting weights and pixels differ in their last bit too. Over an even background all of a window are its
 * maximum, and only pixels that differ from place to place show what deciding between them does.
 */
export async function sensitivity(parameters: TrainingParameters, shards: number): Promise<Distances> {
  const { options, train } = await prepare(parameters, shards);
  const tf = loadTensorFlow();
  const model = architectureFor(parameters);
  const weights = parameterSpecs(model).length;
  const whole = forwardPass(tf, model);
  const lastBits = tf.tensor(
    Float32Array.from({ length: TILE_BYTES }, (_, at) => (at % 3) * 255 * 2 ** -23),
    [1, TILE_SIDE, TILE_SIDE, 1],
  );
  const { options: plain } = trainingStep(tf, model, { parameters, train }, shards, (tensors, tiles, pass) =>
    whole(tensors, tf.add(tiles, lastBits), { ...pass, observe: () => undefined }),
  );
  const moved = options.state.map((tensor, at) =>
    at < weights
      ? { ...tensor, values: tensor.values.map((value, index) => value * (1 + (index % 2) * 2 ** -23)) }
      : tensor,
  );
  return apart(
    new EagerStep({ ...plain, state: moved }, 'to compare'),
    new EagerStep(options, 'to compare'),
    parameters,
    train,
  );
}

async function prepare(
  parameters: TrainingParameters,
  shards: number,
): Promise<{ options: StepOptions; train: LabelledTiles }> {
  const train = await someDigits('train', 3_000);
  const model = architectureFor(parameters);
  const { options } = trainingStep(loadTensorFlow(), model, { parameters, train }, shards);
  return { options, train };
}

function apart(one: Step, other: Step, parameters: TrainingParameters, train: LabelledTiles): Distances {
  for (let done = 0, epoch = 1; done < STEPS; epoch++) {
    const order = epochOrder(train.labels.length, parameters.seed, epoch);
    for (const step of [one, other]) step.beginEpoch(order, [parameters.seed, done]);
    for (let used = 0; used < order.length && done < STEPS; done++) {
      other.run();
      used += one.run().samples;
    }
  }
  const [ours, theirs] = [one.readState(), other.readState()];
  for (const step of [one, other]) step.dispose();
  return parameterSpecs(architectureFor(parameters)).map(({ name }, at) => {
    const expected = theirs[at]!.values;
    const difference = ours[at]!.values.map((value, index) => value - expected[index]!);
    return { name, distance: norm(difference) / norm(expected) };
  });
}

const norm = (values: Float32Array): number => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));
