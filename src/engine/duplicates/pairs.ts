import type {
  DuplicateFilter,
  DuplicatePage,
  DuplicatePair,
  DuplicateSummary,
} from '../../shared/contract/index.ts';
import { TILE_BYTES, type Split } from '../../shared/domain.ts';
import { digitName } from '../files/names.ts';
import { RECORD } from '../datasets/records.ts';
import { checkDataSet } from '../datasets/store.ts';
import { single, sql, type Db } from '../project/sqlite.ts';
import { digitRefOf } from '../review/refs.ts';

const same = 'a.label IS b.label';
const leak = `(a.split = 'test') <> (b.split = 'test')`;
const open = 'decision IS NULL AND a.excluded = 0 AND b.excluded = 0';
const exact = `match <> 'near'`;
const PAIRS = `duplicate_pair AS pair CROSS JOIN digit AS a ON a.id = first_id CROSS JOIN digit AS b ON b.id = second_id`;

function termsOf({ labels, leak: leaks, match, state }: DuplicateFilter): string {
  const terms = ['pair.data_set_id = ?'];
  if (labels) terms.push(labels === 'same' ? same : `NOT (${same})`);
  if (leaks !== undefined) terms.push(leaks ? leak : `NOT (${leak})`);
  if (match) terms.push(match === 'exact' ? exact : `NOT (${exact})`);
  if (state) terms.push(state === 'open' ? open : `NOT (${open})`);
  return terms.map((term) => `(${term})`).join(' AND ');
}

/** The ids of the pairs that a filter shows, the most alike first. */
export const pairIds = (
  db: Db,
  dataSetId: number,
  filter: DuplicateFilter,
  offset: number,
  limit: number,
): number[] =>
  sql<number>(
    db,
    `SELECT pair.id FROM ${PAIRS} WHERE ${termsOf(filter)} ORDER BY difference, pair.id LIMIT ? OFFSET ?`,
  )
    .pluck()
    .all(dataSetId, limit, offset) as number[];

interface PairRow extends Pick<DuplicatePair, 'id' | 'match' | 'difference' | 'decision'> {
  dataSetId: number;
  first: number;
  second: number;
}

/** Null when it is gone: a new search did not find it again. */
export const pairRow = (db: Db, id: number): PairRow | null =>
  sql<PairRow>(
    db,
    `SELECT id, data_set_id AS dataSetId, match, difference, decision, first_id AS first, second_id AS second
     FROM duplicate_pair WHERE id = ?`,
  ).get(id) ?? null;

export interface PairDigit {
  id: number;
  label: number | null;
  split: Split;
  excluded: 0 | 1;
  path: Buffer;
  position: number | null;
  pixels: Buffer;
}

export const pairDigit = (db: Db, id: number): PairDigit =>
  sql<PairDigit>(
    db,
    `SELECT digit.id, label, split, excluded, path, ${RECORD} AS position, pixels
     FROM digit JOIN digit_tile ON digit_id = digit.id JOIN data_file ON data_file.id = file_id
       JOIN data_set ON data_set.id = digit.data_set_id
     WHERE digit.id = ?`,
  ).get(id)!;

const shownDigit = ({ id, label, split, excluded, path, position }: PairDigit): DuplicatePair['first'] => ({
  ref: digitRefOf(id),
  label,
  split,
  name: digitName(path, position),
  excluded: excluded === 1,
});

/** A window of the pairs with both tiles of each. Throws `unknown-id`. */
export function duplicatePage(
  db: Db,
  dataSetId: number,
  filter: DuplicateFilter,
  offset: number,
  limit: number,
): DuplicatePage {
  checkDataSet(db, dataSetId);
  const ids = pairIds(db, dataSetId, filter, offset, limit);
  const pixels = new Uint8Array(ids.length * 2 * TILE_BYTES);
  const rows = ids.map((id, at): DuplicatePair => {
    const { match, difference, decision, first, second } = pairRow(db, id)!;
    const digits = [pairDigit(db, first), pairDigit(db, second)] as const;
    digits.forEach((digit, side) => pixels.set(digit.pixels, (2 * at + side) * TILE_BYTES));
    return {
      id,
      match,
      difference,
      decision,
      first: shownDigit(digits[0]),
      second: shownDigit(digits[1]),
    };
  });
  const total = single<number>(db, `SELECT COUNT(*) FROM ${PAIRS} WHERE ${termsOf(filter)}`, dataSetId);
  return { total, rows, pixels: new Blob([pixels]) };
}

/** What the last search found and what became of it. Throws `unknown-id`. */
export function duplicateSummary(db: Db, dataSetId: number): DuplicateSummary {
  checkDataSet(db, dataSetId);
  const search = sql<NonNullable<DuplicateSummary['search']>>(
    db,
    'SELECT at, digits, seconds, more FROM duplicate_search WHERE data_set_id = ?',
  ).get(dataSetId);
  const counts = sql<Record<'same' | 'leak' | 'exact' | 'open', 0 | 1> & { count: number }>(
    db,
    `SELECT ${same} AS same, ${leak} AS leak, ${exact} AS exact, ${open} AS open, COUNT(*) AS count
     FROM ${PAIRS} WHERE pair.data_set_id = ? GROUP BY 1, 2, 3, 4`,
  ).all(dataSetId);
  return {
    search: search ?? null,
    excluded: single(db, 'SELECT COUNT(*) FROM digit WHERE data_set_id = ? AND excluded = 1', dataSetId),
    counts: counts.map((row) => ({
      same: row.same === 1,
      leak: row.leak === 1,
      exact: row.exact === 1,
      open: row.open === 1,
      count: row.count,
    })),
  };
}
