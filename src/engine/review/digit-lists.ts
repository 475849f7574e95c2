import { StudioError } from '../../shared/errors.ts';
import { sql, type Db } from '../project/sqlite.ts';
import { ChosenDigits } from './chosen.ts';
import { DigitList } from './digit-list.ts';
import type { DataQuery } from './page.ts';

/** Lists kept: a few filters that a user goes back and forth between, at 4 bytes per digit. */
const KEPT = 4;

/**
 * The digits of filtered or sorted data sets, as lists of ids: made once per query, so that a window anywhere in a million digits
 * is a slice. Whoever changes digits, labels or readings clears them.
 */
export class DigitLists {
  /** Of batches. They stay as they were chosen. */
  readonly chosen = new ChosenDigits();
  #db: Db | null = null;
  readonly #lists = new Map<string, DigitList>();

  clear(): void {
    for (const list of this.#lists.values()) list.close();
    this.#db = null;
    this.#lists.clear();
  }

  /** The list as far as it is read; the rest is read between other calls. Throws `unknown-id` when the batch does not read this data set. */
  get(db: Db, query: DataQuery): DigitList {
    if (db !== this.#db) this.clear();
    this.#db = db;
    const key = JSON.stringify(query);
    const known = this.#lists.get(key);
    const list = known ?? makeList(db, query);
    // Taken out and put in again: the first key is the one that was used longest ago.
    this.#lists.delete(key);
    this.#lists.set(key, list);
    if (this.#lists.size > KEPT) this.#drop(this.#lists.keys().next().value!);
    // Whoever asks for more of it gets the error again.
    if (!known) void list.readTo().catch(() => this.#lists.get(key) === list && this.#drop(key));
    return list;
  }

  #drop(key: string): void {
    this.#lists.get(key)?.close();
    this.#lists.delete(key);
  }
}

function makeList(db: Db, query: DataQuery): DigitList {
  if (query.reading !== undefined) checkReading(db, query.reading.batchId, query.dataSetId);
  const excluded = sql(db, 'SELECT 1 FROM digit WHERE data_set_id = ? AND excluded = 1 LIMIT 1');
  return new DigitList(db.name, listStatement(query, excluded.get(query.dataSetId) !== undefined));
}

function checkReading(db: Db, batchId: number, dataSetId: number): void {
  const batch = sql(db, `SELECT 1 FROM batch WHERE id = ? AND data_set_id = ? AND state <> 'removed'`);
  if (!batch.get(batchId, dataSetId)) throw new StudioError('unknown-id', { kind: 'batch', id: batchId });
}

/** Whether a query asks for more than the order of import under one split and label, which an index gives by itself. */
export const needsList = (query: DataQuery): boolean =>
  !isCounted(query) ||
  query.labels !== undefined ||
  query.descending === true ||
  (query.order !== undefined && query.order !== 'import');

/** Whether the digits that a query finds are those of some cells of `data_cell`, in whatever order. */
export const isCounted = ({ text, reading, order, tags, status, ink, side }: DataQuery): boolean =>
  (text === undefined || text === '') &&
  tags === undefined &&
  status === undefined &&
  ink === undefined &&
  side === undefined &&
  !filtersReading(reading) &&
  order !== 'confidence';

const filtersReading = (reading: DataQuery['reading']): boolean =>
  reading !== undefined && Object.entries(reading).some(([key, value]) => key !== 'batchId' && value != null);

/**
 * The ids that a query shows, in its order, with 0 for rows that are passed over. Digits that the batch did not read are left out as soon as it is asked for a reading.
 * The table that has the order, or the narrowest choice, comes first, and no other is looked at without need: a batch's items carry
 * the labels of their digits, and its digits, like those of a file, are of one data set.
 *
 * @param anyExcluded some digits of the set are excluded
 */
export function listStatement(query: DataQuery, anyExcluded = false): { text: string; values: unknown[] } {
  const { dataSetId, split, label, reading, order = 'import', tags = [], status, ink, side } = query;
  const direction = query.descending === true ? 'DESC' : 'ASC';
  const named = (query.text ?? '') !== '';
  const terms: string[] = [];
  const values: unknown[] = [];
  const add = (term: string, ...more: unknown[]): void => void (terms.push(term), values.push(...more));
  const byFile = named || order === 'path';
  const withFile = byFile ? ' CROSS JOIN data_file AS file ON file.id = digit.file_id' : '';
  const shown = status === 'excluded' ? 'digit.excluded = 1' : 'digit.excluded = 0';

  let tables: string;
  let [id, labels] = ['digit.id', 'digit.label'];
  if (reading !== undefined && (filtersReading(reading) || order === 'confidence')) {
    [id, labels] = ['item.digit_id', 'item.label'];
    tables = 'batch_item AS item';
    if (split !== undefined || byFile || anyExcluded || status !== undefined || ink || side) {
      tables += ` CROSS JOIN digit ON digit.id = item.digit_id${withFile}`;
      add(shown);
    }
    add('item.batch_id = ?', reading.batchId);
    if (reading.predicted !== undefined) add('item.digit = ?', reading.predicted);
    if (reading.from !== undefined) add('item.confidence >= ?', reading.from);
    if (reading.to !== undefined) add('item.confidence <= ?', reading.to);
    if (reading.only === 'correct') add('item.label = item.digit');
    if (reading.only === 'misclassified') add('item.label <> item.digit');
    for (const tag of tags)
      add('EXISTS (SELECT 1 FROM digit_tag WHERE tag_id = ? AND digit_id = item.digit_id)', tag);
  } else if (tags.length > 0) {
    tables = `digit_tag AS tagged CROSS JOIN digit ON digit.id = tagged.digit_id${withFile}`;
    id = order === 'import' ? 'tagged.digit_id' : id;
    add(`tagged.tag_id = ? AND digit.data_set_id = ? AND ${shown}`, tags[0], dataSetId);
    for (const tag of tags.slice(1))
      add('EXISTS (SELECT 1 FROM digit_tag WHERE tag_id = ? AND digit_id = digit.id)', tag);
  } else if (order === 'path' && status === undefined) {
    tables = 'data_file AS file CROSS JOIN digit ON digit.file_id = file.id';
    add(`file.data_set_id = ? AND ${shown}`, dataSetId);
  } else {
    tables = `digit${withFile}`;
    add(`digit.data_set_id = ? AND ${shown}`, dataSetId);
  }
  if (status === 'relabelled') add('digit.label IS NOT digit.given_label');
  if (split !== undefined) add('digit.split = ?', split);
  if (label !== undefined) add(`${labels} = ?`, label);
  const by = {
    import: [id],
    label: [labels, id],
    confidence: ['item.confidence', 'item.id'],
    path: ['file.path', 'digit.position'],
  }[order].map((column) => `${column} ${direction}`);
  // A row without the words, of another label or measure comes as 0, so that a look through a million can pause at any of them.
  const wanted: string[] = [];
  if (query.labels !== undefined) wanted.push(`${labels} IN (${query.labels.join(', ')})`);
  if (ink) wanted.push(`digit.ink >= ${ink.from} AND digit.ink < ${ink.to}`);
  if (side) wanted.push(`digit.side >= ${side.from} AND digit.side < ${side.to}`);
  if (named) {
    wanted.push('instr(lower(CAST(file.path AS TEXT)), lower(?)) > 0');
    values.unshift(query.text);
  }
  const column = wanted.length === 0 ? id : `IIF(${wanted.join(' AND ')}, ${id}, 0)`;
  return {
    text: `SELECT ${column} FROM ${tables} WHERE ${terms.join(' AND ')} ORDER BY ${by.join(', ')}`,
    values,
  };
}
