import type { Batch } from '../../shared/contract/index.ts';
import type { FileStatus } from '../../shared/domain.ts';
import type { Reason } from '../../shared/errors.ts';
import { messagesFor, reasonLine } from '../../shared/messages/index.ts';
import { RECORD } from '../datasets/records.ts';
import { sql, type Db } from '../project/sqlite.ts';
import { TEST_STATUS } from './ledger.ts';

/** A row of an export, whatever its format. */
export interface ExportRow {
  path: Buffer;
  /** Of the digit in a file of several digits, such as IDX; null where the file is the digit. */
  position: number | null;
  digit: number | null;
  confidence: number | null;
  second: number | null;
  secondConfidence: number | null;
  status: FileStatus;
  reason: string | null;
}

/** Rows at a time. */
const CHUNK = 2_000;
/** One file is one language, whatever the window speaks: programs read it too. */
const REASONS = messagesFor('en').reasons;

/** The sentence of a row's reason. */
export const reasonOf = ({ reason }: ExportRow): string | null =>
  reason === null ? null : reasonLine(REASONS, JSON.parse(reason) as Reason);

/** The rows of a batch, a chunk at a time: one per file in the order of the paths' bytes; of a test set its digits in their order. */
export const exportRows = (db: Db, batchId: number, kind: Batch['kind']): Generator<ExportRow[]> =>
  kind === 'folder' ? fileRows(db, batchId) : testRows(db, batchId);

/** Pages by path, not by offset: each page costs the same. */
function* fileRows(db: Db, batchId: number): Generator<ExportRow[]> {
  const statement = sql<ExportRow>(
    db,
    `SELECT path, NULL AS position, digit, confidence, second, second_confidence AS secondConfidence, status, reason
     FROM (SELECT id, path, status, reason FROM batch_file WHERE batch_id = ? AND path > ? ORDER BY path LIMIT ${CHUNK}) AS file
     LEFT JOIN batch_item ON file_id = file.id ORDER BY path, batch_item.position`,
  );
  for (let last: Buffer = Buffer.alloc(0); ;) {
    const rows = statement.all(batchId, last);
    if (rows.length === 0) return;
    last = rows.at(-1)!.path;
    yield rows;
  }
}

function* testRows(db: Db, batchId: number): Generator<ExportRow[]> {
  const statement = sql<ExportRow & { id: number }>(
    db,
    `SELECT item.id, path, ${RECORD} AS position, item.digit, confidence, second,
       second_confidence AS secondConfidence, ${TEST_STATUS}
     FROM batch_item AS item JOIN batch ON batch.id = item.batch_id JOIN digit ON digit.id = digit_id JOIN data_file ON data_file.id = digit.file_id
       JOIN data_set ON data_set.id = digit.data_set_id
     WHERE item.batch_id = ? AND item.id > ? ORDER BY item.id LIMIT ${CHUNK}`,
  );
  for (let last = 0; ;) {
    const rows = statement.all(batchId, last);
    if (rows.length === 0) return;
    last = rows.at(-1)!.id;
    yield rows;
  }
}
