/**
 * McNemar's exact test (1947) of two readers of the same digits: the chance that a split of the digits that only one of them reads right comes out
 * at least as uneven as `onlyFirst` to `onlySecond`, were either reader as likely to be the right one. Two-sided, 0 to 1; 1 for no such digit.
 */
export function mcnemar(onlyFirst: number, onlySecond: number): number {
  const count = onlyFirst + onlySecond;
  const fewer = Math.min(onlyFirst, onlySecond);
  // The binomial's terms from `fewer` down, in logarithms: 2^-count alone would vanish.
  let term = -count * Math.LN2;
  for (let hit = 1; hit <= fewer; hit++) term += Math.log((count - hit + 1) / hit);
  let sum = 0;
  for (let hit = fewer; hit >= 0; hit--) {
    const value = Math.exp(term);
    sum += value;
    if (value < sum * Number.EPSILON) break;
    term += Math.log(hit / (count - hit + 1));
  }
  return Math.min(1, 2 * sum);
}

/** Probability below which a difference is called more than chance. */
export const SIGNIFICANT = 0.05;
