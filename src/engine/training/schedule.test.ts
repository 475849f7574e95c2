import { describe, expect, it } from 'vitest';
import { learningRateAt } from './schedule.ts';

const STEPS = 10;
const rates = (
  schedule: Parameters<typeof learningRateAt>[0]['schedule'],
  epochs: number,
  learningRate = 1,
) =>
  Array.from({ length: epochs * STEPS }, (_, step) =>
    learningRateAt({ schedule, learningRate, epochs }, step, STEPS),
  );

describe('learningRateAt', () => {
  it('stays where it is', () => {
    expect(new Set(rates('constant', 3, 0.03))).toEqual(new Set([0.03]));
  });

  it('follows the passes of 1998', () => {
    const perPass = rates('lecun-1998', 20, 0.0005).filter((_, step) => step % STEPS === 0);
    const expected = [
      ...[5e-4, 5e-4, 2e-4, 2e-4, 2e-4, 1e-4, 1e-4, 1e-4],
      ...Array<number>(4).fill(5e-5),
      ...Array<number>(8).fill(1e-5),
    ];
    perPass.forEach((rate, pass) => expect(rate).toBeCloseTo(expected[pass]!, 12));
    // Within a pass it does not move.
    expect(new Set(rates('lecun-1998', 20).slice(0, 2 * STEPS)).size).toBe(1);
  });

  it('falls as half a cosine wave', () => {
    const all = rates('cosine', 4);
    expect(all[0]).toBe(1);
    expect(all[20]).toBeCloseTo(0.5, 12);
    all.slice(1).forEach((rate, at) => expect(rate).toBeLessThan(all[at]!));
  });

  it('rises for three tenths of one cycle and then falls to nearly nothing', () => {
    const all = rates('one-cycle', 10);
    expect(all[0]).toBeCloseTo(1 / 25, 12);
    expect(all[30]).toBe(1);
    expect(all.indexOf(Math.max(...all))).toBe(30);
    expect(all.at(-1)).toBeLessThan(0.002);
  });
});
