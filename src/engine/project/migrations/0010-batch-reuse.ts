import type { Migration } from './index.ts';

/** A batch says how it tells what has not changed, and how many files it took from the ledger. */
export const batchReuse: Migration = {
  version: 10,
  name: 'batch reuse',
  sql: `-- 1: unchanged by content hash, not by size and time.
ALTER TABLE batch ADD COLUMN verify INTEGER NOT NULL DEFAULT 0 CHECK (verify IN (0, 1));
-- Files that were not decoded, because the ledger had the answer.
ALTER TABLE batch ADD COLUMN reused INTEGER NOT NULL DEFAULT 0`,
};
