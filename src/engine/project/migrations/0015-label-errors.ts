import type { Migration } from './index.ts';

/**
 * Batches that read training digits out of sample, to find wrong labels. They are stored as `test-set`, whose table's checks they fulfil, and told by `folds`.
 */
export const labelErrors: Migration = {
  version: 15,
  name: 'label-errors',
  sql: `
-- Settings as JSON: folds, training parameters, hash of the digits and labels that it began with.
ALTER TABLE batch ADD COLUMN folds TEXT;
-- Of a suspected label; NULL: none.
ALTER TABLE batch_item ADD COLUMN suspicion REAL;
CREATE INDEX batch_item_suspected ON batch_item (batch_id, suspicion DESC, id, label, digit, decision) WHERE suspicion IS NOT NULL;
`,
};
