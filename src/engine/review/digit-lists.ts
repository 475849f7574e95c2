import { StudioError } from '../../shared/errors.ts';
import { sql, type Db } from '../project/sqlite.ts';
import type { DataQuery } from './page.ts';

/** Lists kept: a few filters that a user goes back and forth between, at 4 bytes per digit. */
const KEPT = 4;

/**
 * The digits of filtered or sorted data sets, as lists of ids: made once per query, so that a window anywhere in a million digits
 * is a slice. Whoever changes digits, labels or readings clears them.
 */
export class DigitLists {
  #db: Db | null = null;
  readonly #lists = new Map<string, Uint32Array>();

  clear(): void {
    this.#db = null;
    this.#lists.clear();
  }

  /** Throws `unknown-id` when the batch does not read this data set. */
  get(db: Db, query: DataQuery): Uint32Array {
    if (db !== this.#db) this.clear();
    this.#db = db;
    const key = JSON.stringify(query);
    const ids = this.#lists.get(key) ?? makeList(db, query);
    // Taken out and put in again: the first key is the one that was used longest ago.
    this.#lists.delete(key);
    this.#lists.set(key, ids);
    if (this.#lists.size > KEPT) this.#lists.delete(this.#lists.keys().next().value!);
    return ids;
  }
}

function makeList(db: Db, query: DataQuery): Uint32Array {
  if (query.reading !== undefined) checkReading(db, query.reading.batchId, query.dataSetId);
  const { text, values } = listStatement(query);
  return Uint32Array.from(
    sql<number>(db, text)
      .pluck()
      .all(...values),
  );
}

function checkReading(db: Db, batchId: number, dataSetId: number): void {
  const batch = sql(db, `SELECT 1 FROM batch WHERE id = ? AND data_set_id = ? AND state <> 'removed'`);
  if (!batch.get(batchId, dataSetId)) throw new StudioError('unknown-id', { kind: 'batch', id: batchId });
}

/** Whether a query asks for more than the order of import under one split and label, which an index gives by itself. */
export const needsList = ({ text, reading, order, descending }: DataQuery): boolean =>
  (text !== undefined && text !== '') ||
  filtersReading(reading) ||
  descending === true ||
  (order !== undefined && order !== 'import');

const filtersReading = (reading: DataQuery['reading']): boolean =>
  reading !== undefined && Object.entries(reading).some(([key, value]) => key !== 'batchId' && value != null);

/** The ids that a query shows, in its order. Digits that the batch did not read are left out as soon as it is asked for a reading. */
export function listStatement(query: DataQuery): { text: string; values: unknown[] } {
  const { dataSetId, split, label, reading, order = 'import' } = query;
  const direction = query.descending === true ? 'DESC' : 'ASC';
  const read = reading !== undefined && (filtersReading(reading) || order === 'confidence');
  const named = (query.text ?? '') !== '';
  const terms: string[] = [];
  const values: unknown[] = [];
  const add = (term: string, ...more: unknown[]): void => void (terms.push(term), values.push(...more));

  // The table that has the order, or the narrowest choice, comes first.
  const first = read ? 'item' : order === 'path' ? 'file' : 'digit';
  const tables = {
    item: 'batch_item AS item CROSS JOIN digit ON digit.id = item.digit_id',
    file: 'data_file AS file CROSS JOIN digit ON digit.file_id = file.id',
    digit: 'digit',
  }[first];
  const paths =
    first !== 'file' && (named || order === 'path')
      ? 'JOIN data_file AS file ON file.id = digit.file_id'
      : '';

  if (read) {
    add('item.batch_id = ?', reading.batchId);
    if (reading.predicted !== undefined) add('item.digit = ?', reading.predicted);
    if (reading.from !== undefined) add('item.confidence >= ?', reading.from);
    if (reading.to !== undefined) add('item.confidence <= ?', reading.to);
    if (reading.only === 'correct') add('item.label = item.digit');
    if (reading.only === 'misclassified') add('item.label <> item.digit');
  }
  if (first === 'file') add('file.data_set_id = ?', dataSetId);
  // Where digits are joined to, their set is looked at and not looked up.
  add(`${first === 'digit' ? '' : '+'}digit.data_set_id = ?`, dataSetId);
  if (split !== undefined) add('digit.split = ?', split);
  if (label !== undefined) add('digit.label = ?', label);
  if (named) add('instr(lower(CAST(file.path AS TEXT)), lower(?)) > 0', query.text);
  const by = {
    import: `digit.id ${direction}`,
    label: `digit.label ${direction}, digit.id ${direction}`,
    confidence: `item.confidence ${direction}, digit.id ${direction}`,
    path: `file.path ${direction}, digit.position ${direction}`,
  }[order];
  return {
    text: `SELECT digit.id FROM ${tables} ${paths} WHERE ${terms.join(' AND ')} ORDER BY ${by}`,
    values,
  };
}
