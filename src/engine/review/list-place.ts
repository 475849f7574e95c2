import type { Decision } from '../../shared/contract/index.ts';
import { ledgerRow } from '../batches/ledger.ts';
import { single, sql, type Db } from '../project/sqlite.ts';
import { openTotal } from './decide.ts';
import { DigitLists } from './digit-lists.ts';
import { batchWindow, type BatchQuery } from './page.ts';
import { parseRef } from './refs.ts';

interface Item {
  id: number;
  digit: number;
  confidence: number;
  decision: Decision | null;
  decidedIn: number | null;
  suspicion: number | null;
}

/**
 * Where a digit of a batch stands in what a query shows, counted from 0; null: it is not among them. Counts what comes before it in an index, and reads
 * nothing else. Throws `unknown-id`.
 */
export function digitPlace(db: Db, query: BatchQuery, ref: string, lists = new DigitLists()): number | null {
  ledgerRow(db, query.batchId);
  const { id } = parseRef(ref);
  if (query.selection !== undefined) {
    const at = lists.chosen.list(db, query.batchId, query.selection, query.order).indexOf(id);
    return at < 0 ? null : at;
  }
  const item = sql<Item>(
    db,
    `SELECT id, digit, confidence, decision, decided_in AS decidedIn, suspicion FROM batch_item WHERE id = ? AND batch_id = ?`,
  ).get(id, query.batchId);
  if (item === undefined) return null;
  return query.decided === undefined
    ? placeInBatch(db, query, item)
    : placeInDecided(db, query, query.decided, item);
}

function placeInBatch(db: Db, query: BatchQuery, { id, confidence, suspicion }: Item): number | null {
  const { where } = batchWindow(query);
  if (!sql(db, `SELECT 1 FROM batch_item WHERE id = ? AND ${where.text}`).get(id, ...where.values))
    return null;
  const [before, ...values] =
    query.only === 'suspected'
      ? ['(suspicion > ? OR (suspicion = ? AND id < ?))', suspicion, suspicion, id]
      : query.order === 'path'
        ? ['id < ?', id]
        : [
            query.order === 'doubt' ? '(confidence, id) < (?, ?)' : '(confidence, id) > (?, ?)',
            confidence,
            id,
          ];
  return count(db, `${where.text} AND ${before}`, ...where.values, ...values);
}

function placeInDecided(
  db: Db,
  { batchId, predicted }: BatchQuery,
  decided: NonNullable<BatchQuery['decided']>,
  { id, digit, confidence, decision, decidedIn }: Item,
): number | null {
  if (predicted !== undefined && digit !== predicted) return null;
  const readAs = predicted === undefined ? '' : `AND digit = ${predicted}`;
  const withOpen = decided === 'open' || decided === 'queue';
  if (decision === null)
    return withOpen
      ? count(
          db,
          `batch_id = ? AND decision IS NULL ${readAs} AND (confidence, id) < (?, ?)`,
          batchId,
          confidence,
          id,
        )
      : null;
  if (decision !== (decided === 'queue' ? 'doubted' : decided)) return null;
  const open = withOpen ? openTotal(db, batchId, predicted) : 0;
  const before = `batch_id = ? AND decision = ? ${readAs} AND (decided_in, id) < (?, ?)`;
  return open + count(db, before, batchId, decision, decidedIn, id);
}

const count = (db: Db, where: string, ...values: unknown[]): number =>
  single(db, `SELECT COUNT(*) FROM batch_item WHERE ${where}`, ...values);
