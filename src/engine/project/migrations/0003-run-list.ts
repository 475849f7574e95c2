import type { Migration } from './index.ts';

/** A removed run is out of sight and can come back, until the project is opened anew. */
export const runList: Migration = {
  version: 3,
  name: 'run list',
  sql: `
ALTER TABLE run ADD COLUMN notes TEXT NOT NULL DEFAULT '';
ALTER TABLE run ADD COLUMN removed_at TEXT;
-- NULL until the first steps of a run.
ALTER TABLE run ADD COLUMN steps_per_epoch INTEGER CHECK (steps_per_epoch > 0);
-- Time at work, up to what is kept; NULL for runs of older studios.
ALTER TABLE run ADD COLUMN seconds REAL;
-- Least and largest of the losses that a point is the mean of; NULL for one loss alone.
ALTER TABLE run_point ADD COLUMN low REAL;
ALTER TABLE run_point ADD COLUMN high REAL;
CREATE INDEX run_removed ON run (removed_at) WHERE removed_at IS NOT NULL;
`,
};
