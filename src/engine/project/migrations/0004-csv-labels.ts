import type { Migration } from './index.ts';

/** How a data set's CSV was read, as JSON; NULL where labels came from folders or IDX files. */
export const csvLabels: Migration = {
  version: 4,
  name: 'csv labels',
  sql: 'ALTER TABLE data_set ADD COLUMN csv TEXT',
};
