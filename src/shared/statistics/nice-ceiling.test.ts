import { describe, expect, it } from 'vitest';
import { niceCeiling } from './nice-ceiling.ts';

describe('niceCeiling', () => {
  it.each([
    [0.36, 0.4],
    [0.4, 0.4],
    [2.31, 2.5],
    [9.1, 10],
    [0.0011, 0.0015],
    [100, 100],
    [0, 1],
    [Number.NaN, 1],
  ])('%d -> %d', (value, top) => expect(niceCeiling(value)).toBeCloseTo(top, 12));
});
