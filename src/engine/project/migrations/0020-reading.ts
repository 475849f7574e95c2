import type { Migration } from './index.ts';

/** How a batch reads its files and its model's answers. */
export const reading: Migration = {
  version: 20,
  name: 'reading',
  sql: `ALTER TABLE batch ADD COLUMN follow_links INTEGER NOT NULL DEFAULT 0 CHECK (follow_links IN (0, 1));
-- What the model's scores were divided by; null in batches of older studios.
ALTER TABLE batch ADD COLUMN temperature REAL`,
};
