import type { Batch, Rejection } from '../../shared/contract/index.ts';
import type { NormalisationRecipe } from '../../shared/domain.ts';
import { StudioError, type Reason } from '../../shared/errors.ts';
import type { FoldSettings } from '../label-errors/settings.ts';
import { errorText } from '../project/runs.ts';
import { insertRows, single, sql, transact, type Db } from '../project/sqlite.ts';
import type { Reading } from './reading.ts';

/** As it is stored. */
export type BatchState = Exclude<Batch['state'], 'queued'>;

/** Counts of a batch: files of a folder, digits of a test set. */
export type BatchCounts = Pick<
  Batch,
  'total' | 'queued' | 'done' | 'rejected' | 'failed' | 'skipped' | 'reused'
>;

export interface ListedFile {
  /** Relative bytes. */
  path: Buffer;
  size: bigint | null;
  mtimeNs: bigint | null;
  /** Null: it is to be read. */
  refused: { status: 'failed' | 'skipped'; reason: Reason } | null;
}

export interface QueuedFile {
  id: number;
  path: Buffer;
}

export interface FileResult {
  fileId: number;
  /** With the digit's tile and label; null for a file that gave none. */
  digit: { reading: Reading; label: number | null; tile: Uint8Array | null } | null;
  status: 'done' | 'rejected' | 'failed' | 'skipped';
  reason: Reason | null;
  hash: string | null;
  width: number | null;
  height: number | null;
  /** The ledger had the answer: it was not decoded. */
  reused: boolean;
}

export interface TestDigit {
  id: number;
  label: number | null;
  givenLabel: number | null;
  pixels: Buffer;
}

