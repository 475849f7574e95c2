import type { Migration } from './index.ts';

/**
 * Digits that are there twice, what was decided about them, and digits that are excluded: left out of training, evaluation,
 * the grid and the counts in `data_cell`, and not deleted.
 */
export const duplicates: Migration = {
  version: 7,
  name: 'duplicates',
  sql: `
ALTER TABLE digit ADD COLUMN excluded INTEGER NOT NULL DEFAULT 0 CHECK (excluded IN (0, 1));
DROP INDEX digit_set;
DROP INDEX digit_split;
DROP INDEX digit_label;
DROP INDEX digit_split_label;
CREATE INDEX digit_set ON digit (data_set_id, excluded);
CREATE INDEX digit_split ON digit (data_set_id, excluded, split);
CREATE INDEX digit_label ON digit (data_set_id, excluded, label);
CREATE INDEX digit_split_label ON digit (data_set_id, excluded, split, label);

DROP TRIGGER digit_relabelled;
CREATE TRIGGER digit_relabelled AFTER UPDATE OF label ON digit WHEN OLD.label IS NOT NEW.label BEGIN
  UPDATE data_cell SET count = count - 1
  WHERE data_set_id = OLD.data_set_id AND split = OLD.split AND label = COALESCE(OLD.label, -1) AND NEW.excluded = 0;
  INSERT INTO data_cell SELECT NEW.data_set_id, NEW.split, COALESCE(NEW.label, -1), 1 WHERE NEW.excluded = 0
  ON CONFLICT DO UPDATE SET count = count + 1;
  UPDATE batch_item SET label = NEW.label WHERE digit_id = NEW.id;
END;
CREATE TRIGGER digit_excluded AFTER UPDATE OF excluded ON digit WHEN OLD.excluded <> NEW.excluded BEGIN
  UPDATE data_cell SET count = count - 1
  WHERE data_set_id = OLD.data_set_id AND split = OLD.split AND label = COALESCE(OLD.label, -1) AND NEW.excluded = 1;
  INSERT INTO data_cell SELECT NEW.data_set_id, NEW.split, COALESCE(NEW.label, -1), 1 WHERE NEW.excluded = 0
  ON CONFLICT DO UPDATE SET count = count + 1;
END;

-- The last search that came to its end.
CREATE TABLE duplicate_search (
  data_set_id INTEGER PRIMARY KEY REFERENCES data_set (id),
  at TEXT NOT NULL,
  digits INTEGER NOT NULL,
  seconds REAL NOT NULL,
  -- Pairs beyond the most that are kept.
  more INTEGER NOT NULL
) STRICT;

CREATE TABLE duplicate_pair (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  data_set_id INTEGER NOT NULL REFERENCES data_set (id),
  first_id INTEGER NOT NULL REFERENCES digit (id) ON DELETE CASCADE,
  second_id INTEGER NOT NULL REFERENCES digit (id) ON DELETE CASCADE,
  -- The same bytes as a file, the same 28 x 28 pixels, or pixels that hardly differ.
  match TEXT NOT NULL CHECK (match IN ('file', 'pixels', 'near')),
  -- Share of the ink that differs, 0 to 1.
  difference REAL NOT NULL,
  -- NULL: none yet. A pair with an excluded digit is decided as well.
  decision TEXT CHECK (decision IN ('keep', 'relabel')),
  UNIQUE (first_id, second_id),
  CHECK (first_id < second_id)
) STRICT;
CREATE INDEX duplicate_pair_order ON duplicate_pair (data_set_id, difference, id);
CREATE INDEX duplicate_pair_second ON duplicate_pair (second_id);

ALTER TABLE journal_entry ADD COLUMN kind TEXT NOT NULL DEFAULT 'label' CHECK (kind IN ('label', 'keep', 'exclude', 'reopen'));
CREATE TABLE exclusion_change (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  entry_id INTEGER NOT NULL REFERENCES journal_entry (id),
  digit_id INTEGER NOT NULL REFERENCES digit (id) ON DELETE CASCADE,
  -- What the entry makes of it; undoing it makes the other.
  excluded INTEGER NOT NULL CHECK (excluded IN (0, 1))
) STRICT;
CREATE INDEX exclusion_change_entry ON exclusion_change (entry_id);
CREATE INDEX exclusion_change_digit ON exclusion_change (digit_id);
CREATE TABLE decision_change (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  entry_id INTEGER NOT NULL REFERENCES journal_entry (id),
  pair_id INTEGER NOT NULL REFERENCES duplicate_pair (id) ON DELETE CASCADE,
  from_decision TEXT CHECK (from_decision IN ('keep', 'relabel')),
  to_decision TEXT CHECK (to_decision IN ('keep', 'relabel'))
) STRICT;
CREATE INDEX decision_change_entry ON decision_change (entry_id);
CREATE INDEX decision_change_pair ON decision_change (pair_id);
`,
};
