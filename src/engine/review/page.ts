import type { z } from 'zod';
import type { Decision, DigitRow, digitQuery } from '../../shared/contract/index.ts';
import { TILE_BYTES } from '../../shared/domain.ts';
import { ledgerRow } from '../batches/ledger.ts';
import { checkDataSet } from '../datasets/store.ts';
import { single, sql, type Db } from '../project/sqlite.ts';
import { decidedTotal, openTotal } from './decide.ts';
import { differenceWindow } from './differences.ts';
import { DigitLists, isCounted, needsList } from './digit-lists.ts';
import { changeRows } from '../versions/page.ts';
import { digitRefOf, itemRefOf } from './refs.ts';

export type ParsedDigitQuery = z.output<typeof digitQuery>;

export interface TilePage {
  total: number;
  /** The digits are still looked through: `total` are those found so far. */
  counting: boolean;
  offset: number;
  rows: DigitRow[];
  /** rows x 28 x 28. */
  pixels: Uint8Array<ArrayBuffer>;
}

export interface PageRow {
  id: number;
  label: number | null;
  predicted: number | null;
  confidence: number | null;
  relabelled: 0 | 1;
  decision: Decision | null;
  suspicion?: number | null;
  change?: DigitRow['change'];
  pixels: Buffer;
}

/**
 * A window of digits with their tiles. Ids are found in an index alone; labels and pixels are fetched for the window only.
 * Order of a batch: doubt (confidence upwards) or the order of the listing, which is that of the paths. Of a data set: what the query names; `lists` keeps what took longer to find. Throws `unknown-id`.
 */
export function digitPage(
  db: Db,
  query: ParsedDigitQuery,
  offset: number,
  limit: number,
  lists = new DigitLists(),
): TilePage {
  const { total, rows, counting = false } = queryRows(db, query, offset, limit, lists);
  const refOf = query.kind === 'data' || query.kind === 'changes' ? digitRefOf : itemRefOf;
  const pixels = new Uint8Array(rows.length * TILE_BYTES);
  rows.forEach((row, index) => pixels.set(row.pixels, index * TILE_BYTES));
  return {
    total,
    counting,
    offset,
    rows: rows.map(({ id, pixels: _, relabelled, suspicion, ...row }) => ({
      ref: refOf(id),
      ...row,
      relabelled: relabelled === 1,
      ...(suspicion != null && { suspicion }),
    })),
    pixels,
  };
}

function queryRows(
  db: Db,
  query: ParsedDigitQuery,
  offset: number,
  limit: number,
  lists: DigitLists,
): { total: number; rows: PageRow[]; counting?: boolean } {
  switch (query.kind) {
    case 'data':
      checkDataSet(db, query.dataSetId);
      return dataRows(db, query, offset, limit, lists);
    case 'batch':
      ledgerRow(db, query.batchId);
      if (query.selection !== undefined) return chosenRows(db, query, query.selection, offset, limit, lists);
      return query.decided === undefined
        ? batchRows(db, query, offset, limit)
        : decidedRows(db, query, query.decided, offset, limit);
    case 'changes':
      checkDataSet(db, query.dataSetId);
      return changeRows(db, query, offset, limit);
    case 'difference': {
      for (const batchId of [query.right, query.wrong]) ledgerRow(db, batchId);
      const { ids, total } = differenceWindow(db, query);
      const window = `${ids} LIMIT :limit OFFSET :offset`;
      return { total, rows: itemRows(db, window, 'doubt', [{ ...query, limit, offset }]) };
    }
  }
}

function chosenRows(
  db: Db,
  { batchId, order }: BatchQuery,
  selection: string,
  offset: number,
  limit: number,
  lists: DigitLists,
): { total: number; rows: PageRow[] } {
  const ids = lists.chosen.list(db, batchId, selection, order);
  const window = JSON.stringify([...ids.subarray(offset, offset + limit)]);
  const rows = itemRows(db, 'SELECT value AS wanted FROM json_each(?)', order, [window]);
  return { total: ids.length, rows };
}

/** SQL conditions with their parameters. */
class Conditions {
  readonly #terms: string[] = [];
  readonly values: unknown[] = [];
  add(term: string, ...values: unknown[]): this {
    this.#terms.push(term);
    this.values.push(...values);
    return this;
  }
  get text(): string {
    return this.#terms.join(' AND ');
  }
}

export type DataQuery = Extract<ParsedDigitQuery, { kind: 'data' }>;
export type BatchQuery = Extract<ParsedDigitQuery, { kind: 'batch' }>;

