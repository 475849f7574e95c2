import type { Migration } from './index.ts';

/** A removed model stays as a name while batches point to it; `folder` is NULL once its files are deleted. */
export const removedModels: Migration = {
  version: 2,
  name: 'removed models',
  sql: 'ALTER TABLE model ADD COLUMN removed_at TEXT',
};
