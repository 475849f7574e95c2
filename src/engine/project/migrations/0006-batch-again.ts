import type { Migration } from './index.ts';

/** A batch that repeats an earlier one takes over what it found in files that have not changed. */
export const batchAgain: Migration = {
  version: 6,
  name: 'batch again',
  sql: 'ALTER TABLE batch ADD COLUMN again_of INTEGER REFERENCES batch (id) ON DELETE SET NULL',
};
