import { describe, expect, it } from 'vitest';
import { upperBound } from './bound.ts';

describe('the upper bound of a share', () => {
  // 1 - 0.05^(1/n) in closed form.
  it.each([1, 10, 300, 5_000, 60_000])('without a hit among %d is 1 - 0.05^(1/n)', (count) =>
    expect(upperBound(0, count)).toBeCloseTo(-Math.expm1(Math.log(0.05) / count), 10),
  );

  // qbeta(0.95, k + 1, n - k), from tables of the beta distribution.
  it.each([
    [1, 10, 0.3942],
    [5, 100, 0.1023],
    [9, 10, 0.9949],
  ])('%d of %d: %f', (hits, count, bound) => expect(upperBound(hits, count)).toBeCloseTo(bound, 4));

  it('is 1 when all are hits and when there is nothing to count', () => {
    expect(upperBound(7, 7)).toBe(1);
    expect(upperBound(0, 0)).toBe(1);
  });

  it('comes down to the share as the digits become more, and stays finite for many hits', () => {
    const bounds = [100, 1_000, 10_000, 100_000].map((count) => upperBound(count / 10, count));
    expect(bounds).toEqual(bounds.toSorted((a, b) => b - a));
    expect(bounds.at(-1)).toBeGreaterThan(0.1);
    expect(bounds.at(-1)).toBeLessThan(0.102);
  });

  it('covers the true share about as often as it says', () => {
    // All outcomes of 50 trials, weighted by their probability at the true share.
    const [share, count] = [0.04, 50];
    let [probability, covered] = [(1 - share) ** count, 0];
    for (let hits = 0; hits <= count; hits++) {
      if (upperBound(hits, count) >= share) covered += probability;
      probability *= ((count - hits) / (hits + 1)) * (share / (1 - share));
    }
    expect(covered).toBeGreaterThanOrEqual(0.95);
    expect(covered).toBeLessThan(1);
  });
});
