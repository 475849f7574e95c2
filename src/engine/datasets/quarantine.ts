import type { BigIntStats } from 'node:fs';
import fs from 'node:fs/promises';
import type { CsvOptions } from '../../shared/contract/index.ts';
import type { NormalisationRecipe } from '../../shared/domain.ts';
import { StudioError, type Reason, type ReasonCode } from '../../shared/errors.ts';
import { fileInside } from '../files/inside.ts';
import type { ImageReader, ReadOutcome } from '../images/types.ts';
import { breathe, checkCancelled, orCancelled } from '../jobs/flow.ts';
import { sql, transact, type Db } from '../project/sqlite.ts';
import { DataHash } from './hash.ts';
import { LayoutCounter } from './layout.ts';
import { CsvPlaces, FolderPlaces, type Places } from './places.ts';
import { retryRecords } from './retry-idx.ts';
import { addDigit, checkDataSet } from './store.ts';

/** Files were left out for their name or kind, not for what is in them: reading them again changes nothing. */
const final: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'hidden',
  'system-file',
  'symbolic-link',
  'not-a-regular-file',
  'folder-permission-denied',
  'folder-unreadable',
]);
const CHUNK = 64;
const HASH_CHUNK = 2_000;

/** How many files were left out for each reason, most frequent first. Throws `unknown-id`. */
export function badReasons(
  db: Db,
  dataSetId: number,
): { code: ReasonCode; count: number; retryable: boolean }[] {
  checkDataSet(db, dataSetId);
  const set = source(db, dataSetId);
  return sql<{ code: ReasonCode; count: number }>(
    db,
    `SELECT json_extract(reason, '$.code') AS code, COUNT(*) AS count FROM data_file
     WHERE data_set_id = ? AND status <> 'done' GROUP BY code ORDER BY count DESC, code`,
  )
    .all(dataSetId)
    .map((row) => ({ ...row, retryable: set.recipe !== null && !final.has(row.code) }));
}

interface SourceRow {
  kind: 'mnist' | 'folder';
  root: Buffer;
  recipe: string | null;
  csv: string | null;
}

const source = (db: Db, dataSetId: number): SourceRow =>
  sql<SourceRow>(db, 'SELECT kind, root, recipe, csv FROM data_set WHERE id = ?').get(dataSetId)!;

interface BadRow {
  id: number;
  path: Buffer;
  reason: string;
}

export interface RetryOptions {
  db: Db;
  dataSetId: number;
  reader: ImageReader;
  /** One file, all that were left out for one reason, or all. */
  which: { fileId: number } | { reason: ReasonCode } | null;
  signal?: AbortSignal;
}

export interface RetryStep {
  done: number;
  total: number;
  /** Files that gave a digit now. */
  mended: number;
}

/**
 * Reads files that were left out once more, from where they lie; those that give a digit enter the data set, the others keep their
 * row with the reason of today. What was read stays when it is cancelled. Throws `unknown-id`, `data-damaged`, `cancelled`, `disk-full`.
 */
export async function* retryBadFiles(options: RetryOptions): AsyncGenerator<RetryStep, void, undefined> {
  const { db, dataSetId, signal } = options;
  checkDataSet(db, dataSetId);
  const set = source(db, dataSetId);
  // MNIST itself: nothing of it was left out.
  if (set.recipe === null) throw new StudioError('bad-request');
  const rows = chosenRows(options);
  if (set.kind === 'mnist') return yield* retryIdx(options, set, rows);
  const places = placesIn(db, dataSetId, set);
  const recipe = JSON.parse(set.recipe) as NormalisationRecipe;
  let mended = 0;
  try {
    for (let start = 0; start < rows.length; start += CHUNK) {
      checkCancelled(signal);
      const chunk = rows.slice(start, start + CHUNK);
      const read = await orCancelled(readAgain(options.reader, set.root, places, chunk, recipe), signal);
      checkDataSet(db, dataSetId);
      transact(db, () => chunk.forEach((row, at) => (mended += enter(options, places, row, read[at]!))));
      yield { done: start + chunk.length, total: rows.length, mended };
    }
  } finally {
    if (mended > 0 && db.open) await hashAgain(db, dataSetId);
  }
}

async function* retryIdx(
  { db, dataSetId, signal }: RetryOptions,
  { root, recipe }: SourceRow,
  rows: readonly BadRow[],
): AsyncGenerator<RetryStep, void, undefined> {
  let mended = 0;
  try {
    const parsed = JSON.parse(recipe!) as NormalisationRecipe;
    for await (const step of retryRecords({ db, dataSetId, root, recipe: parsed, rows, signal })) {
      mended += step.mended;
      yield { done: step.done, total: rows.length, mended };
    }
  } finally {
    if (mended > 0 && db.open) await hashAgain(db, dataSetId);
  }
}

