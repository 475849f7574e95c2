import type { Batch, FileRow } from '../../shared/contract/index.ts';
import type { FileStatus } from '../../shared/domain.ts';
import { StudioError, type Reason } from '../../shared/errors.ts';
import { breathe } from '../jobs/flow.ts';
import { storedError } from '../project/runs.ts';
import { single, sql, type Db } from '../project/sqlite.ts';
import { confusion } from '../review/confusion.ts';
import { itemRefOf } from '../review/refs.ts';
import { digitName } from './csv.ts';
import { COUNTS, ledgerRow, SHOWN_STATE, storedRejection } from './ledger.ts';

type BatchRow = Omit<Batch, 'error' | 'labelled' | 'accuracy' | 'rejection' | 'accepted'> & {
  error: string | null;
  threshold: number | null;
  why: string | null;
};

const SELECT = `SELECT batch.id, kind, batch.name, source, model_id AS modelId, model.name AS modelName, data_set_id AS dataSetId,
  ${SHOWN_STATE} AS state, ${COUNTS},
  threshold, rejection AS why, seconds, started_at AS startedAt, finished_at AS finishedAt, error FROM batch JOIN model ON model.id = model_id`;

function toBatch(db: Db, { threshold, why, ...row }: BatchRow): Batch {
  const { counts, labelled, accuracy } = confusion(db, row.id);
  const correct = counts.reduce((sum, cells, label) => sum + cells[label]!, 0);
  const rejected = labelledBelow(db, row.id, threshold);
  const accepted = {
    labelled: labelled - rejected.labelled,
    errors: labelled - correct - rejected.errors,
  };
  const rejection = storedRejection(threshold, why);
  return { ...row, labelled, accuracy, rejection, accepted, error: storedError(row.error) };
}

/** Of the digits below a threshold, which are few: those with a label, and those read as another. */
function labelledBelow(
  db: Db,
  batchId: number,
  threshold: number | null,
): { labelled: number; errors: number } {
  if (threshold === null) return { labelled: 0, errors: 0 };
  return sql<{ labelled: number; errors: number }>(
    db,
    `SELECT COUNT(label) AS labelled, COALESCE(SUM(label <> digit), 0) AS errors FROM batch_item WHERE batch_id = ? AND confidence < ?`,
  ).get(batchId, threshold)!;
}

/** Newest first. */
export const listBatches = (db: Db): Batch[] =>
  sql<BatchRow>(db, `${SELECT} WHERE state <> 'removed' ORDER BY batch.id DESC`)
    .all()
    .map((row) => toBatch(db, row));

/** Throws `unknown-id`. */
export function getBatch(db: Db, id: number): Batch {
  const row = sql<BatchRow>(db, `${SELECT} WHERE state <> 'removed' AND batch.id = ?`).get(id);
  if (!row) throw new StudioError('unknown-id', { kind: 'batch', id });
  return toBatch(db, row);
}

/** Takes a batch out of sight; its rows go with `purge`. Throws `unknown-id`. */
export function removeBatch(db: Db, id: number): void {
  ledgerRow(db, id);
  sql(db, `UPDATE batch SET state = 'removed', waits_since = NULL WHERE id = ?`).run(id);
}

interface StoredFileRow {
  id: number;
  path: Buffer;
  position: number | null;
  status: FileStatus;
  reason: string | null;
  itemId: number | null;
  digit: number | null;
  confidence: number | null;
  second: number | null;
  secondConfidence: number | null;
  label: number | null;
}

const toFileRow = ({ path, position, itemId, reason, ...row }: StoredFileRow): FileRow => ({
  ...row,
  path: digitName(path, position),
  reason: reason === null ? null : (JSON.parse(reason) as Reason),
  ref: itemId === null ? null : itemRefOf(itemId),
});

const READ = 'item.digit, confidence, second, second_confidence AS secondConfidence, item.label';
const ofFiles = `SELECT file.id, path, NULL AS position, status, reason, item.id AS itemId, ${READ}
  FROM batch_file AS file LEFT JOIN batch_item AS item ON file_id = file.id`;
