import { z } from 'zod';

/** What a batch's rows are written as; each is the extension of its files, too. */
export const batchFormats = ['csv', 'jsonl', 'parquet'] as const;
export const batchFormat = z.enum(batchFormats);
export type BatchFormat = z.infer<typeof batchFormat>;
