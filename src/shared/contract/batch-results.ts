import { z } from 'zod';
import { CLASSES, digitLabel } from '../domain.ts';

/** Bounds of the bands that confidences are counted in; each holds its lower bound, the last one its upper bound too. */
export const confidenceBounds = [0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 1] as const;
const BANDS = confidenceBounds.length - 1;

/** Which rows of a batch are shown alone, beside status and text. */
export const rowFilter = z.object({
  /** As it was read. */
  digit: digitLabel.optional(),
  /** Place in `confidenceBounds`. */
  band: z
    .int()
    .min(0)
    .max(BANDS - 1)
    .optional(),
  /** The folder that a file lies in itself, as paths are written; empty for the batch's own. */
  folder: z.string().max(10_000).optional(),
  /** Rows from one to another, both included, in the order in which they are read. */
  part: z.object({ first: z.int(), last: z.int() }).optional(),
});
export type RowFilter = z.infer<typeof rowFilter>;

const count = z.int().min(0);
const counts = { total: count, done: count, rejected: count, failed: count, skipped: count };

export const folderSummary = z.object({ folder: z.string(), ...counts });
export type FolderSummary = z.infer<typeof folderSummary>;

/** A stretch of a batch in the order in which its files are read. */
export const batchPart = z.object({ first: z.int(), last: z.int(), ...counts });
export type BatchPart = z.infer<typeof batchPart>;

export const batchSummary = z.object({
  /** Those with most rejected and failed files first, then by path. */
  folders: z.array(folderSummary),
  /** Folders that are not listed. */
  moreFolders: count,
  /** Digits by what was read. */
  digits: z.array(count).length(CLASSES),
  /** Digits by confidence, as `confidenceBounds` has it. */
  bands: z.array(count).length(BANDS),
  parts: z.array(batchPart),
});
export type BatchSummary = z.infer<typeof batchSummary>;
