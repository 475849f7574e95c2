import type { CsvOptions, DataSet } from '../../shared/contract/index.ts';
import {
  choiceOf,
  CLASSES,
  defaultRecipe,
  TILE_BYTES,
  type NormalisationRecipe,
  type Split,
} from '../../shared/domain.ts';
import { StudioError, type Reason, type ReasonCode } from '../../shared/errors.ts';
import { single, sql, transact, type Db } from '../project/sqlite.ts';
import { inkOfTile } from './measures.ts';

export interface NewDataSet {
  name: string;
  kind: 'mnist' | 'folder';
  /** For the eye. */
  source: string;
  /** Absolute, the file system's bytes. */
  root: Buffer;
  recipe: NormalisationRecipe | null;
  /** Null when labels did not come from a CSV. */
  csv?: CsvOptions | null;
}

export interface NewDataFile {
  path: Buffer;
  size: bigint | null;
  mtimeNs: bigint | null;
  /** SHA-256, hex. */
  hash: string | null;
  width: number | null;
  height: number | null;
  status: 'done' | 'failed' | 'skipped';
  reason: Reason | null;
}

export interface NewDigit {
  fileId: number;
  position: number;
  split: Split;
  label: number | null;
  /** 28 x 28. */
  tile: Uint8Array;
}

/** Begins an import; the set shows itself only when `publishDataSet` was called. */
export function addDataSet(db: Db, set: NewDataSet): number {
  return Number(
    sql(
      db,
      `INSERT INTO data_set (name, kind, state, source, root, recipe, csv, created_at) VALUES (?, ?, 'importing', ?, ?, ?, ?, ?)`,
    ).run(
      set.name,
      set.kind,
      set.source,
      set.root,
      set.recipe && JSON.stringify(set.recipe),
      set.csv ? JSON.stringify(set.csv) : null,
      new Date().toISOString(),
    ).lastInsertRowid,
  );
}

export function publishDataSet(db: Db, id: number, hash: string): void {
  sql(db, `UPDATE data_set SET state = 'ready', hash = ? WHERE id = ?`).run(hash, id);
}

