import type { ErrorRejectPoint, MeasuredConfidence, RejectWish } from '../../shared/contract/confidence.ts';
import type { ModelCard } from '../../shared/contract/model-card.ts';
import { StudioError } from '../../shared/errors.ts';

/** What a threshold did on the digits that the model's confidences were measured on. */
export interface Promised {
  /** Share of the accepted digits that were read wrong, 0 to 1. */
  error: number;
  /** Share of all digits that were rejected, 0 to 1. */
  rejected: number;
  /** How many digits that was: accepted, of these read wrong, and all. */
  accepted: number;
  errors: number;
  digits: number;
  data: string;
  /** False: for the next smaller threshold of the curve. */
  exact: boolean;
}

export interface Rejection {
  /** Calibrated confidences below it are rejected. */
  threshold: number;
  /** Null: the model was not measured. For a threshold between two points of the curve it is that of the lower one. */
  promise: Promised | null;
}

/**
 * The threshold that fits a wish best by the model's error-reject curve: of those that keep the limit on errors the one that rejects least, of those that keep
 * the limit on rejects the one with the fewest errors. Throws `confidence-not-measured`, and `error-limit-not-met` when no threshold is good
 * enough.
 */
export function rejectionFor(card: Pick<ModelCard, 'name' | 'confidence'>, wish: RejectWish): Rejection {
  const { confidence: measured, name: model } = card;
  if ('threshold' in wish) {
    const { threshold } = wish;
    const point = measured?.curve.findLast((candidate) => candidate.threshold <= threshold);
    return { threshold, promise: measured && point ? promiseOf(measured, point, threshold) : null };
  }
  if (!measured) throw new StudioError('confidence-not-measured', { model });
  const promises = measured.curve.map((point) => ({
    threshold: point.threshold,
    promise: promiseOf(measured, point),
  }));
  if ('maxRejected' in wish)
    // The first point rejects nothing.
    return promises.findLast(({ promise }) => promise.rejected <= wish.maxRejected)!;
  const kept = promises.find(({ promise }) => promise.error <= wish.maxError);
  if (kept) return kept;
  const { error, rejected } = promises.at(-1)!.promise;
  throw new StudioError('error-limit-not-met', {
    model,
    limit: inPercent(wish.maxError),
    best: inPercent(error),
    rejected: inPercent(rejected),
    digits: measured.digits,
  });
}

const promiseOf = (
  { digits, data }: MeasuredConfidence,
  { threshold, accepted, errors }: ErrorRejectPoint,
  asked = threshold,
): Promised => ({
  error: errors / accepted,
  rejected: (digits - accepted) / digits,
  accepted,
  errors,
  digits,
  data,
  exact: asked === threshold,
});

const inPercent = (share: number): number => Number((100 * share).toPrecision(3));
