import type { Migration } from './index.ts';

/**
 * Who changed what, when and why. Journal events and audit lines can be added and not edited; lines carry names instead of ids, so that
 * they outlive the digits that they speak of.
 */
export const audit: Migration = {
  version: 8,
  name: 'audit',
  sql: `
-- The kinds are the contract's: a list in the schema would need a new table for each of them.
ALTER TABLE journal_entry ADD COLUMN step TEXT NOT NULL DEFAULT 'label';
UPDATE journal_entry SET step = kind;
ALTER TABLE journal_entry DROP COLUMN kind;
ALTER TABLE journal_entry RENAME COLUMN step TO kind;

-- Empty for events of older studios.
ALTER TABLE journal_event ADD COLUMN who TEXT NOT NULL DEFAULT '';
-- The batch that the change was made in, and the model that read it.
ALTER TABLE journal_event ADD COLUMN batch TEXT;
ALTER TABLE journal_event ADD COLUMN model TEXT;
ALTER TABLE journal_event ADD COLUMN reason TEXT;

CREATE TABLE audit_line (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  event_id INTEGER NOT NULL REFERENCES journal_event (id),
  -- Name of the data set or batch, and the digit's file in it.
  source TEXT NOT NULL,
  path BLOB NOT NULL,
  position INTEGER,
  what TEXT NOT NULL,
  old TEXT,
  new TEXT
) STRICT;
CREATE INDEX audit_line_event ON audit_line (event_id);

CREATE TRIGGER journal_event_fixed BEFORE UPDATE ON journal_event BEGIN SELECT RAISE(ABORT, 'the audit trail cannot be edited'); END;
CREATE TRIGGER journal_event_kept BEFORE DELETE ON journal_event BEGIN SELECT RAISE(ABORT, 'the audit trail cannot be edited'); END;
CREATE TRIGGER audit_line_fixed BEFORE UPDATE ON audit_line BEGIN SELECT RAISE(ABORT, 'the audit trail cannot be edited'); END;
CREATE TRIGGER audit_line_kept BEFORE DELETE ON audit_line BEGIN SELECT RAISE(ABORT, 'the audit trail cannot be edited'); END;
`,
};
