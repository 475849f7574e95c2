import type { Migration } from './index.ts';

/**
 * Summary tables (`data_cell`, `batch_cell`) hold counts per class and per confusion cell, kept by triggers, so that totals
 * and matrices cost the same at a thousand and at a million digits; label -1 stands for "none" in them. Pixels lie in
 * tables of their own, so that filters do not drag them along.
 */
export const start: Migration = {
  version: 1,
  name: 'start',
  sql: `
CREATE TABLE project (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  uuid TEXT NOT NULL,
  name TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;

-- Data ------------------------------------------------------------------------------------------------------------

CREATE TABLE data_set (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('mnist', 'folder')),
  -- A removed set stays as a name that runs and batches can point to.
  state TEXT NOT NULL CHECK (state IN ('importing', 'ready', 'removed')),
  source TEXT NOT NULL,
  root BLOB NOT NULL,
  -- JSON; how files became tiles. NULL for digits that came as tiles.
  recipe TEXT,
  -- SHA-256 over tiles and labels as imported, hex.
  hash TEXT,
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE data_file (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  data_set_id INTEGER NOT NULL REFERENCES data_set (id),
  -- Relative to the root, the file system's own bytes.
  path BLOB NOT NULL,
  size INTEGER,
  mtime_ns INTEGER,
  content_hash BLOB CHECK (content_hash IS NULL OR length(content_hash) = 32),
  width INTEGER,
  height INTEGER,
  status TEXT NOT NULL CHECK (status IN ('done', 'failed', 'skipped')),
  -- JSON {code, params}; why it failed or was skipped, or a note on one that is done.
  reason TEXT,
  UNIQUE (data_set_id, path)
) STRICT;
CREATE INDEX data_file_bad ON data_file (data_set_id) WHERE status <> 'done';

CREATE TABLE digit (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  data_set_id INTEGER NOT NULL REFERENCES data_set (id),
  file_id INTEGER NOT NULL REFERENCES data_file (id),
  -- Within its file: the record of an IDX file, the place in a scan of several digits.
  position INTEGER NOT NULL DEFAULT 0 CHECK (position >= 0),
  box_left INTEGER,
  box_top INTEGER,
  box_width INTEGER,
  box_height INTEGER,
  split TEXT NOT NULL CHECK (split IN ('train', 'test', 'unlabelled')),
  given_label INTEGER CHECK (given_label BETWEEN 0 AND 9),
  label INTEGER CHECK (label BETWEEN 0 AND 9),
  UNIQUE (file_id, position)
) STRICT;
CREATE INDEX digit_set ON digit (data_set_id);
CREATE INDEX digit_split ON digit (data_set_id, split);
CREATE INDEX digit_label ON digit (data_set_id, label);
CREATE INDEX digit_split_label ON digit (data_set_id, split, label);

CREATE TABLE digit_tile (
  digit_id INTEGER PRIMARY KEY REFERENCES digit (id) ON DELETE CASCADE,
  pixels BLOB NOT NULL CHECK (length(pixels) = 784)
) STRICT;

CREATE TABLE data_cell (
  data_set_id INTEGER NOT NULL REFERENCES data_set (id),
  split TEXT NOT NULL,
  label INTEGER NOT NULL CHECK (label BETWEEN -1 AND 9),
  count INTEGER NOT NULL CHECK (count >= 0),
  PRIMARY KEY (data_set_id, split, label)
) STRICT, WITHOUT ROWID;

-- Training --------------------------------------------------------------------------------------------------------

CREATE TABLE run (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'cancelled', 'interrupted')),
  data_set_id INTEGER NOT NULL REFERENCES data_set (id),
  parameters TEXT NOT NULL,
  -- Folder name under models/ that the best epoch goes to.
  model_folder TEXT NOT NULL UNIQUE,
  best_epoch INTEGER,
  test_accuracy REAL,
  images_per_second REAL,
  started_at TEXT NOT NULL,
  finished_at TEXT,
  error TEXT
) STRICT;

CREATE TABLE run_epoch (
  run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  epoch INTEGER NOT NULL CHECK (epoch >= 1),
  train_loss REAL NOT NULL,
  train_accuracy REAL NOT NULL,
  validation_loss REAL,
  validation_accuracy REAL,
  seconds REAL NOT NULL,
  PRIMARY KEY (run_id, epoch)
) STRICT, WITHOUT ROWID;

CREATE TABLE run_point (
  run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  loss REAL NOT NULL,
  accuracy REAL NOT NULL,
  PRIMARY KEY (run_id, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE model (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  -- Under models/; NULL for a model that lies outside of the project.
  folder TEXT UNIQUE,
  name TEXT NOT NULL,
  created_at TEXT NOT NULL,
  architecture TEXT NOT NULL,
  parameters INTEGER NOT NULL,
  validation_accuracy REAL,
  test_accuracy REAL,
  data_set_name TEXT NOT NULL,
  run_id INTEGER REFERENCES run (id) ON DELETE SET NULL
) STRICT;
CREATE INDEX model_run ON model (run_id);

-- Batches: the ledger -----------------------------------------------------------------------------------------------

CREATE TABLE batch (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK (kind IN ('folder', 'test-set')),
  name TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'cancelled', 'interrupted', 'removed')),
  source TEXT NOT NULL,
  root BLOB,
  data_set_id INTEGER REFERENCES data_set (id),
  model_id INTEGER NOT NULL REFERENCES model (id),
  recipe TEXT NOT NULL,
  -- Answers below this confidence are rejected; NULL: none are.
  threshold REAL CHECK (threshold BETWEEN 0 AND 1),
  -- The folder has been listed to its end.
  listed INTEGER NOT NULL DEFAULT 0 CHECK (listed IN (0, 1)),
  queued INTEGER NOT NULL DEFAULT 0 CHECK (queued >= 0),
  done INTEGER NOT NULL DEFAULT 0,
  rejected INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  skipped INTEGER NOT NULL DEFAULT 0,
  -- Time at work.
  seconds REAL NOT NULL DEFAULT 0,
  started_at TEXT NOT NULL,
  finished_at TEXT,
  error TEXT,
  CHECK ((kind = 'folder') = (root IS NOT NULL)),
  CHECK ((kind = 'test-set') = (data_set_id IS NOT NULL))
) STRICT;

-- One row per input file.
CREATE TABLE batch_file (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  batch_id INTEGER NOT NULL REFERENCES batch (id),
  path BLOB NOT NULL,
  size INTEGER,
  mtime_ns INTEGER,
  content_hash BLOB CHECK (content_hash IS NULL OR length(content_hash) = 32),
  width INTEGER,
  height INTEGER,
  status TEXT NOT NULL CHECK (status IN ('queued', 'done', 'rejected', 'failed', 'skipped')),
  reason TEXT,
  UNIQUE (batch_id, path)
) STRICT;
CREATE INDEX batch_file_status ON batch_file (batch_id, status);

-- One row per digit: under a file of the batch, or standing for a digit of a data set, whose tile it shares.
CREATE TABLE batch_item (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  batch_id INTEGER NOT NULL REFERENCES batch (id),
  file_id INTEGER REFERENCES batch_file (id) ON DELETE CASCADE,
  digit_id INTEGER REFERENCES digit (id) ON DELETE CASCADE,
  position INTEGER NOT NULL DEFAULT 0 CHECK (position >= 0),
  box_left INTEGER,
  box_top INTEGER,
  box_width INTEGER,
  box_height INTEGER,
  digit INTEGER NOT NULL CHECK (digit BETWEEN 0 AND 9),
  confidence REAL NOT NULL,
  second INTEGER NOT NULL CHECK (second BETWEEN 0 AND 9),
  second_confidence REAL NOT NULL,
  -- Ten float32, little-endian.
  probabilities BLOB NOT NULL CHECK (length(probabilities) = 40),
  given_label INTEGER CHECK (given_label BETWEEN 0 AND 9),
  -- For a digit of a data set this follows digit.label by trigger.
  label INTEGER CHECK (label BETWEEN 0 AND 9),
  CHECK ((file_id IS NULL) <> (digit_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX batch_item_file ON batch_item (file_id, position) WHERE file_id IS NOT NULL;
CREATE UNIQUE INDEX batch_item_digit ON batch_item (digit_id, batch_id) WHERE digit_id IS NOT NULL;
CREATE INDEX batch_item_batch ON batch_item (batch_id);
-- Each index costs classifying a quarter of its speed: one for the order of doubt, which holds what the filters look at, one for a cell
-- of the confusion matrix, and two small ones.
CREATE INDEX batch_item_doubt ON batch_item (batch_id, confidence, id, label, digit);
CREATE INDEX batch_item_cell ON batch_item (batch_id, label, digit, confidence);
CREATE INDEX batch_item_wrong ON batch_item (batch_id, confidence, id, label, digit) WHERE label <> digit;
CREATE INDEX batch_item_relabelled ON batch_item (batch_id, confidence, id, label, digit) WHERE label IS NOT given_label;

CREATE TABLE batch_tile (
  item_id INTEGER PRIMARY KEY REFERENCES batch_item (id) ON DELETE CASCADE,
  pixels BLOB NOT NULL CHECK (length(pixels) = 784)
) STRICT;

CREATE TABLE batch_cell (
  batch_id INTEGER NOT NULL REFERENCES batch (id),
  label INTEGER NOT NULL CHECK (label BETWEEN -1 AND 9),
  digit INTEGER NOT NULL CHECK (digit BETWEEN 0 AND 9),
  count INTEGER NOT NULL CHECK (count >= 0),
  PRIMARY KEY (batch_id, label, digit)
) STRICT, WITHOUT ROWID;

-- Review: every label change, for undo and for the record ----------------------------------------------------------

CREATE TABLE journal_entry (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  count INTEGER NOT NULL CHECK (count > 0),
  -- The label that all of them had before; NULL also when they differed.
  from_label INTEGER CHECK (from_label BETWEEN 0 AND 9),
  to_label INTEGER CHECK (to_label BETWEEN 0 AND 9),
  -- abandoned: undone, and then something else was done, so it cannot be redone.
  state TEXT NOT NULL CHECK (state IN ('applied', 'undone', 'abandoned'))
) STRICT;
CREATE INDEX journal_entry_state ON journal_entry (state);

-- Append-only.
CREATE TABLE journal_event (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  entry_id INTEGER NOT NULL REFERENCES journal_entry (id),
  action TEXT NOT NULL CHECK (action IN ('apply', 'undo', 'redo')),
  at TEXT NOT NULL
) STRICT;
CREATE INDEX journal_event_entry ON journal_event (entry_id);

CREATE TABLE label_change (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  entry_id INTEGER NOT NULL REFERENCES journal_entry (id),
  digit_id INTEGER REFERENCES digit (id) ON DELETE CASCADE,
  item_id INTEGER REFERENCES batch_item (id) ON DELETE CASCADE,
  from_label INTEGER CHECK (from_label BETWEEN 0 AND 9),
  to_label INTEGER CHECK (to_label BETWEEN 0 AND 9),
  CHECK ((digit_id IS NULL) <> (item_id IS NULL))
) STRICT;
CREATE INDEX label_change_entry ON label_change (entry_id);
CREATE INDEX label_change_digit ON label_change (digit_id) WHERE digit_id IS NOT NULL;
CREATE INDEX label_change_item ON label_change (item_id) WHERE item_id IS NOT NULL;

-- Counts and the one truth about a label ---------------------------------------------------------------------------

CREATE TRIGGER digit_added AFTER INSERT ON digit BEGIN
  INSERT INTO data_cell VALUES (NEW.data_set_id, NEW.split, COALESCE(NEW.label, -1), 1)
  ON CONFLICT DO UPDATE SET count = count + 1;
END;

CREATE TRIGGER digit_relabelled AFTER UPDATE OF label ON digit WHEN OLD.label IS NOT NEW.label BEGIN
  UPDATE data_cell SET count = count - 1
  WHERE data_set_id = OLD.data_set_id AND split = OLD.split AND label = COALESCE(OLD.label, -1);
  INSERT INTO data_cell VALUES (NEW.data_set_id, NEW.split, COALESCE(NEW.label, -1), 1)
  ON CONFLICT DO UPDATE SET count = count + 1;
  UPDATE batch_item SET label = NEW.label WHERE digit_id = NEW.id;
END;

CREATE TRIGGER batch_item_added AFTER INSERT ON batch_item BEGIN
  INSERT INTO batch_cell VALUES (NEW.batch_id, COALESCE(NEW.label, -1), NEW.digit, 1)
  ON CONFLICT DO UPDATE SET count = count + 1;
END;

CREATE TRIGGER batch_item_relabelled AFTER UPDATE OF label ON batch_item WHEN OLD.label IS NOT NEW.label BEGIN
  UPDATE batch_cell SET count = count - 1
  WHERE batch_id = OLD.batch_id AND label = COALESCE(OLD.label, -1) AND digit = OLD.digit;
  INSERT INTO batch_cell VALUES (NEW.batch_id, COALESCE(NEW.label, -1), NEW.digit, 1)
  ON CONFLICT DO UPDATE SET count = count + 1;
END;
`,
};
