import type { Migration } from './index.ts';

/**
 * What a person decided about a digit of a batch. A digit rejected as none carries no label and is not in `batch_cell`; `batch_decision`
 * counts by decision and reading, kept by trigger. Classifying enters no decision, so neither it nor the index of what is decided costs it anything.
 */
export const decisions: Migration = {
  version: 11,
  name: 'decisions',
  sql: `
ALTER TABLE batch_item ADD COLUMN decision TEXT CHECK (decision IN ('accepted', 'relabelled', 'doubted', 'rejected'));
-- The journal's step that decided: what was doubted longest ago comes back first.
ALTER TABLE batch_item ADD COLUMN decided_in INTEGER;
DROP INDEX batch_item_doubt;
CREATE INDEX batch_item_doubt ON batch_item (batch_id, confidence, id, label, digit, decision);
DROP INDEX batch_item_cell;
CREATE INDEX batch_item_cell ON batch_item (batch_id, label, digit, confidence, id, decision);
DROP INDEX batch_item_wrong;
CREATE INDEX batch_item_wrong ON batch_item (batch_id, confidence, id, label, digit, decision) WHERE label <> digit;
DROP INDEX batch_item_relabelled;
CREATE INDEX batch_item_relabelled ON batch_item (batch_id, confidence, id, label, digit, decision) WHERE label IS NOT given_label;
CREATE INDEX batch_item_decided ON batch_item (batch_id, decision, decided_in, id, digit) WHERE decision IS NOT NULL;

CREATE TABLE batch_decision (
  batch_id INTEGER NOT NULL REFERENCES batch (id),
  decision TEXT NOT NULL,
  digit INTEGER NOT NULL CHECK (digit BETWEEN 0 AND 9),
  count INTEGER NOT NULL CHECK (count >= 0),
  PRIMARY KEY (batch_id, decision, digit)
) STRICT, WITHOUT ROWID;

DROP TRIGGER batch_item_relabelled;
CREATE TRIGGER batch_item_relabelled AFTER UPDATE OF label ON batch_item
WHEN OLD.label IS NOT NEW.label AND NEW.decision IS NOT 'rejected' BEGIN
  UPDATE batch_cell SET count = count - 1
  WHERE batch_id = OLD.batch_id AND label = COALESCE(OLD.label, -1) AND digit = OLD.digit;
  INSERT INTO batch_cell VALUES (NEW.batch_id, COALESCE(NEW.label, -1), NEW.digit, 1)
  ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER batch_item_rejected AFTER UPDATE OF decision ON batch_item
WHEN (OLD.decision IS 'rejected') <> (NEW.decision IS 'rejected') BEGIN
  INSERT INTO batch_cell VALUES (NEW.batch_id, COALESCE(NEW.label, -1), NEW.digit, NEW.decision IS NOT 'rejected')
  ON CONFLICT DO UPDATE SET count = count + IIF(NEW.decision IS 'rejected', -1, 1);
END;
CREATE TRIGGER batch_item_decided AFTER UPDATE OF decision ON batch_item WHEN OLD.decision IS NOT NEW.decision BEGIN
  UPDATE batch_decision SET count = count - 1
  WHERE batch_id = OLD.batch_id AND decision = OLD.decision AND digit = OLD.digit;
  INSERT INTO batch_decision SELECT NEW.batch_id, NEW.decision, NEW.digit, 1 WHERE NEW.decision IS NOT NULL
  ON CONFLICT DO UPDATE SET count = count + 1;
END;

CREATE TABLE item_change (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  entry_id INTEGER NOT NULL REFERENCES journal_entry (id),
  item_id INTEGER NOT NULL REFERENCES batch_item (id) ON DELETE CASCADE,
  from_decision TEXT,
  -- The step that had decided before.
  from_step INTEGER,
  to_decision TEXT
) STRICT;
CREATE INDEX item_change_entry ON item_change (entry_id);
CREATE INDEX item_change_item ON item_change (item_id);
`,
};
