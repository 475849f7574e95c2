/** What the probabilities of the ten digits leave to 1: that of no digit, by a model with a reject class; 0 but for rounding by any other. */
export const noDigitShare = (probabilities: readonly number[]): number =>
  Math.max(
    0,
    probabilities.reduce((left, share) => left - share, 1),
  );
