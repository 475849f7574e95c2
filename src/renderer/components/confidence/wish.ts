import { rejectionOf } from '../../../shared/confidence/rejection.ts';
import type { Rejection, RejectWish, ShownCard } from '../../../shared/contract/index.ts';
import { StudioError } from '../../../shared/errors.ts';

/** What can be wished of a threshold, by the fields of a wish. */
export const wishKinds = ['maxError', 'maxRejected', 'threshold'] as const;
export type WishKind = (typeof wishKinds)[number];

interface Wished {
  /** Null: nothing is rejected, or the wish cannot be met. */
  rejection: Rejection | null;
  /** Why the wish cannot be met, as the engine would say it. */
  error: Pick<StudioError, 'code' | 'params'> | null;
}

/** What comes of a wish with a model. */
export function rejectionOr(
  card: Pick<ShownCard, 'name' | 'confidence' | 'rejectClass'> | null,
  wish: RejectWish | null,
): Wished {
  if (card === null) return { rejection: null, error: null };
  try {
    return { rejection: rejectionOf(card, wish), error: null };
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    return { rejection: null, error: { code: error.code, params: error.params } };
  }
}
