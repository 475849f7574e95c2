import { expect, it } from 'vitest';
import { noDigitShare } from './no-digit.ts';

it('is what is missing to 1, never less than 0', () => {
  expect(noDigitShare([0.25, 0, 0, 0.125, 0, 0, 0, 0, 0, 0])).toBe(0.625);
  expect(noDigitShare(new Array<number>(10).fill(0.1))).toBeCloseTo(0, 12);
  expect(noDigitShare([1.0000001, 0, 0, 0, 0, 0, 0, 0, 0, 0])).toBe(0);
});
