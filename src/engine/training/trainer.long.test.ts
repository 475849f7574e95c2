import { describe, expect, it } from 'vitest';
import { activations, losses, poolings, recipeOf, type TrainingParameters } from '../../shared/domain.ts';
import { networks } from '../models/family.testing.ts';
import { distances, sensitivity } from './trainer.testing.ts';

const LIMIT = 1e-4;
/** Times that the graph may be as far off as rounding alone is. */
const MARGIN = 10;

const cases: [string, TrainingParameters][] = [
  ...networks,
  ...activations.flatMap((activation) =>
    poolings.map((pooling): [string, TrainingParameters] => [
      `lenet5, ${activation}, ${pooling} pooling`,
      recipeOf('lenet5', { activation, pooling }),
    ]),
  ),
  ...losses
    .filter((loss) => loss !== 'mse')
    .map((loss): [string, TrainingParameters] => [
      `lenet5-published, ${loss}, momentum`,
      recipeOf('lenet5-published', { loss, optimiser: 'momentum', learningRate: 5e-4 }),
    ]),
  ...(['mse', 'cross-entropy'] as const).map((loss): [string, TrainingParameters] => [
    `lenet4, ${loss}, momentum`,
    recipeOf('lenet4', { loss, optimiser: 'momentum', learningRate: 5e-3 }),
  ]),
  ['lenet5, Adam', recipeOf('lenet5', { optimiser: 'adam', pooling: 'average', learningRate: 1e-3 })],
  ['compact, momentum', recipeOf('compact', { optimiser: 'momentum', learningRate: 0.01 })],
];

/*
 * Where a slope jumps (ReLU, maxima) or a network is driven hard, the last bit of a sum decides the way of a gradient, and 200 steps multiply
 * that. So the measure is the operations against themselves with starting weights that differ in the last bit.
 */
describe('after 200 steps the graph has the weights that the operations have, as far as rounding lets anything have them', () => {
  it.each(cases)('%s', async (name, parameters) => {
    const graph = await distances(parameters, 2);
    const worst = Math.max(...graph.map(({ distance }) => distance));
    if (worst <= LIMIT) return;
    const rounding = Math.max(...(await sensitivity(parameters, 2)).map(({ distance }) => distance));
    console.warn(`${name}: graph ${worst.toExponential(1)}, rounding alone ${rounding.toExponential(1)}`);
    expect(rounding, 'of the operations against themselves').toBeGreaterThan(LIMIT / MARGIN);
    expect(worst).toBeLessThan(MARGIN * rounding);
  });
});
