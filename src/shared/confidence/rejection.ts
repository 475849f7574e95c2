import type {
  ErrorRejectPoint,
  MeasuredConfidence,
  Promised,
  Rejection,
  RejectWish,
} from '../contract/confidence.ts';
import type { ModelCard } from '../contract/model-card.ts';
import { StudioError } from '../errors.ts';
import { upperBound } from './bound.ts';

type MeasuredCard = Pick<ModelCard, 'name' | 'confidence' | 'rejectClass'>;

/** Below it something else than the digit is likelier, by a model with a class for what is no digit. */
const MAJORITY = 0.5;

/** What is rejected: where nothing is wished, nothing, or what is no digit by a model with a class for that. */
export function rejectionOf(card: MeasuredCard, wish: RejectWish | null | undefined): Rejection | null {
  if (wish) return rejectionFor(card, wish);
  return card.rejectClass ? rejectionFor(card, { threshold: MAJORITY }) : null;
}

/**
 * The threshold that fits a wish best by the model's error-reject curve: of those that keep the limit on errors the one that rejects least, of those that keep
 * the limit on rejects the one with the fewest errors. Throws `confidence-not-measured`, and `error-limit-not-met` when no threshold is good
 * enough.
 */
export function rejectionFor(card: MeasuredCard, wish: RejectWish): Rejection {
  const { confidence: measured, name: model } = card;
  if ('threshold' in wish) {
    const { threshold } = wish;
    const point = measured?.curve.findLast((candidate) => candidate.threshold <= threshold);
    return { threshold, wish, promise: measured && point ? promiseOf(measured, point, threshold) : null };
  }
  if (!measured) throw new StudioError('confidence-not-measured', { model });
  const { curve, digits } = measured;
  const at = (point: ErrorRejectPoint): Rejection => ({
    threshold: point.threshold,
    wish,
    promise: promiseOf(measured, point),
  });
  if ('maxRejected' in wish)
    // The first point rejects nothing.
    return at(curve.findLast(({ accepted }) => (digits - accepted) / digits <= wish.maxRejected)!);
  const kept = curve.find(({ accepted, errors }) => errors / accepted <= wish.maxError);
  if (kept) return at(kept);
  const { error, rejected } = promiseOf(measured, curve.at(-1)!);
  throw new StudioError('error-limit-not-met', {
    model,
    limit: inPercent(wish.maxError),
    best: inPercent(error),
    rejected: inPercent(rejected),
    digits,
  });
}

/** What was counted at a point of the curve. */
export const promiseOf = (
  { digits, data, split, seen }: MeasuredConfidence,
  { threshold, accepted, errors }: ErrorRejectPoint,
  asked = threshold,
): Promised => ({
  error: errors / accepted,
  rejected: (digits - accepted) / digits,
  bound: upperBound(errors, accepted),
  accepted,
  errors,
  digits,
  data,
  split,
  ...(seen !== undefined && { seen }),
  exact: asked === threshold,
});

const inPercent = (share: number): number => Number((100 * share).toPrecision(3));