function chosenRows({ db, dataSetId, which }: RetryOptions): BadRow[] {
  const fileId = which && 'fileId' in which ? which.fileId : null;
  const code = which && 'reason' in which ? which.reason : null;
  return sql<BadRow>(
    db,
    `SELECT id, path, reason FROM data_file WHERE data_set_id = :dataSetId AND status <> 'done'
       AND (:fileId IS NULL OR id = :fileId) AND (:code IS NULL OR json_extract(reason, '$.code') = :code) ORDER BY id`,
  )
    .all({ dataSetId, fileId, code })
    .filter(({ reason }) => !final.has((JSON.parse(reason) as Reason).code));
}

/** As at the import; the folders' layout follows from the paths. */
function placesIn(db: Db, dataSetId: number, { root, csv }: SourceRow): Places {
  if (csv !== null) return new CsvPlaces(root.toString(), JSON.parse(csv) as CsvOptions);
  const counter = new LayoutCounter();
  const paths = sql<{ path: Buffer }>(db, 'SELECT path FROM data_file WHERE data_set_id = ?');
  for (const { path } of paths.iterate(dataSetId)) counter.add(path);
  return new FolderPlaces(counter.result().layout);
}

interface Read {
  outcome: ReadOutcome;
  stats: BigIntStats | null;
}

async function readAgain(
  reader: ImageReader,
  root: Buffer,
  places: Places,
  rows: readonly BadRow[],
  recipe: NormalisationRecipe,
): Promise<Read[]> {
  const files = await Promise.all(rows.map(({ path }) => fileInside(root, path)));
  const refused = rows.map(({ path }, at) => (files[at] ? places.refused(path) : gone(places, path)));
  const wanted = files.filter((file, at) => file !== null && !refused[at]) as Buffer[];
  const [read, stats] = await Promise.all([
    reader.read(wanted, recipe),
    Promise.all(wanted.map((file) => fs.lstat(file, { bigint: true }).catch(() => null))),
  ]);
  let next = 0;
  return refused.map((reason) => {
    if (reason) return { outcome: { status: 'failed', reason }, stats: null };
    const at = next++;
    return { outcome: read[at]!, stats: stats[at]! };
  });
}

const gone = (places: Places, path: Buffer): Reason =>
  places.refused(path) ?? { code: places instanceof CsvPlaces ? 'row-without-file' : 'vanished' };

/** Answers how many digits it gave: 1 or 0. */
function enter(
  { db, dataSetId }: RetryOptions,
  places: Places,
  row: BadRow,
  { outcome, stats }: Read,
): number {
  if (outcome.status !== 'done') {
    sql(db, 'UPDATE data_file SET status = ?, reason = ? WHERE id = ?').run(
      outcome.status,
      JSON.stringify(outcome.reason),
      row.id,
    );
    return 0;
  }
  const { hash, width, height, note, tile } = outcome;
  const { changes } = sql(
    db,
    `UPDATE data_file SET status = 'done', reason = ?, content_hash = ?, width = ?, height = ?,
       size = ?, mtime_ns = ?
     WHERE id = ? AND status <> 'done'`,
  ).run(
    note && JSON.stringify(note),
    Buffer.from(hash, 'hex'),
    width,
    height,
    stats?.size ?? null,
    stats?.mtimeNs ?? null,
    row.id,
  );
  // Two retries at once may both have read it.
  if (changes === 0) return 0;
  addDigit(db, dataSetId, { fileId: row.id, position: 0, ...places.of(row.path), tile });
  return 1;
}

/** The set's hash stands for all of its digits as they came. */
async function hashAgain(db: Db, dataSetId: number): Promise<void> {
  const hash = new DataHash();
  const page = sql<{ id: number; given: number | null; pixels: Buffer }>(
    db,
    `SELECT digit.id, given_label AS given, pixels FROM digit JOIN digit_tile ON digit_id = digit.id
     WHERE data_set_id = ? AND digit.id > ? AND added = 0 ORDER BY digit.id LIMIT ${HASH_CHUNK}`,
  );
  for (let last = 0; ;) {
    const rows = page.all(dataSetId, last);
    if (rows.length === 0) break;
    for (const { pixels, given } of rows) hash.add(pixels, [given]);
    last = rows.at(-1)!.id;
    await breathe();
  }
  sql(db, 'UPDATE data_set SET hash = ? WHERE id = ?').run(hash.hex(), dataSetId);
}

/** Where a file that was left out lies; null when it is not there, or not within its data set's folder any more. */
export async function badFilePlace(db: Db, fileId: number): Promise<string | null> {
  const row = sql<{ root: Buffer; path: Buffer }>(
    db,
    `SELECT data_set.root, path FROM data_file JOIN data_set ON data_set.id = data_set_id
     WHERE data_file.id = ? AND state = 'ready' AND status <> 'done'`,
  ).get(fileId);
  const file = row && (await fileInside(row.root, row.path));
  const name = file?.toString();
  // A name that is not UTF-8 cannot be handed on as text.
  return name !== undefined && Buffer.from(name).equals(file!) ? name : null;
}
