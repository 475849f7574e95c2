import type { Likeness, Sketch } from '../contract/confidence.ts';

/** Values that a sketch keeps at most. */
const POINTS = 100;
/** How seldom digits of the same kind are called unlike, per quantity. */
const FALSE_ALARM = 0.001;
/** Distributions that differ by no more than that are alike, however many digits prove the difference. */
const TOLERATED = 0.05;

/** What is kept of a distribution: some of its values, and the share of all that lies below each, exactly. Throws nothing; empty of no values. */
export function sketchOf(values: readonly number[]): Sketch {
  const sorted = values.toSorted((a, b) => a - b);
  const points: Sketch['points'] = [];
  for (let at = 0; at < POINTS; at++) {
    const value = sorted[Math.floor((at * sorted.length) / POINTS)];
    if (value === undefined || value === points.at(-1)?.value) continue;
    points.push({ value, below: shareBelow(sorted, value) });
  }
  return { count: sorted.length, points };
}

/** Share of ascending values that are below a value. */
function shareBelow(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low / sorted.length;
}

/**
 * How far values are from a sketch: the largest difference of the two distribution functions (Kolmogorov and Smirnov), looked at where the sketch
 * has points, and what of it is certain. By the inequality of Dvoretzky, Kiefer and Wolfowitz with Massart's constant (1990) an observed function is off by more than
 * sqrt(ln(2 / a) / 2n) with a probability of at most a, so the difference less both of these is a lower bound of the true one.
 */
export function likeness(sketch: Sketch, values: readonly number[]): Likeness {
  const sorted = values.toSorted((a, b) => a - b);
  let [distance, shift] = [0, 0];
  if (sorted.length > 0)
    for (const { value, below } of sketch.points) {
      const difference = shareBelow(sorted, value) - below;
      if (Math.abs(difference) > distance) [distance, shift] = [Math.abs(difference), -Math.sign(difference)];
    }
  const off = (count: number): number =>
    count === 0 ? 1 : Math.sqrt(Math.log(2 / (FALSE_ALARM / 2)) / (2 * count));
  const certain = Math.max(0, distance - off(sorted.length) - off(sketch.count));
  return { distance, certain, shift: shift as Likeness['shift'], unlike: certain > TOLERATED };
}