/** Makes a batch over a folder; nothing is listed yet. `root` is absolute, the file system's bytes. */
export function addFolderBatch(
  db: Db,
  batch: {
    name: string;
    source: string;
    root: Buffer;
    modelId: number;
    recipe: NormalisationRecipe;
    /** The batch that it repeats. */
    againOf?: number | undefined;
    /** Its files are unchanged when their content is, whatever their size and time. */
    verify?: boolean;
    /** Without it no digit is rejected. */
    rejection?: Rejection | null;
    /** It goes on with files that come later. */
    watch?: boolean | undefined;
    /** Links out of the folder are followed. */
    followLinks?: boolean | undefined;
  },
): number {
  return insert(
    db,
    `INSERT INTO batch (kind, name, state, source, root, model_id, recipe, again_of, verify, watch, follow_links, threshold, rejection, started_at)
     VALUES ('folder', ?, 'running', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    batch.name,
    batch.source,
    batch.root,
    batch.modelId,
    JSON.stringify(batch.recipe),
    batch.againOf ?? null,
    Number(batch.verify ?? false),
    batch.watch ? 'on' : null,
    Number(batch.followLinks ?? false),
    ...rejectionColumns(batch.rejection),
  );
}

/** Makes a batch over a data set's labelled test digits, or with `folds` over its training digits. */
export function addDataSetBatch(
  db: Db,
  batch: {
    name: string;
    source: string;
    dataSetId: number;
    modelId: number;
    recipe: NormalisationRecipe;
    count: number;
    /** Without it no digit is rejected. */
    rejection?: Rejection | null;
    folds?: FoldSettings;
  },
): number {
  return insert(
    db,
    `INSERT INTO batch (kind, name, state, source, data_set_id, model_id, recipe, queued, listed, threshold, rejection, folds, started_at)
     VALUES ('test-set', ?, 'running', ?, ?, ?, ?, ?, 1, ?, ?, ?, ?)`,
    batch.name,
    batch.source,
    batch.dataSetId,
    batch.modelId,
    JSON.stringify(batch.recipe),
    batch.count,
    ...rejectionColumns(batch.rejection),
    batch.folds === undefined ? null : JSON.stringify(batch.folds),
  );
}

/** Threshold, and what it was chosen by. */
const rejectionColumns = (rejection: Rejection | null = null): [number | null, string | null] => {
  if (rejection === null) return [null, null];
  const { threshold, ...why } = rejection;
  return [threshold, JSON.stringify(why)];
};

/** What a batch rejects, from its columns; batches of older studios kept their threshold alone. */
export function storedRejection(threshold: number | null, why: string | null): Rejection | null {
  if (threshold === null) return null;
  const { wish, promise } = JSON.parse(why ?? '{}') as Partial<Rejection>;
  return { threshold, wish: wish ?? { threshold }, promise: promise ?? null };
}

const insert = (db: Db, text: string, ...values: unknown[]): number =>
  Number(sql(db, text).run(...values, new Date().toISOString()).lastInsertRowid);

export interface LedgerRow extends BatchCounts {
  id: number;
  kind: Batch['kind'];
  name: string;
  root: Buffer | null;
  dataSetId: number | null;
  modelId: number;
  state: BatchState;
  listed: 0 | 1;
  seconds: number;
  recipe: string;
  source: string;
  againOf: number | null;
  verify: 0 | 1;
  threshold: number | null;
  /** See `storedRejection`. */
  rejection: string | null;
  /** `FoldSettings` of a batch of kind `folds`. */
  folds: string | null;
  watch: Batch['watch'];
  followLinks: 0 | 1;
  /** Of its confidences; null: that of the model's card, see `keepTemperature`. */
  temperature: number | null;
}

/** What is read by folds is stored as a test set is. */
export const KIND = `IIF(batch.folds IS NULL, batch.kind, 'folds') AS kind`;

/** Throws `unknown-id`. */
export function ledgerRow(db: Db, batchId: number): LedgerRow {
  const row = sql<LedgerRow>(
    db,
    `SELECT id, ${KIND}, name, root, data_set_id AS dataSetId, model_id AS modelId, state, listed, seconds, recipe, source, again_of AS againOf, verify, threshold, rejection, folds, watch, follow_links AS followLinks, temperature, ${COUNTS}
     FROM batch WHERE id = ? AND state <> 'removed'`,
  ).get(batchId);
  if (!row) throw new StudioError('unknown-id', { kind: 'batch', id: batchId });
  return row;
}

/** Columns of `BatchCounts`. */
export const COUNTS =
  'reused, queued, done, rejected, failed, skipped, queued + done + rejected + failed + skipped AS total';

/**
 * Enters listed files, each once: a listing that is repeated after an interruption adds only what is new. `again`: those that gave no digit before
 * are to be read again.
 */
export function enterFiles(
  db: Db,
  batchId: number,
  files: readonly ListedFile[],
  { again = false } = {},
): void {
  transact(db, () => {
    const added = { queued: 0, failed: 0, skipped: 0 };
    if (again) forgetFailed(db, batchId, files);
    for (const { status, rows } of runsOfStatus(batchId, files))
      added[status] += insertRows(
        db,
        'INSERT INTO batch_file (batch_id, path, size, mtime_ns, status, reason)',
        rows,
        'ON CONFLICT DO NOTHING',
      );
    sql(
      db,
      'UPDATE batch SET queued = queued + ?, failed = failed + ?, skipped = skipped + ? WHERE id = ?',
    ).run(added.queued, added.failed, added.skipped, batchId);
  });
}

type ListedStatus = 'queued' | 'failed' | 'skipped';

/** Rows of `batch_file` in the order of the listing, cut where the status changes, so that each status can be counted. */
function runsOfStatus(
  batchId: number,
  files: readonly ListedFile[],
): { status: ListedStatus; rows: unknown[][] }[] {
  const runs: { status: ListedStatus; rows: unknown[][] }[] = [];
  for (const { path, size, mtimeNs, refused } of files) {
    const status = refused?.status ?? 'queued';
    if (runs.at(-1)?.status !== status) runs.push({ status, rows: [] });
    runs.at(-1)!.rows.push([batchId, path, size, mtimeNs, status, refused && JSON.stringify(refused.reason)]);
  }
  return runs;
}

/** Takes files out of the ledger that gave no digit. */
function forgetFailed(db: Db, batchId: number, files: readonly ListedFile[]): void {
  const statement = sql<{ status: 'failed' | 'skipped' }>(
    db,
    `DELETE FROM batch_file WHERE batch_id = ? AND path = ? AND status IN ('failed', 'skipped') RETURNING status`,
  );
  for (const { path } of files) {
    const status = statement.get(batchId, path)?.status;
    if (status) sql(db, `UPDATE batch SET ${status} = ${status} - 1 WHERE id = ?`).run(batchId);
  }
}

/** Whether the folder of a batch is watched; null: no more. */
export function setWatch(
  db: Db,
  batchId: number,
  watch: Batch['watch'],
  error: StudioError | null = null,
): void {
  sql(db, 'UPDATE batch SET watch = ?, error = ? WHERE id = ?').run(watch, errorText(error), batchId);
}

/** Files that a watch saw change after they had been read. */
export function setChanged(db: Db, batchId: number, changed: number): void {
  sql(db, 'UPDATE batch SET changed = ? WHERE id = ?').run(changed, batchId);
}

/** Of these, the ones that a model reads. */
export const watchedBatchesOf = (db: Db, modelId: number): number[] =>
  watchedBatches(db).filter((id) => ledgerRow(db, id).modelId === modelId);

/** Batches whose folder is watched, once they have been read to their end. */
export const watchedBatches = (db: Db): number[] =>
  sql<{ id: number }>(db, `SELECT id FROM batch WHERE watch = 'on' AND state = 'done'`)
    .all()
    .map(({ id }) => id);

export function markListed(db: Db, batchId: number): void {
  sql(db, 'UPDATE batch SET listed = 1 WHERE id = ?').run(batchId);
}

/** The next files to read after a file id, in the order of the listing. */
export const queuedFiles = (db: Db, batchId: number, after: number, limit: number): QueuedFile[] =>
  sql<QueuedFile>(
    db,
    `SELECT id, path FROM batch_file WHERE batch_id = ? AND status = 'queued' AND id > ? ORDER BY id LIMIT ?`,
  ).all(batchId, after, limit);

/** Writes what became of some queued files, and the time it took, in one transaction. */
export function enterResults(db: Db, batchId: number, results: readonly FileResult[], seconds: number): void {
  const update = sql(
    db,
    `UPDATE batch_file SET status = ?, reason = ?, content_hash = ?, width = ?, height = ? WHERE id = ? AND status = 'queued'`,
  );
  transact(db, () => {
    const added = { done: 0, rejected: 0, failed: 0, skipped: 0, reused: 0 };
    const items: NewItem[] = [];
    for (const { fileId, digit, status, reason, hash, width, height, reused } of results) {
      const bytes = hash === null ? null : Buffer.from(hash, 'hex');
      if (update.run(status, reason && JSON.stringify(reason), bytes, width, height, fileId).changes === 0)
        continue;
      added[status]++;
      if (reused) added.reused++;
      if (digit) items.push({ fileId, digitId: null, ...digit, givenLabel: digit.label });
    }
    enterItems(db, batchId, items);
    settle(db, batchId, added, seconds);
  });
}

/** The next test digits to read after a digit id: those that carry a label, are not excluded and not in the ledger. */
export const queuedDigits = (
  db: Db,
  dataSetId: number,
  batchId: number,
  after: number,
  limit: number,
): TestDigit[] =>
  sql<TestDigit>(
    db,
    `SELECT digit.id, label, given_label AS givenLabel, pixels FROM digit JOIN digit_tile ON digit_id = digit.id
     WHERE data_set_id = ? AND excluded = 0 AND split = 'test' AND +label IS NOT NULL AND digit.id > ?
       AND NOT EXISTS (SELECT 1 FROM batch_item WHERE batch_item.digit_id = digit.id AND batch_id = ?)
     ORDER BY digit.id LIMIT ?`,
  ).all(dataSetId, after, batchId, limit);

/** Writes how digits of a data set were read, in one transaction. */
export function enterDigitReadings(
  db: Db,
  batchId: number,
  digits: readonly Omit<TestDigit, 'pixels'>[],
  readings: readonly Reading[],
  seconds: number,
  threshold: number | null = null,
): void {
  transact(db, () => {
    const items = digits.map(({ id, label, givenLabel }, index) => {
      const reading = readings[index]!;
      return { fileId: null, digitId: id, reading, label, givenLabel, tile: null };
    });
    enterItems(db, batchId, items);
    const rejected = readings.filter(({ confidence }) => threshold !== null && confidence < threshold).length;
    const counts = { done: digits.length - rejected, rejected, failed: 0, skipped: 0, reused: 0 };
    settle(db, batchId, counts, seconds);
  });
}

interface NewItem {
  fileId: number | null;
  digitId: number | null;
  reading: Reading;
  givenLabel: number | null;
  label: number | null;
  tile: Uint8Array | null;
}

/** Within a transaction. */
function enterItems(db: Db, batchId: number, items: readonly NewItem[]): void {
  const taken = single<number>(
    db,
    `SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = 'batch_item'`,
  );
  insertRows(
    db,
    `INSERT INTO batch_item (id, batch_id, file_id, digit_id, digit, confidence, second, second_confidence, probabilities, given_label, label)`,
    items.map(({ fileId, digitId, reading, givenLabel, label }, index) => [
      taken + 1 + index,
      batchId,
      fileId,
      digitId,
      reading.digit,
      reading.confidence,
      reading.second,
      reading.secondConfidence,
      reading.probabilities,
      givenLabel,
      label,
    ]),
  );
  insertRows(
    db,
    'INSERT INTO batch_tile',
    items.flatMap(({ tile }, index) => (tile ? [[taken + 1 + index, tile]] : [])),
  );
}

function settle(
  db: Db,
  batchId: number,
  added: Record<'done' | 'rejected' | 'failed' | 'skipped' | 'reused', number>,
  seconds: number,
): void {
  const { done, rejected, failed, skipped, reused } = added;
  sql(
    db,
    `UPDATE batch SET queued = MAX(queued - ?, 0), done = done + ?, rejected = rejected + ?, failed = failed + ?, skipped = skipped + ?,
       reused = reused + ?, seconds = seconds + ?
     WHERE id = ?`,
  ).run(done + rejected + failed + skipped, done, rejected, failed, skipped, reused, seconds, batchId);
}

/** Sets the state, and with an end state the time of it. */
export function setBatchState(
  db: Db,
  batchId: number,
  state: BatchState,
  error: StudioError | null = null,
): void {
  sql(db, 'UPDATE batch SET state = ?, error = ?, finished_at = ?, waits_since = NULL WHERE id = ?').run(
    state,
    errorText(error),
    state === 'running' ? null : new Date().toISOString(),
    batchId,
  );
}

/** Puts a batch that stands still behind those that wait; under that it is `interrupted`. */
export function queueBatch(db: Db, batchId: number): void {
  sql(
    db,
    `UPDATE batch SET state = 'interrupted', error = NULL, waits_since = (SELECT COALESCE(MAX(waits_since), 0) + 1 FROM batch) WHERE id = ?`,
  ).run(batchId);
}

/** Batches that wait for their turn, in the order of the queue. */
export const waitingBatches = (db: Db): number[] =>
  sql<{ id: number }>(
    db,
    `SELECT id FROM batch WHERE waits_since IS NOT NULL AND state = 'interrupted' ORDER BY waits_since`,
  )
    .all()
    .map(({ id }) => id);

/** The state as it is shown: a batch that waits is `queued`. */
export const SHOWN_STATE = `IIF(batch.waits_since IS NOT NULL AND state = 'interrupted', 'queued', state)`;

/** Counts as they stand. */
export const batchCounts = (db: Db, batchId: number): BatchCounts =>
  sql<BatchCounts>(db, `SELECT ${COUNTS} FROM batch WHERE id = ?`).get(batchId)!;

/** Status of `item`, a digit of a test set, in `batch`: it has no file that would hold it. */
export const TEST_STATE = `IIF(item.confidence < batch.threshold, 'rejected', 'done')`;
/** The same, and its reason, as columns. */
export const TEST_STATUS = `${TEST_STATE} AS status,
  IIF(item.confidence < batch.threshold, json_object('code', 'below-threshold', 'params', json_object('threshold', batch.threshold)), NULL) AS reason`;

/** Test digits that are in no ledger row may have lost their label meanwhile: the queue ends with what was read. */
export function closeQueue(db: Db, batchId: number): void {
  sql(db, 'UPDATE batch SET queued = 0 WHERE id = ?').run(batchId);
}
