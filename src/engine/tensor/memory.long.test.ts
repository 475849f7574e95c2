import v8 from 'node:v8';
import vm from 'node:vm';
import { expect, it } from 'vitest';
import { defaultParameters } from '../../shared/domain.ts';
import { lenet5 } from '../../shared/models/family/lenet5.ts';
import { someDigits } from '../training/digits.testing.ts';
import { epochOrder } from '../training/split.ts';
import { trainingStep } from '../training/trainer.ts';
import { loadTensorFlow } from './load.ts';
import { openStep } from './step.ts';

const STEPS = 20_000;

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc') as () => void;
/** Of the process, without what waits to be collected. */
function megabytes(): number {
  collectGarbage();
  return process.memoryUsage.rss() / 2 ** 20;
}

it('does not grow over 20,000 steps', async () => {
  const parameters = { ...defaultParameters, batchSize: 8 };
  const train = await someDigits('train', 803);
  const step = await openStep(
    trainingStep(loadTensorFlow(), lenet5(parameters), { parameters, train }, 1).options,
  );
  expect(step.eager).toBeNull();
  const sizes: number[] = [];
  for (let done = 0, epoch = 1; done < STEPS; epoch++) {
    const order = epochOrder(train.labels.length, 1, epoch);
    step.beginEpoch(order);
    for (let used = 0; used < order.length; done++) used += step.run().samples;
    sizes.push(megabytes());
  }
  // What is in use for a moment comes and goes; what leaks stays.
  const quarter = sizes.length >> 2;
  const growth = Math.min(...sizes.slice(-quarter)) - Math.min(...sizes.slice(quarter, 2 * quarter));
  console.warn(`${STEPS} steps: ${growth.toFixed(1)} MB more`);
  expect(growth).toBeLessThan(10);
  step.dispose();
});