function dataRows(
  db: Db,
  query: DataQuery,
  offset: number,
  limit: number,
  lists: DigitLists,
): { total: number; rows: PageRow[]; counting: boolean } {
  const { dataSetId, split, label, reading } = query;
  const where = new Conditions().add('data_set_id = ?', dataSetId);
  if (split !== undefined) where.add('split = ?', split);
  if (label !== undefined) where.add('label = ?', label);
  if (query.labels !== undefined) where.add(`label IN (${query.labels.join(', ')})`);
  const list = needsList(query) ? lists.get(db, query) : null;
  list?.look(offset + limit);
  const window = list?.ids(offset, offset + limit) ?? importedIds(db, query, offset, limit);
  const rows = sql<PageRow>(
    db,
    `SELECT digit.id, digit.label, item.digit AS predicted, item.confidence, digit.label IS NOT digit.given_label AS relabelled,
       item.decision, pixels
     FROM json_each(?) AS wanted CROSS JOIN digit ON digit.id = wanted.value CROSS JOIN digit_tile ON digit_tile.digit_id = digit.id
       LEFT JOIN batch_item AS item ON item.digit_id = digit.id AND item.batch_id = ?
     ORDER BY wanted.key`,
  ).all(JSON.stringify([...window]), reading?.batchId ?? null);
  if (list !== null && (list.complete || !isCounted(query)))
    return { total: list.length, rows, counting: !list.complete };
  return { total: sumOf(db, 'data_cell', where), rows, counting: false };
}

/** Ids in the order of import, under one split and label at most, which an index gives. */
function importedIds(
  db: Db,
  { dataSetId, split, label }: DataQuery,
  offset: number,
  limit: number,
): number[] {
  const where = new Conditions().add('data_set_id = ? AND excluded = 0', dataSetId);
  if (split !== undefined) where.add('split = ?', split);
  if (label !== undefined) where.add('label = ?', label);
  return sql<number>(db, `SELECT id FROM digit WHERE ${where.text} ORDER BY id LIMIT ? OFFSET ?`)
    .pluck()
    .all(...where.values, limit, offset);
}

/** How many digits a query shows, and the ids of the first `end`. Throws `unknown-id`. */
export async function firstIds(
  db: Db,
  query: DataQuery,
  end: number,
  lists: DigitLists,
): Promise<{ total: number; ids: ArrayLike<number> }> {
  checkDataSet(db, query.dataSetId);
  if (!needsList(query)) {
    const { total } = dataRows(db, query, 0, 0, lists);
    return { total, ids: importedIds(db, query, 0, end) };
  }
  const list = lists.get(db, query);
  await list.readTo();
  return { total: list.length, ids: list.ids(0, end) };
}

/** Waits until a page of a list that is still read is here. Throws `unknown-id`. */
export async function pageReady(
  db: Db,
  query: ParsedDigitQuery,
  end: number,
  lists: DigitLists,
): Promise<void> {
  // Of a list that is still counted nobody asks for more than is there.
  if (query.kind !== 'data' || !needsList(query) || !isCounted(query)) return;
  checkDataSet(db, query.dataSetId);
  const list = lists.get(db, query);
  list.look(end);
  await list.readTo(end);
}

/** Suspected to carry a wrong label, and not settled: what was read is not the label, and nobody has decided. */
const SUSPECTED = `suspicion IS NOT NULL AND label <> digit AND (decision IS NULL OR decision = 'doubted')`;

export const suspectedTotal = (db: Db, batchId: number): number =>
  single(
    db,
    `SELECT COUNT(*) FROM batch_item INDEXED BY batch_item_suspected WHERE batch_id = ? AND ${SUSPECTED}`,
    batchId,
  );

/** The ids of a batch's window, and the conditions of their count in `batch_cell`. */
export function batchWindow(query: BatchQuery): { ids: string; where: Conditions; cells: Conditions } {
  // `batch_cell` does not count what is rejected as no digit.
  const where = new Conditions().add('batch_id = ?', query.batchId).add(`decision IS NOT 'rejected'`);
  const cells = new Conditions().add('batch_id = ?', query.batchId);
  if (query.label === null) {
    where.add('label IS NULL');
    cells.add('label = -1');
  } else if (query.label !== undefined) {
    where.add('label = ?', query.label);
    cells.add('label = ?', query.label);
  }
  if (query.predicted !== undefined) {
    where.add('digit = ?', query.predicted);
    cells.add('digit = ?', query.predicted);
  }
  if (query.only === 'correct') {
    where.add('label = digit');
    cells.add('label = digit');
  } else if (query.only === 'misclassified') {
    where.add('label <> digit');
    cells.add('label <> digit AND label >= 0');
  } else if (query.only === 'relabelled') {
    where.add('label IS NOT given_label');
  } else if (query.only === 'suspected') {
    where.add(SUSPECTED);
  }
  if (isMistaken(query)) where.add('label <> digit');
  const [index, order] =
    query.only === 'suspected'
      ? ['batch_item_suspected', 'suspicion DESC, id']
      : query.order === 'path'
        ? ['batch_item_batch', 'id']
        : [doubtIndex(query), query.order === 'doubt' ? 'confidence, id' : 'confidence DESC, id DESC'];
  const ids = `SELECT id AS wanted FROM batch_item INDEXED BY ${index} WHERE ${where.text} ORDER BY ${order} LIMIT ? OFFSET ?`;
  return { ids, where, cells };
}

