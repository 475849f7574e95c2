import type { TrainingParameters } from '../../shared/domain.ts';

/** Factors of the rate in passes 1, 3, 6, 9 and 13: LeCun et al. 1998, section III-B, which begins with 0.0005. */
const PASSES_1998 = [
  { from: 13, factor: 0.02 },
  { from: 9, factor: 0.1 },
  { from: 6, factor: 0.2 },
  { from: 3, factor: 0.4 },
  { from: 1, factor: 1 },
];

/** The one-cycle schedule (Smith and Topin 2019): share of the steps that the rate rises for, and where it begins and ends. */
const ONE_CYCLE = { rise: 0.3, begin: 1 / 25, end: 1e-4 };

/** Learning rate of a step, counted from 0 over all epochs. */
export function learningRateAt(
  { schedule, learningRate, epochs }: Pick<TrainingParameters, 'schedule' | 'learningRate' | 'epochs'>,
  step: number,
  stepsPerEpoch: number,
): number {
  const done = step / (epochs * stepsPerEpoch);
  switch (schedule) {
    case 'constant':
      return learningRate;
    case 'cosine':
      return learningRate * between(1, 0, done);
    case 'one-cycle': {
      const { rise, begin, end } = ONE_CYCLE;
      return (
        learningRate *
        (done < rise ? between(begin, 1, done / rise) : between(1, end, (done - rise) / (1 - rise)))
      );
    }
    case 'lecun-1998': {
      const pass = Math.floor(step / stepsPerEpoch) + 1;
      return learningRate * PASSES_1998.find(({ from }) => pass >= from)!.factor;
    }
  }
}

/** Half a cosine wave from one value to another; `share` runs from 0 to 1. */
const between = (from: number, to: number, share: number): number =>
  to + (from - to) * 0.5 * (1 + Math.cos(Math.PI * share));
