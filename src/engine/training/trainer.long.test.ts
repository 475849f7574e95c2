import { describe, expect, it } from 'vitest';
import { distances } from './trainer.testing.ts';

describe('after 200 steps the graph has the weights that the operations have', () => {
  it.each(['tanh', 'sigmoid'] as const)('%s, average pooling', async (activation) => {
    for (const { name, distance } of await distances({ activation, pooling: 'average' }, 2))
      expect(distance, name).toBeLessThan(1e-4);
  });

  // Where the slope jumps, rounding decides which way a gradient goes, and 200 steps multiply that: these stay close, not equal.
  it.each([
    { activation: 'tanh', pooling: 'max' },
    { activation: 'sigmoid', pooling: 'max' },
    { activation: 'relu', pooling: 'average' },
    { activation: 'relu', pooling: 'max' },
  ] as const)('$activation, $pooling pooling', async (changes) => {
    for (const { name, distance } of await distances(changes, 2)) expect(distance, name).toBeLessThan(0.05);
  });
});
