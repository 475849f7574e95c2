import { z } from 'zod';

/** What the results of a batch can be written as; the name is the file's extension too. */
export const batchFormats = ['csv', 'jsonl', 'parquet'] as const;
export const batchFormat = z.enum(batchFormats);
export type BatchFormat = z.infer<typeof batchFormat>;
