import { expect } from 'vitest';
import { defaultParameters, type TrainingParameters } from '../../shared/domain.ts';
import { lenet5 } from '../../shared/models/family/lenet5.ts';
import { EagerStep } from '../tensor/eager-step.ts';
import { loadTensorFlow } from '../tensor/load.ts';
import { openStep } from '../tensor/step.ts';
import { someDigits } from './digits.testing.ts';
import { epochOrder } from './split.ts';
import { trainingStep } from './trainer.ts';

const STEPS = 200;

/** Trains 200 steps in the graph and operation by operation, and gives how far each tensor of the weights is apart, as a share of its norm. */
export async function distances(
  changes: Partial<TrainingParameters>,
  shards: number,
): Promise<{ name: string; distance: number }[]> {
  const tf = loadTensorFlow();
  const parameters = { ...defaultParameters, ...changes };
  const train = await someDigits('train', 3_000);
  const model = lenet5(parameters);
  const options = trainingStep(tf, model, { parameters, train }, shards);
  const [compiled, eager] = [await openStep(options), new EagerStep(options, 'to compare')];
  expect(compiled.eager).toBeNull();
  for (let done = 0, epoch = 1; done < STEPS; epoch++) {
    const order = epochOrder(train.labels.length, parameters.seed, epoch);
    for (const step of [compiled, eager]) step.beginEpoch(order);
    for (let used = 0; used < order.length && done < STEPS; done++) {
      eager.run();
      used += compiled.run().samples;
    }
  }
  const [ours, theirs] = [compiled.readState(), eager.readState()];
  for (const step of [compiled, eager]) step.dispose();
  return ours.slice(0, ours.length / 2).map(({ name, values }, at) => {
    const expected = theirs[at]!.values;
    return {
      name,
      distance: norm(values.map((value, index) => value - expected[index]!)) / norm(expected),
    };
  });
}

const norm = (values: Float32Array): number => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));
