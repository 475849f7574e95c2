import { expect, it } from 'vitest';
import { mcnemar } from './mcnemar.ts';

it.each([
  // Two-sided binomial tails of one half, worked out by hand as fractions.
  [0, 0, 1],
  [1, 0, 1],
  [5, 5, 1],
  [0, 6, 2 / 2 ** 6],
  [2, 8, (2 * (1 + 10 + 45)) / 2 ** 10],
  [8, 2, (2 * (1 + 10 + 45)) / 2 ** 10],
  [3, 17, (2 * (1 + 20 + 190 + 1140)) / 2 ** 20],
])('%i against %i', (first, second, expected) => {
  expect(mcnemar(first, second)).toBeCloseTo(expected, 12);
});

it('holds for counts whose powers of two a double does not have', () => {
  // The normal approximation with a continuity correction: z = (|a - b| - 1) / sqrt(a + b) = 2.44.
  expect(mcnemar(5_000, 5_245)).toBeGreaterThan(0.014);
  expect(mcnemar(5_000, 5_245)).toBeLessThan(0.018);
  expect(mcnemar(100, 20_000)).toBe(0);
});
