import type { Migration } from './index.ts';

/** A batch's files that were copied or moved into class folders. */
export const filing: Migration = {
  version: 14,
  name: 'filing',
  sql: `
CREATE TABLE filing (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  batch_id INTEGER NOT NULL REFERENCES batch (id),
  action TEXT NOT NULL CHECK (action IN ('copy', 'move')),
  -- JSON: parts of the batch.
  parts TEXT NOT NULL,
  -- Absolute; class folders lie beside it.
  manifest TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'done', 'stopped', 'undoing', 'undone')),
  -- Lines of the manifest; NULL: it is not written yet, so no file has been touched.
  total INTEGER,
  filed INTEGER NOT NULL DEFAULT 0,
  -- JSON: files by the reason for which they were left where they are.
  reasons TEXT NOT NULL DEFAULT '{}',
  error TEXT,
  started_at TEXT NOT NULL
) STRICT;
CREATE INDEX filing_batch ON filing (batch_id);
`,
};
