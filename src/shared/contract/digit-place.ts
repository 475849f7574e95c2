import { z } from 'zod';
import { splits } from '../domain.ts';
import { rowId } from './schemas.ts';

/** Where a digit is among others, in the order that lists have by themselves: of a split of a data set, by import; of a batch over a folder, by path. */
export const digitPlace = z.object({
  in: z.union([
    z.object({ kind: z.literal('data'), dataSetId: rowId, split: z.enum(splits) }),
    z.object({ kind: z.literal('batch'), batchId: rowId }),
  ]),
  index: z.int().min(0),
});
export type DigitPlace = z.infer<typeof digitPlace>;
