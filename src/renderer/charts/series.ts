import { niceCeiling } from '../../shared/statistics/nice-ceiling.ts';

/** One point of a line: x in the unit of the axis, y in the unit of the values. */
export interface Point {
  x: number;
  y: number;
}

/**
 * Exponential moving average that starts at the first point. `window` is the number of points after which an old value
 * counts for about a third; it grows with the curve, so that the steep start does not lag behind.
 */
export function smooth(points: readonly Point[], window: number): Point[] {
  let mean = points[0]?.y ?? 0;
  return points.map(({ x, y }, index) => {
    mean += (y - mean) / Math.max(1, Math.min(window, 1 + index / 4));
    return { x, y: mean };
  });
}

/**
 * The top of an axis that starts at zero. The first few values of a training curve are many times the rest and would press
 * it flat, so of `tail` only the last part counts; `whole` is never cut.
 */
export function axisTop(tail: readonly number[], whole: readonly number[], share = 0.9): number {
  const settled = tail.slice(Math.round(tail.length * (1 - share)));
  const values = [...settled, ...whole].filter(Number.isFinite);
  return niceCeiling(values.reduce((most, value) => Math.max(most, value), 0));
}

/**
 * Moves labels apart that stand beside the ends of lines: at least `gap` between neighbours, all within low..high, as near to where they
 * belong as that allows. Answers in the order of the input.
 */
export function spreadLabels(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const order = wanted.map((_, index) => index).sort((a, b) => wanted[a]! - wanted[b]! || a - b);
  const placed = order.map((index) => Math.min(Math.max(wanted[index]!, low), high));
  for (let i = 1; i < placed.length; i++) placed[i] = Math.max(placed[i]!, placed[i - 1]! + gap);
  for (let i = placed.length - 1, limit = high; i >= 0; i--, limit = placed[i + 1]! - gap) {
    placed[i] = Math.min(placed[i]!, limit);
  }
  const answer = new Array<number>(wanted.length);
  order.forEach((index, rank) => (answer[index] = placed[rank]!));
  return answer;
}

/** Digits behind the point that tell the ticks of an axis apart. */
export function tickDigits(step: number): number {
  for (let digits = 0; digits < 6; digits++) {
    const scaled = step * 10 ** digits;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6 * Math.max(1, scaled)) return digits;
  }
  return 6;
}
