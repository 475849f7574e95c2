import { expect, it } from 'vitest';
import { recipeOf } from '../../shared/domain.ts';
import { distances } from './trainer.testing.ts';

it.each([
  ['momentum', recipeOf('lenet5', { pooling: 'average' })],
  [
    'Adam, decay, mean of the weights, distortions',
    recipeOf('lenet5', {
      pooling: 'average',
      optimiser: 'adam',
      learningRate: 0.001,
      weightDecay: 0.01,
      averaging: 0.99,
      rotation: 10,
      shift: 2,
      elasticStrength: 20,
    }),
  ],
] as const)(
  'after 200 steps, the last of an epoch smaller, has the weights that the operations have: %s',
  async (_, parameters) => {
    for (const { name, distance } of await distances(parameters, 2))
      expect(distance, name).toBeLessThan(1e-4);
  },
);