/** One cell of the matrix beside its diagonal. */
const isMistaken = ({ label, predicted }: BatchQuery): boolean =>
  label != null && predicted !== undefined && label !== predicted;

/** The index that finds the window with the fewest looks; SQLite cannot know how labels are spread. */
function doubtIndex(query: BatchQuery): string {
  if (query.only === 'relabelled') return 'batch_item_relabelled';
  return query.only === 'misclassified' || isMistaken(query) ? 'batch_item_wrong' : 'batch_item_doubt';
}

function batchRows(
  db: Db,
  query: BatchQuery,
  offset: number,
  limit: number,
): { total: number; rows: PageRow[] } {
  const { ids, where, cells } = batchWindow(query);
  const rows = itemRows(db, ids, query.only === 'suspected' ? 'suspicion' : query.order, [
    ...where.values,
    limit,
    offset,
  ]);
  const total =
    query.only === 'relabelled' || query.only === 'suspected'
      ? single<number>(
          db,
          `SELECT COUNT(*) FROM batch_item INDEXED BY batch_item_${query.only} WHERE ${where.text}`,
          ...where.values,
        )
      : sumOf(db, 'batch_cell', cells);
  return { total, rows };
}

const ORDERS = {
  suspicion: 'item.suspicion DESC, wanted',
  doubt: 'item.confidence, wanted',
  sure: 'item.confidence DESC, wanted DESC',
  path: 'wanted',
  decided: 'item.decided_in, wanted',
};

/** Windows of digits that are open, and of those decided in a way, in the order of the decisions. */
export const openWindow = (predicted: number | undefined): string =>
  `SELECT id AS wanted FROM batch_item INDEXED BY batch_item_doubt
   WHERE batch_id = :batchId AND decision IS NULL ${readAs(predicted)} ORDER BY confidence, id LIMIT :limit OFFSET :offset`;
export const decidedWindow = (predicted: number | undefined): string =>
  `SELECT id AS wanted FROM batch_item INDEXED BY batch_item_decided
   WHERE batch_id = :batchId AND decision = :decision AND decision IS NOT NULL ${readAs(predicted)}
   ORDER BY decided_in, id LIMIT :limit OFFSET :offset`;
const readAs = (predicted: number | undefined): string =>
  predicted === undefined ? '' : 'AND digit = :predicted';

function decidedRows(
  db: Db,
  { batchId, predicted }: BatchQuery,
  decided: NonNullable<BatchQuery['decided']>,
  offset: number,
  limit: number,
): { total: number; rows: PageRow[] } {
  const values = { batchId, predicted };
  const open = decided === 'open' || decided === 'queue' ? openTotal(db, batchId, predicted) : 0;
  const rows =
    offset < open ? itemRows(db, openWindow(predicted), 'doubt', [{ ...values, limit, offset }]) : [];
  if (decided === 'open') return { total: open, rows };
  const decision = decided === 'queue' ? 'doubted' : decided;
  const rest = { ...values, decision, limit: limit - rows.length, offset: Math.max(0, offset - open) };
  if (rest.limit > 0) rows.push(...itemRows(db, decidedWindow(predicted), 'decided', [rest]));
  return { total: open + decidedTotal(db, batchId, decision, predicted), rows };
}

/** The items with the ids that a query finds as `wanted`. */
const itemRows = (db: Db, ids: string, order: keyof typeof ORDERS, values: unknown[]): PageRow[] =>
  sql<PageRow>(
    db,
    `SELECT item.id, item.label, item.digit AS predicted, item.confidence, item.label IS NOT item.given_label AS relabelled, item.decision,
       item.suspicion, COALESCE(batch_tile.pixels, digit_tile.pixels) AS pixels
     FROM (${ids}) CROSS JOIN batch_item AS item ON item.id = wanted
       LEFT JOIN batch_tile ON batch_tile.item_id = wanted LEFT JOIN digit_tile ON digit_tile.digit_id = item.digit_id
     ORDER BY ${ORDERS[order]}`,
  ).all(...values);

const sumOf = (db: Db, table: 'data_cell' | 'batch_cell', where: Conditions): number =>
  single(db, `SELECT COALESCE(SUM(count), 0) FROM ${table} WHERE ${where.text}`, ...where.values);
