import { z } from 'zod';
import { digitLabel } from '../domain.ts';
import { dataQuery, digitRef, journalState, rowId } from './schemas.ts';

/** Digits that one step may change. */
export const MOST_SELECTED = 100_000;

export const tagName = z.string().trim().min(1).max(40);
export const digitTag = z.object({ id: rowId, name: z.string() });
export type DigitTag = z.infer<typeof digitTag>;
/** `count`: digits of the data set that carry it. */
export const tagCount = digitTag.extend({ count: z.int() });
export type TagCount = z.infer<typeof tagCount>;

const place = z.int().min(0);
/** Digits one by one, or places in the list that a query shows, which had `total` digits when they were selected. */
export const digitSelection = z.union([
  z.object({ refs: z.array(digitRef).min(1).max(1_000) }),
  z.object({
    query: dataQuery,
    /** From place `from` to before `to`; none overlaps another. */
    ranges: z
      .array(z.object({ from: place, to: place }).refine(({ from, to }) => from < to))
      .min(1)
      .max(10_000),
    total: z.int(),
  }),
]);
export type DigitSelection = z.output<typeof digitSelection>;

export const bulkChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('label'), label: digitLabel.nullable() }),
  z.object({ kind: z.literal('split'), split: z.enum(['train', 'test']) }),
  /** A tag with that name is made when there is none. */
  z.object({ kind: z.literal('tag'), name: tagName }),
  z.object({ kind: z.literal('untag'), tagId: rowId }),
]);
export type BulkChange = z.infer<typeof bulkChange>;
export const bulkResult = z.object({
  /** Digits that were not so already. */
  changed: z.int(),
  journal: journalState,
});
export type BulkResult = z.infer<typeof bulkResult>;
