import type { Batch } from '../../../shared/contract/index.ts';

/** Digits of a batch that want a look: those read wrong, and those without a label. */
export function leftToReview({ done, rejected, labelled, accuracy }: Batch): number {
  const wrong = accuracy === null ? 0 : Math.round(labelled * (1 - accuracy));
  return wrong + Math.max(0, done + rejected - labelled);
}
