import { checkDataSet } from '../datasets/store.ts';
import { breathe, checkCancelled } from '../jobs/flow.ts';
import { Slices } from '../jobs/slices.ts';
import { single, sql, transact, type Db } from '../project/sqlite.ts';
import { BLOCKS, blockSums, contentKey, inkDifference, NEAR } from './likeness.ts';
import { nearCandidates } from './near.ts';

export interface SearchOptions {
  db: Db;
  dataSetId: number;
  signal?: AbortSignal;
  /** Of about twice as many steps as there are digits. */
  onProgress?: (done: number, total: number) => void;
}

interface Pair {
  /** Places among the digits that were read, lower one first. */
  first: number;
  second: number;
  match: 'file' | 'pixels' | 'near';
  difference: number;
}

const CHUNK = 2_000;
/** Most pairs that are kept, the most alike first. */
const MOST_PAIRS = 200_000;
/** Near pairs after which the search ends: digits that are all alike would make one of every two. */
const MOST_NEAR = 500_000;

/**
 * Finds digits of a data set that are there twice and keeps them as pairs. Equal digits are each paired with the first of them; a near one with the
 * digit before it that is most like it, and with the most alike of another label and across training and test. What was decided
 * before stays, and excluded digits are not looked at. Throws `unknown-id`, `cancelled`, and then nothing was changed.
 */
export async function searchDuplicates(options: SearchOptions): Promise<void> {
  const { db, dataSetId, signal } = options;
  checkDataSet(db, dataSetId);
  const began = performance.now();
  const digits = await readDigits(options);
  const near = await nearPairs(options, digits);
  const pairs = [...digits.equal, ...chosenOf(near, digits)];
  checkCancelled(signal);
  checkDataSet(db, dataSetId);
  await keep(db, dataSetId, digits, pairs.slice(0, MOST_PAIRS));
  const more = Math.max(0, pairs.length - MOST_PAIRS);
  const seconds = (performance.now() - began) / 1000;
  sql(db, 'INSERT OR REPLACE INTO duplicate_search VALUES (?, ?, ?, ?, ?)').run(
    dataSetId,
    new Date().toISOString(),
    digits.count,
    seconds,
    more,
  );
}

interface Digits {
  count: number;
  ids: Uint32Array;
  /** -1: none. */
  labels: Int8Array;
  isTest: Uint8Array;
  sums: Uint16Array;
  ink: Uint32Array;
  /** Those that equal no digit before them. */
  members: Uint32Array;
  equal: Pair[];
}

interface DigitRow {
  id: number;
  label: number | null;
  isTest: 0 | 1;
  hash: Buffer | null;
  pixels: Buffer;
}

async function readDigits({ db, dataSetId, signal, onProgress }: SearchOptions): Promise<Digits> {
  const most = single<number>(
    db,
    'SELECT COUNT(*) FROM digit WHERE data_set_id = ? AND excluded = 0',
    dataSetId,
  );
  const digits: Digits = {
    count: 0,
    ids: new Uint32Array(most),
    labels: new Int8Array(most),
    isTest: new Uint8Array(most),
    sums: new Uint16Array(most * BLOCKS),
    ink: new Uint32Array(most),
    members: new Uint32Array(most),
    equal: [],
  };
  const page = sql<DigitRow>(
    db,
    `SELECT digit.id, label, split = 'test' AS isTest, content_hash AS hash, pixels
     FROM digit JOIN digit_tile ON digit_id = digit.id JOIN data_file ON data_file.id = file_id
     WHERE digit.data_set_id = ? AND excluded = 0 AND digit.id > ? ORDER BY digit.id LIMIT ${CHUNK}`,
  );
  const firsts = new Map<number, number>();
  const slices = new Slices(signal);
  let unlike = 0;
  for (let last = 0; ;) {
    // Digits may enter meanwhile, by a retry: they are looked at the next time.
    const rows = page.all(dataSetId, last).slice(0, most - digits.count);
    if (rows.length === 0) break;
    for (const row of rows) {
      const at = digits.count++;
      digits.ids[at] = row.id;
      digits.labels[at] = row.label ?? -1;
      digits.isTest[at] = row.isTest;
      digits.ink[at] = blockSums(row.pixels, digits.sums, at * BLOCKS);
      const key = contentKey(row.pixels);
      const first = firsts.get(key);
      const match = first === undefined ? null : equality(db, digits.ids[first]!, row);
      if (match) digits.equal.push({ first: first!, second: at, match, difference: 0 });
      else {
        if (first === undefined) firsts.set(key, at);
        digits.members[unlike++] = at;
      }
      if (slices.over) await slices.next();
    }
    last = rows.at(-1)!.id;
    onProgress?.(digits.count, 2 * most);
    await slices.next();
  }
  return { ...digits, members: digits.members.subarray(0, unlike) };
}

