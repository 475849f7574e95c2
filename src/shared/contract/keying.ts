import { z } from 'zod';
import { digitLabel } from '../domain.ts';
import { itemRef } from './review.ts';

/** Digits of a sample at most. */
export const MOST_KEYED = 2_000;

/** A sample of a batch's decided digits, keyed by a second person who does not see what was decided. */
export const keying = z.object({
  total: z.int(),
  keyed: z.int(),
  /** Keyed as it was decided. */
  agreed: z.int(),
  /** Cohen's, over the ten digits and "no digit"; null where there is nothing to compare. */
  kappa: z.number().nullable(),
  /** The digit to key now: no more of it than its picture. Null when all are keyed. */
  next: z.object({ ref: itemRef, pixels: z.instanceof(Blob) }).nullable(),
  /** Keyed otherwise than decided, in the order of keying; null stands for no digit. At most 500. */
  disagreements: z.array(
    z.object({ ref: itemRef, decided: digitLabel.nullable(), keyed: digitLabel.nullable(), who: z.string() }),
  ),
  /** 28 x 28 bytes of each of them. */
  pixels: z.instanceof(Blob),
});
export type Keying = z.infer<typeof keying>;
