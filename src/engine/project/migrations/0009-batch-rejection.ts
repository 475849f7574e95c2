import type { Migration } from './index.ts';

/** A batch keeps what its threshold was chosen by and what was promised for it. */
export const batchRejection: Migration = {
  version: 9,
  name: 'batch rejection',
  sql: `-- JSON: \`wish\` and \`promise\` of the threshold.
ALTER TABLE batch ADD COLUMN rejection TEXT CHECK (rejection IS NULL OR threshold IS NOT NULL)`,
};
