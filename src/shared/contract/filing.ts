import { z } from 'zod';
import { reasonCodes } from '../errors.ts';
import { errorData, rowId } from './schemas.ts';

export const filingActions = ['copy', 'move'] as const;
export type FilingAction = (typeof filingActions)[number];

/** Which files go into class folders: those with a digit into 0 to 9, the others into a folder of that name. */
export const filingParts = ['digits', 'rejected', 'failed'] as const;
export const filingPart = z.enum(filingParts);
export type FilingPart = z.infer<typeof filingPart>;
export const filingWish = z.array(filingPart).min(1).max(filingParts.length);

/** Files of a batch that would go into each part. */
export const filingCounts = z.record(filingPart, z.int());
export type FilingCounts = z.infer<typeof filingCounts>;

/** `stopped`: cancelled, killed or failed half way; it can go on or be undone. */
export const filingStates = ['running', 'done', 'stopped', 'undoing', 'undone'] as const;

/** A batch's files that were copied or moved into class folders. */
export const filing = z.object({
  id: rowId,
  batchId: rowId,
  action: z.enum(filingActions),
  /** Where the class folders lie. */
  target: z.string(),
  /** The CSV that says what went where. */
  manifest: z.string(),
  state: z.enum(filingStates),
  total: z.int(),
  /** Files that lie in a class folder now. */
  filed: z.int(),
  /** Files that were left where they are, by the reason; the manifest says which. */
  reasons: z.partialRecord(z.enum(reasonCodes), z.int()),
  error: errorData.nullable(),
  startedAt: z.string(),
});
/** Files by the reason for which they were left where they are. */
export type LeftOut = Filing['reasons'];
export type Filing = z.infer<typeof filing>;
