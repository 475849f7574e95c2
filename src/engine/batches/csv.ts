import type { Reason } from '../../shared/errors.ts';
import { messagesFor, reasonLine } from '../../shared/messages/index.ts';
import { escapeName } from '../files/names.ts';
import { breathe, checkCancelled } from '../jobs/flow.ts';
import type { FileWriter } from '../project/atomic.ts';
import { sql, type Db } from '../project/sqlite.ts';
import { CSV_HEADER, csvTarget, writeTarget } from './csv-target.ts';
import { ledgerRow, TEST_STATUS } from './ledger.ts';

const CHUNK = 2_000;
/** One file is one language, whatever the window speaks: programs read it too. */
const REASONS = messagesFor('en').reasons;

interface CsvRow {
  path: Buffer;
  /** Of the digit in a file of several digits, such as IDX; null where the file is the digit. */
  position: number | null;
  digit: number | null;
  confidence: number | null;
  second: number | null;
  secondConfidence: number | null;
  status: string;
  reason: string | null;
}

/** A field after RFC 4180: quoted when it holds a comma, a quote or a line break, quotes doubled. */
export const csvField = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/**
 * Writes a batch as CSV (UTF-8, LF): one line per file in the order of the paths' bytes. The file is there whole or not at all, and
 * answers the number of lines below the header. Throws `cannot-write` (also for a source image's place), `disk-full`, `cancelled`,
 * `unknown-id`.
 */
export async function writeCsv(db: Db, batchId: number, file: string, signal?: AbortSignal): Promise<number> {
  const { kind } = ledgerRow(db, batchId);
  const target = await csvTarget(file, sourceRoots(db));
  let rows = 0;
  const content: FileWriter = async (handle) => {
    await handle.writeFile(CSV_HEADER);
    for (const chunk of kind === 'folder' ? fileChunks(db, batchId) : testChunks(db, batchId)) {
      checkCancelled(signal);
      await handle.writeFile(chunk.map(csvLine).join(''));
      rows += chunk.length;
      await breathe();
    }
  };
  await writeTarget(target, content);
  return rows;
}

/** Folders that images of this store came from. */
export const sourceRoots = (db: Db): string[] =>
  sql<{ root: Buffer }>(db, 'SELECT root FROM batch WHERE root IS NOT NULL UNION SELECT root FROM data_set')
    .all()
    .map(({ root }) => root.toString());

/** Pages by path, not by offset: each page costs the same. */
function* fileChunks(db: Db, batchId: number): Generator<CsvRow[]> {
  const statement = sql<CsvRow>(
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

function* testChunks(db: Db, batchId: number): Generator<CsvRow[]> {
  const statement = sql<CsvRow & { id: number }>(
    db,
    `SELECT item.id, path, IIF(set_.kind = 'mnist', digit.position, NULL) AS position, item.digit, confidence, second,
       second_confidence AS secondConfidence, ${TEST_STATUS}
     FROM batch_item AS item JOIN batch ON batch.id = item.batch_id JOIN digit ON digit.id = digit_id JOIN data_file ON data_file.id = digit.file_id
       JOIN data_set AS set_ ON set_.id = digit.data_set_id
     WHERE item.batch_id = ? AND item.id > ? ORDER BY item.id LIMIT ${CHUNK}`,
  );
  for (let last = 0; ;) {
    const rows = statement.all(batchId, last);
    if (rows.length === 0) return;
    last = rows.at(-1)!.id;
    yield rows;
  }
}

/** What a file, or a digit within one, is called: `t10k-images-idx3-ubyte#17`. */
export const digitName = (path: Buffer, position: number | null): string =>
  position === null ? escapeName(path) : `${escapeName(path)}#${position}`;

function csvLine(row: CsvRow): string {
  const reason = row.reason === null ? '' : reasonLine(REASONS, JSON.parse(row.reason) as Reason);
  const fields = [
    digitName(row.path, row.position),
    row.digit?.toString() ?? '',
    row.confidence?.toFixed(6) ?? '',
    row.second?.toString() ?? '',
    row.secondConfidence?.toFixed(6) ?? '',
    row.status,
    reason,
  ];
  return `${fields.map(csvField).join(',')}\n`;
}
