import { describe, expect, it } from 'vitest';
import { lenet5 } from '../../shared/models/family/lenet5.ts';
import { initialWeights } from './initialise.ts';

const textbook = lenet5({ activation: 'tanh', pooling: 'average' });

describe('initialWeights', () => {
  const deviation = (values: Float32Array): number =>
    Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

  it('is the same for the same seed and another for another', () => {
    expect(initialWeights(textbook, 1)).toEqual(initialWeights(textbook, 1));
    expect(initialWeights(textbook, 2)[0]!.values).not.toEqual(initialWeights(textbook, 1)[0]!.values);
  });

  it.each([
    // Standard deviation of the 48,000 weights of C5: fan-in 400, fan-out 3,000.
    ['tanh', Math.sqrt(2 / 3400)],
    ['sigmoid', 4 * Math.sqrt(2 / 3400)],
    ['relu', Math.sqrt(2 / 400)],
  ] as const)('suits %s', (activation, expected) => {
    const weights = initialWeights(lenet5({ activation, pooling: 'max' }), 1);
    const kernel = weights.find(({ name }) => name === 'C5/kernel')!;
    expect(deviation(kernel.values) / expected).toBeCloseTo(1, 1);
    const bias = weights.find(({ name }) => name === 'C5/bias')!;
    expect(bias.values.every((value) => value === 0)).toBe(true);
  });
});
