import type { Migration } from './index.ts';

/** Batches that wait for their turn, across sessions. */
export const batchQueue: Migration = {
  version: 5,
  name: 'batch queue',
  sql: `
-- Place in the queue, ascending; NULL: it does not wait. A batch that waits is "interrupted" beneath.
ALTER TABLE batch ADD COLUMN waits_since INTEGER;
CREATE INDEX batch_waits ON batch (waits_since) WHERE waits_since IS NOT NULL;
`,
};