/** Call within a transaction. */
export function addDataFile(db: Db, dataSetId: number, file: NewDataFile): number {
  return Number(
    sql(
      db,
      `INSERT INTO data_file (data_set_id, path, size, mtime_ns, content_hash, width, height, status, reason)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(
      dataSetId,
      file.path,
      file.size,
      file.mtimeNs,
      file.hash === null ? null : Buffer.from(file.hash, 'hex'),
      file.width,
      file.height,
      file.status,
      file.reason && JSON.stringify(file.reason),
    ).lastInsertRowid,
  );
}

/** Call within a transaction. */
export function addDigit(db: Db, dataSetId: number, { tile, ...place }: NewDigit): void {
  const { lastInsertRowid } = sql(
    db,
    `INSERT INTO digit (data_set_id, file_id, position, split, given_label, label, ink, side)
     VALUES (:dataSetId, :fileId, :position, :split, :label, :label, :ink, (SELECT MAX(width, height) FROM data_file WHERE id = :fileId))`,
  ).run({ ...place, dataSetId, ink: inkOfTile(tile) });
  sql(db, 'INSERT INTO digit_tile VALUES (?, ?)').run(lastInsertRowid, tile);
}

interface DataSetRow {
  id: number;
  name: string;
  kind: 'mnist' | 'folder';
  source: string;
  created_at: string;
  hash: string | null;
  recipe: string | null;
  bad: number;
}

const COLUMNS = `id, name, kind, source, created_at, hash, recipe,
  (SELECT COUNT(*) FROM data_file WHERE data_set_id = data_set.id AND status <> 'done') AS bad`;

export function listDataSets(db: Db): DataSet[] {
  return sql<DataSetRow>(db, `SELECT ${COLUMNS} FROM data_set WHERE state = 'ready' ORDER BY id`)
    .all()
    .map((row) => withCounts(db, row));
}

/** Throws `unknown-id` when there is no such set, or not any more, or its import has not ended. */
export function checkDataSet(db: Db, id: number): void {
  if (!sql(db, `SELECT 1 FROM data_set WHERE id = ? AND state = 'ready'`).get(id))
    throw new StudioError('unknown-id', { kind: 'data-set', id });
}

/** Throws `unknown-id`. */
export function getDataSet(db: Db, id: number): DataSet {
  const row = sql<DataSetRow>(db, `SELECT ${COLUMNS} FROM data_set WHERE id = ? AND state = 'ready'`).get(id);
  if (!row) throw new StudioError('unknown-id', { kind: 'data-set', id });
  return withCounts(db, row);
}

function withCounts(db: Db, row: DataSetRow): DataSet {
  const perClass = { train: new Array<number>(CLASSES).fill(0), test: new Array<number>(CLASSES).fill(0) };
  let total = 0;
  let unlabelled = 0;
  const cells = sql<{ split: Split; label: number; count: number }>(
    db,
    'SELECT split, label, count FROM data_cell WHERE data_set_id = ?',
  ).all(row.id);
  for (const { split, label, count } of cells) {
    total += count;
    // A digit that came without a label and was given one by a person trains with the others.
    if (label < 0) unlabelled += count;
    else perClass[split === 'test' ? 'test' : 'train'][label]! += count;
  }
  const { created_at: createdAt, recipe, ...rest } = row;
  const normalisation = choiceOf(
    recipe === null ? defaultRecipe : (JSON.parse(recipe) as NormalisationRecipe),
  );
  return { ...rest, createdAt, total, perClass, unlabelled, normalisation };
}

export interface BadFileRow {
  id: number;
  path: Buffer;
  reason: string;
}

/** Files that gave no digit, in the order of the listing. */
export function badFiles(
  db: Db,
  dataSetId: number,
  offset: number,
  limit: number,
  reason: ReasonCode | null = null,
): { total: number; rows: BadFileRow[] } {
  checkDataSet(db, dataSetId);
  const chosen = `FROM data_file WHERE data_set_id = :dataSetId AND status <> 'done'
    AND (:reason IS NULL OR json_extract(reason, '$.code') = :reason)`;
  const rows = sql<BadFileRow>(
    db,
    `SELECT id, path, reason ${chosen} ORDER BY id LIMIT :limit OFFSET :offset`,
  ).all({ dataSetId, reason, limit, offset });
  return { total: single(db, `SELECT COUNT(*) ${chosen}`, { dataSetId, reason }), rows };
}

/** Takes a set, and the batches that read its digits, out of sight at once; what they hold goes with `purge`. Throws `unknown-id`. */
export function removeDataSet(db: Db, id: number): void {
  getDataSet(db, id);
  transact(db, () => {
    sql(db, `UPDATE data_set SET state = 'removed' WHERE id = ?`).run(id);
    sql(db, `UPDATE batch SET state = 'removed' WHERE data_set_id = ?`).run(id);
  });
}

/** An import that failed or was cancelled, whatever it had brought so far. */
export function abandonImport(db: Db, id: number): void {
  sql(db, `UPDATE data_set SET state = 'removed' WHERE id = ? AND state = 'importing'`).run(id);
}

/** Imports of a process that died: they were never visible and are not kept. */
export function abandonImports(db: Db): void {
  sql(db, `UPDATE data_set SET state = 'removed' WHERE state = 'importing'`).run();
}

export const tileAt = (tiles: Uint8Array, index: number): Uint8Array =>
  tiles.subarray(index * TILE_BYTES, (index + 1) * TILE_BYTES);

/** Labelled digits that training would get from a split. */
export const countLabelled = (db: Db, dataSetId: number, split: 'train' | 'test'): number =>
  single(
    db,
    `SELECT COALESCE(SUM(count), 0) FROM data_cell WHERE data_set_id = ? AND (split = 'test') = ? AND label >= 0`,
    dataSetId,
    split === 'test' ? 1 : 0,
  );
