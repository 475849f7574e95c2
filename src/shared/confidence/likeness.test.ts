import { describe, expect, it } from 'vitest';
import { likeness, sketchOf } from './likeness.ts';

/** Evenly spread over 0 to 1, then bent. */
const spread = (count: number, bend = 1): number[] =>
  Array.from({ length: count }, (_, at) => ((at + 0.5) / count) ** bend);
/** As if drawn by chance, the same for the same seed (mulberry32). */
function drawn(count: number, seed: number, bend = 1): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return (((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) ** bend;
  });
}

describe('a sketch', () => {
  it('keeps at most 100 values, in order, with the exact share below each', () => {
    const { count, points } = sketchOf(spread(12_345));
    expect(count).toBe(12_345);
    expect(points).toHaveLength(100);
    for (const { value, below } of points) expect(below).toBeCloseTo(value, 4);
  });
  it('keeps one point of equal values', () =>
    expect(sketchOf([1, 1, 1, 0.5])).toEqual({
      count: 4,
      points: [
        { value: 0.5, below: 0 },
        { value: 1, below: 0.25 },
      ],
    }));
});

describe('likeness', () => {
  it('finds no distance to the values themselves, ties and all', () => {
    const values = [...spread(500), ...new Array<number>(500).fill(1)];
    expect(likeness(sketchOf(values), values)).toMatchObject({ distance: 0, certain: 0, unlike: false });
  });

  it('measures the largest difference of the distribution functions, and which way the values lie', () => {
    // P(x^2 < v) - v is largest at v = 1/4.
    const smaller = likeness(sketchOf(spread(10_000)), spread(10_000, 2));
    expect(smaller.distance).toBeCloseTo(0.25, 2);
    expect(smaller).toMatchObject({ shift: -1, unlike: true });
    expect(likeness(sketchOf(spread(10_000)), spread(10_000, 0.5))).toMatchObject({ shift: 1, unlike: true });
  });

  it('calls none of 200 samples of the same kind unlike', () => {
    const sketch = sketchOf(drawn(2_000, 1));
    for (let seed = 2; seed <= 201; seed++)
      expect(likeness(sketch, drawn(300, seed)).unlike, `seed ${seed}`).toBe(false);
  });

  it('is not certain with few digits, and does not mind a small difference of many', () => {
    const sketch = sketchOf(drawn(5_000, 1));
    expect(likeness(sketch, drawn(20, 2, 1.7))).toMatchObject({ unlike: false });
    expect(likeness(sketch, drawn(5_000, 2, 1.7))).toMatchObject({ unlike: true });
    expect(likeness(sketchOf(drawn(200_000, 1)), drawn(200_000, 2, 1.1))).toMatchObject({ unlike: false });
  });

  it('says nothing of no values', () =>
    expect(likeness(sketchOf(spread(100)), [])).toMatchObject({ distance: 0, unlike: false }));
});
