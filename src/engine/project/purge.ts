import fs from 'node:fs/promises';
import { deleteMaps } from '../embedding/store.ts';
import { breathe } from '../jobs/flow.ts';
import { changeTables } from '../review/changes.ts';
import { sql, type Db } from './sqlite.ts';
import type { Project } from './store.ts';

const CHUNK = 2_000;

/**
 * Deletes what removed batches and data sets hold, a little at a time, so that calls are answered in between. Safe to
 * stop anywhere and to run again; ends early when the project is closed.
 */
export async function purge(db: Db): Promise<void> {
  for (const id of removed(db, `SELECT id FROM batch WHERE state = 'removed'`)) {
    await deleteInChunks(db, 'batch_item', 'batch_id', id);
    await deleteInChunks(db, 'batch_file', 'batch_id', id);
    if (!db.open) return;
    for (const table of ['batch_cell', 'batch_decision', 'second_keying', 'filing'])
      sql(db, `DELETE FROM ${table} WHERE batch_id = ?`).run(id);
    sql(db, 'DELETE FROM batch WHERE id = ?').run(id);
  }
  // The row of a set stays as a name for the runs and models that came from it.
  const sets = `SELECT id FROM data_set WHERE state = 'removed' AND EXISTS (SELECT 1 FROM data_file WHERE data_set_id = data_set.id)`;
  for (const id of removed(db, sets)) {
    await deleteInChunks(db, 'duplicate_pair', 'data_set_id', id);
    await deleteInChunks(db, 'digit', 'data_set_id', id);
    await deleteInChunks(db, 'data_file', 'data_set_id', id);
    if (!db.open) return;
    for (const table of ['data_cell', 'duplicate_search', 'data_version'])
      sql(db, `DELETE FROM ${table} WHERE data_set_id = ?`).run(id);
  }
  if (!db.open) return;
  sql(db, 'DELETE FROM grid_view WHERE removed_at IS NOT NULL').run();
  sql(
    db,
    `UPDATE journal_entry SET state = 'abandoned'
     WHERE state <> 'abandoned' ${changeTables.map(({ table }) => `AND NOT EXISTS (SELECT 1 FROM ${table} WHERE entry_id = journal_entry.id)`).join(' ')}`,
  ).run();
}

/** As training names them. A project may come from anyone: nothing is deleted by a name that could lead elsewhere. */
const MODEL_FOLDER = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Deletes the files of removed models, and the rows of those that no batch points to. Safe to stop anywhere and to run again; ends
 * early when the project is closed. Throws what the file system throws.
 */
export async function purgeModels({ db, modelFolder }: Pick<Project, 'db' | 'modelFolder'>): Promise<void> {
  for (const id of removed(db, 'SELECT id FROM model WHERE removed_at IS NOT NULL AND folder IS NOT NULL')) {
    if (!db.open) return;
    const name = sql<{ folder: string | null }>(db, 'SELECT folder FROM model WHERE id = ?').get(id)?.folder;
    if (name && MODEL_FOLDER.test(name)) await fs.rm(modelFolder(name), { recursive: true, force: true });
    if (!db.open) return;
    sql(db, 'UPDATE model SET folder = NULL WHERE id = ?').run(id);
  }
  if (!db.open) return;
  sql(
    db,
    `DELETE FROM model
     WHERE removed_at IS NOT NULL AND folder IS NULL AND NOT EXISTS (SELECT 1 FROM batch WHERE model_id = model.id)`,
  ).run();
}

/** Deletes models that removed batches left behind when they were stopped. Throws what the file system throws. */
export async function purgeFolds({ db, foldsFolder }: Pick<Project, 'db' | 'foldsFolder'>): Promise<void> {
  for (const id of removed(db, `SELECT id FROM batch WHERE state = 'removed' AND folds IS NOT NULL`))
    await fs.rm(foldsFolder(id), { recursive: true, force: true });
}

/** Deletes the maps of removed batches. Throws what the file system throws. */
export async function purgeMaps(project: Project): Promise<void> {
  for (const id of removed(project.db, `SELECT id FROM batch WHERE state = 'removed'`))
    await deleteMaps(project, id);
}

/** Deletes the runs that had been removed when it was called, with their checkpoints. Throws what the file system throws. */
export async function purgeRuns({ db, runFolder }: Pick<Project, 'db' | 'runFolder'>): Promise<void> {
  // Without its time no run comes back, however long its files take.
  sql(db, `UPDATE run SET removed_at = '' WHERE removed_at IS NOT NULL`).run();
  for (const id of removed(db, `SELECT id FROM run WHERE removed_at = ''`)) {
    await fs.rm(runFolder(id), { recursive: true, force: true });
    if (!db.open) return;
    sql(db, 'DELETE FROM run WHERE id = ?').run(id);
  }
}

const removed = (db: Db, query: string): number[] =>
  db.open
    ? sql<{ id: number }>(db, query)
        .all()
        .map(({ id }) => id)
    : [];

/** Children go first: one cascade from the owner would hold everything up. */
async function deleteInChunks(db: Db, table: string, owner: string, id: number): Promise<void> {
  const text = `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE ${owner} = ? LIMIT ${CHUNK})`;
  while (db.open && sql(db, text).run(id).changes > 0) await breathe();
}
