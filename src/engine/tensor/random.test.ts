import { describe, expect, it } from 'vitest';
import { randomStream } from './random.ts';

const draw = (count: number, next: () => number): number[] => Array.from({ length: count }, next);

describe('randomStream', () => {
  it('depends on seed, purpose and indices, and on nothing else', () => {
    const key = [7, 'epoch order', 3] as const;
    const first = draw(8, randomStream(...key).uint32);
    draw(100, randomStream(1, 'something else').uint32);
    expect(draw(8, randomStream(...key).uint32)).toEqual(first);
    for (const other of [
      randomStream(8, 'epoch order', 3),
      randomStream(7, 'epoch ordes', 3),
      randomStream(7, 'epoch order', 4),
      randomStream(7, 'epoch order'),
      randomStream(7, 'epoch order', 3, 0),
    ]) {
      expect(draw(8, other.uint32)).not.toEqual(first);
    }
  });

  it('keeps its numbers from version to version: seeds on model cards must go on meaning the same', () => {
    expect(draw(3, randomStream(1, 'epoch order', 1).uint32)).toEqual([4130345384, 3135162164, 1094284963]);
  });

  it('is uniform', () => {
    const { below } = randomStream(1, 'test of uniformity');
    const counts = new Array<number>(10).fill(0);
    for (let at = 0; at < 100_000; at++) counts[below(10)]!++;
    const chiSquared = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    // 99.9 % of fair streams stay below this, with 9 degrees of freedom.
    expect(chiSquared).toBeLessThan(27.9);
  });

  it('draws uniform and normal numbers with the right moments', () => {
    const random = randomStream(5, 'moments');
    const moments = (values: number[]): [mean: number, deviation: number] => {
      const mean = values.reduce((a, b) => a + b) / values.length;
      return [mean, Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)];
    };
    const uniform = draw(50_000, () => random.uniform(-2, 4));
    expect(Math.max(...uniform.slice(0, 10_000))).toBeLessThan(4);
    expect(Math.min(...uniform.slice(0, 10_000))).toBeGreaterThanOrEqual(-2);
    const [uniformMean, uniformDeviation] = moments(uniform);
    expect(uniformMean).toBeCloseTo(1, 1);
    expect(uniformDeviation).toBeCloseTo(6 / Math.sqrt(12), 1);
    const [normalMean, normalDeviation] = moments(draw(50_000, () => random.normal()));
    expect(normalMean).toBeCloseTo(0, 1);
    expect(normalDeviation).toBeCloseTo(1, 1);
  });

  it('shuffles without losing or doubling anything', () => {
    const shuffled = randomStream(1, 'shuffle').shuffle(Uint32Array.from({ length: 1000 }, (_, at) => at));
    expect([...shuffled]).not.toEqual([...shuffled].sort((a, b) => a - b));
    expect([...shuffled].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, at) => at));
  });
});
