import type { Migration } from './index.ts';

/** A sample of decided digits that a second person keys without seeing what was decided. One sample a batch. */
export const secondKeying: Migration = {
  version: 18,
  name: 'second keying',
  sql: `
CREATE TABLE second_keying (
  batch_id INTEGER NOT NULL REFERENCES batch (id),
  place INTEGER NOT NULL,
  item_id INTEGER NOT NULL REFERENCES batch_item (id) ON DELETE CASCADE,
  -- -1: no digit. NULL: not keyed yet.
  label INTEGER CHECK (label BETWEEN -1 AND 9),
  who TEXT,
  at TEXT,
  PRIMARY KEY (batch_id, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX second_keying_item ON second_keying (item_id);
`,
};