const ofTestSet = `SELECT item.id, path, IIF(data_set.kind = 'mnist', digit.position, NULL) AS position, 'done' AS status, NULL AS reason,
  item.id AS itemId, ${READ}
  FROM batch_item AS item JOIN digit ON digit.id = digit_id JOIN data_file ON data_file.id = digit.file_id
  JOIN data_set ON data_set.id = digit.data_set_id`;

export interface RowQuery {
  batchId: number;
  status?: FileStatus;
  text?: string;
  offset: number;
  limit: number;
}

/** Rows looked through before other calls are answered. */
const WINDOW = 10_000;

/** A window of a batch's files (of a test set: its digits), in the order of the listing. Throws `unknown-id`. */
export async function batchRows(db: Db, query: RowQuery): Promise<{ total: number; rows: FileRow[] }> {
  const { batchId, status, offset, limit } = query;
  const batch = ledgerRow(db, batchId);
  if (batch.kind === 'test-set' && status !== undefined && status !== 'done') return { total: 0, rows: [] };
  if (query.text) return searchRows(db, batch.kind, query, query.text.toLowerCase());
  // Paths ascend with the ids, as the listing does; each form takes the order that an index of its own has.
  const { select, window, values, order, total } =
    batch.kind === 'test-set'
      ? {
          select: `${ofTestSet} WHERE item.id IN`,
          window: 'SELECT id FROM batch_item WHERE batch_id = ? ORDER BY id',
          values: [batchId],
          order: 'item.id',
          total: batch.done,
        }
      : {
          select: `${ofFiles} WHERE file.id IN`,
          window:
            status === undefined
              ? 'SELECT id FROM batch_file WHERE batch_id = ? ORDER BY path'
              : 'SELECT id FROM batch_file WHERE batch_id = ? AND status = ? ORDER BY id',
          values: status === undefined ? [batchId] : [batchId, status],
          order: 'path, item.position',
          total: status === undefined ? batch.total : batch[status],
        };
  const text = `${select} (${window} LIMIT ? OFFSET ?) ORDER BY ${order}`;
  const rows = sql<StoredFileRow>(db, text).all(...values, limit, offset);
  return { total, rows: rows.map(toFileRow) };
}

/** Looks for part of a path, a window of ids at a time. */
async function searchRows(
  db: Db,
  kind: Batch['kind'],
  query: RowQuery,
  text: string,
): Promise<{ total: number; rows: FileRow[] }> {
  const { batchId, status, offset, limit } = query;
  const [select, alias, table] =
    kind === 'folder' ? [ofFiles, 'file', 'batch_file'] : [ofTestSet, 'item', 'batch_item'];
  const last = single<number | null>(db, `SELECT MAX(id) FROM ${table} WHERE batch_id = ?`, batchId) ?? 0;
  const first = single<number | null>(db, `SELECT MIN(id) FROM ${table} WHERE batch_id = ?`, batchId) ?? 1;
  const found: number[] = [];
  const candidates = sql<{ id: number; path: Buffer; position: number | null }>(
    db,
    kind === 'folder'
      ? `SELECT id, path, NULL AS position FROM batch_file
         WHERE id >= :from AND id < :to AND +batch_id = :batchId AND status = COALESCE(:status, status)`
      : `SELECT item.id, path, IIF(data_set.kind = 'mnist', digit.position, NULL) AS position FROM batch_item AS item
           JOIN digit ON digit.id = digit_id JOIN data_file ON data_file.id = digit.file_id
           JOIN data_set ON data_set.id = digit.data_set_id
         WHERE item.id >= :from AND item.id < :to AND +item.batch_id = :batchId`,
  );
  for (let from = first; from <= last; from += WINDOW) {
    const window = { from, to: from + WINDOW, batchId, ...(kind === 'folder' && { status: status ?? null }) };
    for (const { id, path, position } of candidates.all(window))
      if (digitName(path, position).toLowerCase().includes(text)) found.push(id);
    await breathe();
  }
  const wanted = JSON.stringify(found.slice(offset, offset + limit));
  const rows = sql<StoredFileRow>(
    db,
    `${select} WHERE ${alias}.id IN (SELECT value FROM json_each(?)) ORDER BY ${alias}.id`,
  ).all(wanted);
  return { total: found.length, rows: rows.map(toFileRow) };
}
