import { z } from 'zod';
import { digitLabel, split } from '../domain.ts';
import { digitRef, rowId } from './schemas.ts';

/** Pairs that one decision takes at most; one undo takes it back. */
export const MOST_DECIDED = 10_000;

/** Which pairs are shown; what is left out asks nothing. */
export const duplicateFilter = z.object({
  /** `other`: their labels differ. */
  labels: z.enum(['same', 'other']).optional(),
  /** One of them is a test digit, the other is not. */
  leak: z.boolean().optional(),
  match: z.enum(['exact', 'near']).optional(),
  state: z.enum(['open', 'decided']).optional(),
});
export type DuplicateFilter = z.infer<typeof duplicateFilter>;

export const duplicateDigit = z.object({
  ref: digitRef,
  label: digitLabel.nullable(),
  split,
  /** Relative path, or the position in an IDX file. */
  name: z.string(),
  /** Left out of training, evaluation and counts. */
  excluded: z.boolean(),
});
export const duplicatePair = z.object({
  id: rowId,
  /** `file`: the same bytes; `pixels`: the same 28 x 28; `near`: hardly another picture. */
  match: z.enum(['file', 'pixels', 'near']),
  /** Share of the ink that differs, 0 to 1. */
  difference: z.number(),
  /** Null: none, unless one of them is excluded. */
  decision: z.enum(['keep', 'relabel']).nullable(),
  first: duplicateDigit,
  second: duplicateDigit,
});
export type DuplicatePair = z.infer<typeof duplicatePair>;
export const duplicatePage = z.object({
  total: z.int(),
  rows: z.array(duplicatePair),
  /** rows.length x 2 x 784 bytes, ink 255 on 0. */
  pixels: z.instanceof(Blob),
});
export type DuplicatePage = z.infer<typeof duplicatePage>;

export const duplicateSummary = z.object({
  /** The last search that came to its end; null: there was none. */
  search: z
    .object({
      at: z.string(),
      digits: z.int(),
      seconds: z.number(),
      /** Pairs found beyond the most that are kept, the least alike. */
      more: z.int(),
    })
    .nullable(),
  /** Digits of the set that are excluded. */
  excluded: z.int(),
  counts: z.array(
    z.object({ same: z.boolean(), leak: z.boolean(), exact: z.boolean(), open: z.boolean(), count: z.int() }),
  ),
});
export type DuplicateSummary = z.infer<typeof duplicateSummary>;

/** `exclude-one`: the one that is no test digit of a leak, else the second. `reopen` takes back what was decided. */
export const duplicateActions = [
  'keep',
  'exclude-first',
  'exclude-second',
  'exclude-one',
  'relabel-first',
  'relabel-second',
  'reopen',
] as const;
export const duplicateDecision = z.object({
  dataSetId: rowId,
  /** By id, or the first of those that a filter shows. */
  pairs: z.union([z.array(rowId).min(1).max(MOST_DECIDED), duplicateFilter]),
  action: z.enum(duplicateActions),
});
export type DuplicateDecision = z.infer<typeof duplicateDecision>;
export type DuplicateAction = DuplicateDecision['action'];
