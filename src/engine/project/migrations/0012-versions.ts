import type { Migration } from './index.ts';

/**
 * Versions of a data set. A digit's label and place in the set are in force at once; `kept_…` is what they were in the last version, NULL
 * for as they came. What differs is pending. Digits that a person added from a batch come excluded and enter by a step of the journal.
 */
export const versions: Migration = {
  version: 12,
  name: 'versions',
  sql: `
-- Of a file that was added from a batch: the folder that its path is relative to, its path there, and how it became a tile. NULL: those of the set.
ALTER TABLE data_file ADD COLUMN root BLOB;
ALTER TABLE data_file ADD COLUMN origin BLOB;
ALTER TABLE data_file ADD COLUMN recipe TEXT;
CREATE INDEX data_file_root ON data_file (root, data_set_id, origin) WHERE root IS NOT NULL;

ALTER TABLE digit ADD COLUMN added INTEGER NOT NULL DEFAULT 0 CHECK (added IN (0, 1));
-- -1: no label.
ALTER TABLE digit ADD COLUMN kept_label INTEGER CHECK (kept_label BETWEEN -1 AND 9);
ALTER TABLE digit ADD COLUMN kept_excluded INTEGER CHECK (kept_excluded IN (0, 1));
CREATE INDEX digit_pending ON digit (data_set_id, id)
  WHERE COALESCE(label, -1) <> COALESCE(kept_label, given_label, -1) OR excluded <> COALESCE(kept_excluded, added);

DROP TRIGGER digit_added;
CREATE TRIGGER digit_added AFTER INSERT ON digit WHEN NEW.excluded = 0 BEGIN
  INSERT INTO data_cell VALUES (NEW.data_set_id, NEW.split, COALESCE(NEW.label, -1), 1)
  ON CONFLICT DO UPDATE SET count = count + 1;
END;

CREATE TABLE data_version (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  data_set_id INTEGER NOT NULL REFERENCES data_set (id),
  -- The set as imported is 1.
  number INTEGER NOT NULL CHECK (number > 1),
  name TEXT NOT NULL,
  at TEXT NOT NULL,
  who TEXT NOT NULL,
  -- Labelled digits in it.
  train INTEGER NOT NULL,
  test INTEGER NOT NULL,
  -- The commit was undone.
  undone INTEGER NOT NULL DEFAULT 0 CHECK (undone IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX data_version_number ON data_version (data_set_id, number) WHERE undone = 0;

-- What makes a version differ from the one before it; labels as in kept_label.
CREATE TABLE version_change (
  id INTEGER PRIMARY KEY,
  entry_id INTEGER NOT NULL REFERENCES journal_entry (id),
  version_id INTEGER NOT NULL REFERENCES data_version (id) ON DELETE CASCADE,
  digit_id INTEGER NOT NULL REFERENCES digit (id) ON DELETE CASCADE,
  from_label INTEGER NOT NULL,
  to_label INTEGER NOT NULL,
  from_excluded INTEGER NOT NULL,
  to_excluded INTEGER NOT NULL
) STRICT;
CREATE INDEX version_change_version ON version_change (version_id, digit_id);
CREATE INDEX version_change_entry ON version_change (entry_id);
CREATE INDEX version_change_digit ON version_change (digit_id);

-- The version that a run was trained with; NULL for changes that no version had, and for runs of older studios.
ALTER TABLE run ADD COLUMN data_version INTEGER;
-- The run whose recipe it repeats after changes of the data, to be compared with.
ALTER TABLE run ADD COLUMN retrain_of INTEGER REFERENCES run (id) ON DELETE SET NULL;
`,
};
