/** How certain an upper bound is. */
export const CERTAINTY = 0.95;
/** Halvings of the interval: more than a double can tell apart. */
const HALVINGS = 60;

/**
 * The one-sided upper confidence bound of a share after Clopper and Pearson (1934): were the true share larger, then `hits` or fewer among `count`
 * independent trials would come out with a probability below 1 - `certainty`. 1 without a trial.
 */
export function upperBound(hits: number, count: number, certainty = CERTAINTY): number {
  if (hits >= count) return 1;
  let [low, high] = [hits / count, 1];
  for (let step = 0; step < HALVINGS; step++) {
    const middle = (low + high) / 2;
    if (atMost(hits, count, middle) > 1 - certainty) low = middle;
    else high = middle;
  }
  return high;
}

/** Probability of at most `hits` among `count` trials of a share, 0 < share < 1; summed in logarithms, where small terms do not vanish. */
function atMost(hits: number, count: number, share: number): number {
  const odds = Math.log(share) - Math.log1p(-share);
  let term = count * Math.log1p(-share);
  let largest = term;
  const terms = [term];
  for (let hit = 1; hit <= hits; hit++) {
    term += Math.log((count - hit + 1) / hit) + odds;
    largest = Math.max(largest, term);
    terms.push(term);
  }
  return Math.exp(largest) * terms.reduce((sum, value) => sum + Math.exp(value - largest), 0);
}
