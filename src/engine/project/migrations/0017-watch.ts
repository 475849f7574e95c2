import type { Migration } from './index.ts';

/** Batches whose folder is watched for new files. */
export const watch: Migration = {
  version: 17,
  name: 'watch',
  sql: `ALTER TABLE batch ADD COLUMN watch TEXT CHECK (watch IN ('on', 'paused'));
-- Files that the watch saw change after they had been read.
ALTER TABLE batch ADD COLUMN changed INTEGER NOT NULL DEFAULT 0`,
};