/** How a digit equals one before it; null when only their keys do. */
function equality(db: Db, id: number, { hash, pixels }: DigitRow): 'file' | 'pixels' | null {
  const first = sql<{ hash: Buffer | null; pixels: Buffer }>(
    db,
    `SELECT content_hash AS hash, pixels FROM digit JOIN digit_tile ON digit_id = digit.id JOIN data_file ON data_file.id = file_id
     WHERE digit.id = ?`,
  ).get(id);
  if (!first?.pixels.equals(pixels)) return null;
  return hash && first.hash?.equals(hash) ? 'file' : 'pixels';
}

async function nearPairs({ db, signal, onProgress }: SearchOptions, digits: Digits): Promise<Pair[]> {
  const { ids, count } = digits;
  const tileOf = (at: number): Buffer | undefined =>
    sql<Buffer>(db, 'SELECT pixels FROM digit_tile WHERE digit_id = ?').pluck().get(ids[at]) as
      Buffer | undefined;
  const looked = new Set<number>();
  const pairs: Pair[] = [];
  const onTable = (done: number, tables: number): void =>
    onProgress?.(count + Math.floor((count * done) / tables), 2 * count);
  for await (const [first, second] of nearCandidates(digits, onTable, signal)) {
    const key = first * count + second;
    if (looked.has(key)) continue;
    looked.add(key);
    const [a, b] = [tileOf(first), tileOf(second)];
    const difference = a && b ? inkDifference(a, b) : 1;
    if (difference <= NEAR) pairs.push({ first, second, match: 'near', difference });
    if (pairs.length >= MOST_NEAR) break;
  }
  return pairs.sort((a, b) => a.difference - b.difference || a.first - b.first || a.second - b.second);
}

/** Of each digit the most alike one before it, of all, of another label, and across training and test. */
function chosenOf(pairs: readonly Pair[], { count, labels, isTest }: Digits): Pair[] {
  const taken = new Uint8Array(count);
  return pairs.filter(({ first, second }) => {
    const kinds = 1 | (labels[first] === labels[second] ? 0 : 2) | (isTest[first] === isTest[second] ? 0 : 4);
    const isNew = (kinds & ~taken[second]!) !== 0;
    taken[second]! |= kinds;
    return isNew;
  });
}

/** In the place of the pairs that nothing was decided about. */
async function keep(db: Db, dataSetId: number, { ids }: Digits, pairs: readonly Pair[]): Promise<void> {
  transact(db, () => {
    sql(db, 'DELETE FROM duplicate_search WHERE data_set_id = ?').run(dataSetId);
    sql(
      db,
      `DELETE FROM duplicate_pair WHERE data_set_id = ? AND decision IS NULL
       AND NOT EXISTS (SELECT 1 FROM digit WHERE digit.id IN (first_id, second_id) AND excluded = 1)`,
    ).run(dataSetId);
  });
  const insert = sql(
    db,
    `INSERT INTO duplicate_pair (data_set_id, first_id, second_id, match, difference) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  for (let start = 0; start < pairs.length; start += CHUNK) {
    transact(db, () => {
      for (const { first, second, match, difference } of pairs.slice(start, start + CHUNK))
        insert.run(dataSetId, ids[first], ids[second], match, difference);
    });
    await breathe();
  }
}
