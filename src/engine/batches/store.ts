import { confidenceBounds, type RowFilter } from '../../shared/contract/batch-results.ts';
import type { Batch, FileRow } from '../../shared/contract/index.ts';
import type { FileStatus } from '../../shared/domain.ts';
import { StudioError, type Reason } from '../../shared/errors.ts';
import { RECORD } from '../datasets/records.ts';
import { storedError } from '../project/runs.ts';
import { sql, type Db } from '../project/sqlite.ts';
import { confusion } from '../review/confusion.ts';
import { itemRefOf } from '../review/refs.ts';
import { digitName } from '../files/names.ts';
import { idWindows } from './id-windows.ts';
import { COUNTS, KIND, ledgerRow, SHOWN_STATE, storedRejection, TEST_STATE, TEST_STATUS } from './ledger.ts';
import { folderOf } from './summary.ts';

type BatchRow = Omit<Batch, 'followLinks' | 'error' | 'labelled' | 'accuracy' | 'rejection' | 'accepted'> & {
  error: string | null;
  followLinks: 0 | 1;
  threshold: number | null;
  why: string | null;
};

const SELECT = `SELECT batch.id, ${KIND}, batch.name, source, model_id AS modelId, model.name AS modelName, data_set_id AS dataSetId,
  ${SHOWN_STATE} AS state, ${COUNTS},
  threshold, rejection AS why, watch, follow_links AS followLinks, changed, seconds, started_at AS startedAt, finished_at AS finishedAt, error FROM batch JOIN model ON model.id = model_id`;

function toBatch(db: Db, { threshold, why, followLinks, ...row }: BatchRow): Batch {
  const { counts, labelled, accuracy } = confusion(db, row.id);
  const correct = counts.reduce((sum, cells, label) => sum + cells[label]!, 0);
  const rejected = labelledBelow(db, row.id, threshold);
  const accepted = {
    labelled: labelled - rejected.labelled,
    errors: labelled - correct - rejected.errors,
  };
  const rejection = storedRejection(threshold, why);
  return {
    ...row,
    followLinks: followLinks === 1,
    labelled,
    accuracy,
    rejection,
    accepted,
    error: storedError(row.error),
  };
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
  sql(db, `UPDATE batch SET state = 'removed', waits_since = NULL, watch = NULL WHERE id = ?`).run(id);
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
const ofTestSet = `SELECT item.id, path, ${RECORD} AS position, ${TEST_STATUS},
  item.id AS itemId, ${READ}
  FROM batch_item AS item JOIN batch ON batch.id = item.batch_id JOIN digit ON digit.id = digit_id JOIN data_file ON data_file.id = digit.file_id
  JOIN data_set ON data_set.id = digit.data_set_id`;

/** Whether a digit of a test set has that status; takes the threshold, 0 for none. */
const STATUS_TEST: Partial<Record<FileStatus, string>> = {
  done: 'AND confidence >= ?',
  rejected: 'AND confidence < ?',
};

export interface RowQuery {
  batchId: number;
  status?: FileStatus;
  text?: string;
  filter?: RowFilter;
  offset: number;
  limit: number;
}

/** A window of a batch's files (of a test set: its digits), in the order of the listing. Throws `unknown-id`. */
export async function batchRows(db: Db, query: RowQuery): Promise<{ total: number; rows: FileRow[] }> {
  const { batchId, status, offset, limit } = query;
  const batch = ledgerRow(db, batchId);
  const test = status === undefined ? '' : STATUS_TEST[status];
  if (batch.kind !== 'folder' && test === undefined) return { total: 0, rows: [] };
  if (query.text || Object.keys(query.filter ?? {}).length > 0)
    return searchRows(db, batch.kind, query, query.text?.toLowerCase() ?? '');
  // Paths ascend with the ids, as the listing does; each form takes the order that an index of its own has.
  const { select, window, values, order, total } =
    batch.kind !== 'folder'
      ? {
          select: `${ofTestSet} WHERE item.id IN`,
          window: `SELECT id FROM batch_item WHERE batch_id = ? ${test} ORDER BY id`,
          values: status === undefined ? [batchId] : [batchId, batch.threshold ?? 0],
          order: 'item.id',
          total: status === undefined ? batch.done + batch.rejected : batch[status],
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

/** Looks for what a filter and part of a path ask for, a window of ids at a time. */
async function searchRows(
  db: Db,
  kind: Batch['kind'],
  query: RowQuery,
  text: string,
): Promise<{ total: number; rows: FileRow[] }> {
  const { batchId, status, filter = {}, offset, limit } = query;
  const { digit, band, folder, part } = filter;
  const [select, alias, table] =
    kind === 'folder'
      ? ([ofFiles, 'file', 'batch_file'] as const)
      : ([ofTestSet, 'item', 'batch_item'] as const);
  const read = [
    ...(digit === undefined ? [] : ['item.digit = :digit']),
    ...(band === undefined ? [] : ['item.confidence >= :least AND item.confidence < :below']),
  ];
  const ofRead = read.map((condition) => ` AND ${condition}`).join('');
  const candidates = sql<{ id: number; path: Buffer; position: number | null }>(
    db,
    kind === 'folder'
      ? `SELECT id, path, NULL AS position FROM batch_file AS file
         WHERE id >= :from AND id < :to AND +batch_id = :batchId AND status = COALESCE(:status, status)
         ${ofRead && `AND EXISTS (SELECT 1 FROM batch_item AS item WHERE item.file_id = file.id${ofRead})`}`
      : `SELECT item.id, path, ${RECORD} AS position FROM batch_item AS item
           JOIN digit ON digit.id = digit_id JOIN data_file ON data_file.id = digit.file_id
           JOIN data_set ON data_set.id = digit.data_set_id
           JOIN batch ON batch.id = item.batch_id
         WHERE item.id >= :from AND item.id < :to AND +item.batch_id = :batchId
           AND COALESCE(:status, ${TEST_STATE}) = ${TEST_STATE}${ofRead}`,
  );
  const values = {
    batchId,
    status: status ?? null,
    ...(digit !== undefined && { digit }),
    ...(band !== undefined && {
      least: confidenceBounds[band]!,
      // The last band holds its upper bound too.
      below: band === confidenceBounds.length - 2 ? Infinity : confidenceBounds[band + 1]!,
    }),
  };
  const found: number[] = [];
  for await (const window of idWindows(db, table, batchId)) {
    const from = Math.max(window.from, part?.first ?? 0);
    const to = Math.min(window.to, (part?.last ?? Infinity) + 1);
    if (from >= to) continue;
    for (const { id, path, position } of candidates.all({ ...values, from, to })) {
      const name = digitName(path, position);
      if (folder !== undefined && folderOf(name) !== folder) continue;
      if (name.toLowerCase().includes(text)) found.push(id);
    }
  }
  const wanted = JSON.stringify(found.slice(offset, offset + limit));
  const rows = sql<StoredFileRow>(
    db,
    `${select} WHERE ${alias}.id IN (SELECT value FROM json_each(?)) ORDER BY ${alias}.id`,
  ).all(wanted);
  return { total: found.length, rows: rows.map(toFileRow) };
}
