import type { Migration } from './index.ts';

/** Tags on digits, a digit's split as something that a person changes, and named views of the grid. */
export const tags: Migration = {
  version: 13,
  name: 'tags',
  sql: `
-- A tag without digits stays: a step that took it away can be undone.
CREATE TABLE tag (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL COLLATE NOCASE UNIQUE
) STRICT;
CREATE TABLE digit_tag (
  tag_id INTEGER NOT NULL REFERENCES tag (id),
  digit_id INTEGER NOT NULL REFERENCES digit (id) ON DELETE CASCADE,
  PRIMARY KEY (tag_id, digit_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX digit_tag_digit ON digit_tag (digit_id);
CREATE TABLE tag_change (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  entry_id INTEGER NOT NULL REFERENCES journal_entry (id),
  digit_id INTEGER NOT NULL REFERENCES digit (id) ON DELETE CASCADE,
  tag_id INTEGER NOT NULL REFERENCES tag (id),
  -- 0: it was taken away.
  added INTEGER NOT NULL CHECK (added IN (0, 1))
) STRICT;
CREATE INDEX tag_change_entry ON tag_change (entry_id);
CREATE INDEX tag_change_digit ON tag_change (digit_id);

-- Its split in the last version of the set; NULL for one that was never moved.
ALTER TABLE digit ADD COLUMN kept_split TEXT CHECK (kept_split IN ('train', 'test', 'unlabelled'));
DROP INDEX digit_pending;
CREATE INDEX digit_pending ON digit (data_set_id, id)
  WHERE COALESCE(label, -1) <> COALESCE(kept_label, given_label, -1) OR excluded <> COALESCE(kept_excluded, added) OR split <> COALESCE(kept_split, split);
-- NULL in changes of versions from before a digit could be moved.
ALTER TABLE version_change ADD COLUMN from_split TEXT;
ALTER TABLE version_change ADD COLUMN to_split TEXT;
CREATE TABLE split_change (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  entry_id INTEGER NOT NULL REFERENCES journal_entry (id),
  digit_id INTEGER NOT NULL REFERENCES digit (id) ON DELETE CASCADE,
  from_split TEXT NOT NULL,
  to_split TEXT NOT NULL
) STRICT;
CREATE INDEX split_change_entry ON split_change (entry_id);
CREATE INDEX split_change_digit ON split_change (digit_id);
CREATE TRIGGER digit_moved AFTER UPDATE OF split ON digit WHEN OLD.split <> NEW.split AND NEW.excluded = 0 BEGIN
  UPDATE data_cell SET count = count - 1
  WHERE data_set_id = OLD.data_set_id AND split = OLD.split AND label = COALESCE(NEW.label, -1);
  INSERT INTO data_cell VALUES (NEW.data_set_id, NEW.split, COALESCE(NEW.label, -1), 1)
  ON CONFLICT DO UPDATE SET count = count + 1;
END;

-- The grid filters by it.
CREATE INDEX digit_relabelled ON digit (data_set_id, excluded, id) WHERE label IS NOT given_label;

CREATE TABLE grid_view (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL COLLATE NOCASE,
  -- JSON: filters, order and zoom.
  shown TEXT NOT NULL,
  -- Removed views stay until the project is opened the next time.
  removed_at TEXT
) STRICT;
CREATE UNIQUE INDEX grid_view_name ON grid_view (name) WHERE removed_at IS NULL;
`,
};
