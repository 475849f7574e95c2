import type { BatchLikeness, Rejection, RejectWish } from '../shared/contract/confidence.ts';
import { cli } from '../shared/messages/en/cli.ts';
import { formats } from './session.ts';

/** At most one of these. */
export interface RejectOptions {
  maxError?: number;
  maxRejected?: number;
  threshold?: number;
}

const words = cli.classify;

/** The wish that the options state; undefined for none. */
export function rejectOf({ maxError, maxRejected, threshold }: RejectOptions): RejectWish | undefined {
  if (maxError !== undefined) return { maxError };
  if (maxRejected !== undefined) return { maxRejected };
  return threshold === undefined ? undefined : { threshold };
}

/** Says when digits are unlike those that the model was measured on, and what its promise is worth then. */
export function unlikeLines(likeness: BatchLikeness | null): string[] {
  if (likeness === null) return [];
  const { confidence, ink, digits } = likeness;
  const parts = [
    ...(confidence.unlike
      ? [
          words.unlikeBy(
            confidence.shift < 0 ? words.lessSure : words.moreSure,
            formats.percent(confidence.distance, 0),
          ),
        ]
      : []),
    ...(ink?.unlike
      ? [words.unlikeBy(ink.shift < 0 ? words.lessInk : words.moreInk, formats.percent(ink.distance, 0))]
      : []),
  ];
  return parts.length === 0 ? [] : [words.unlike(formats.count(digits), parts.join(', ')), words.unlikeWorth];
}

/** What was measured for a threshold. */
export function promiseLine({ threshold, promise }: Rejection): string {
  const limit = words.threshold(formats.number(threshold, 6));
  if (promise === null) return words.noPromise(limit);
  const { error, bound, rejected, accepted, errors, digits, data, split = 'validation', exact } = promise;
  const share = (value: number): string =>
    exact ? formats.percent(value, 2) : words.roughly(formats.percent(value, 2));
  return words.promise(
    limit,
    share(error),
    words.errorsOf(formats.count(errors), formats.count(accepted)),
    formats.percent(bound, 2),
    share(rejected),
    words.digitsOf[split](formats.count(digits), data),
  );
}
