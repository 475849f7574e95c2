import type { Migration } from './index.ts';

/** How much ink a digit has and how large its picture was. Digits that came otherwise than by an import are measured when a chart asks. */
export const measures: Migration = {
  version: 16,
  name: 'measures',
  sql: `
-- Mean of its tile in thousandths of full ink; NULL: not measured yet.
ALTER TABLE digit ADD COLUMN ink INTEGER;
-- The longer side of the picture that it was read from, in pixels; NULL for records of IDX files.
ALTER TABLE digit ADD COLUMN side INTEGER;
CREATE INDEX digit_unmeasured ON digit (data_set_id, id) WHERE ink IS NULL;
`,
};
