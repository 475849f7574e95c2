import type { Readings } from '../../shared/contract/index.ts';
import { CLASSES } from '../../shared/domain.ts';
import { probabilitiesOf } from '../batches/reading.ts';
import { single, sql, type Db } from '../project/sqlite.ts';
import { itemRefOf, parseRef } from './refs.ts';

/** Two batches over the same digits: those that one read right and the other did not. */
export interface Difference {
  right: number;
  wrong: number;
  /** Of digits with that label alone. */
  label?: number | undefined;
}

const ofLabel = (table: string, label: number | undefined): string =>
  label === undefined ? '' : `AND ${table}.label = :label`;

/** Items of batch `:more` that it misread as batch `:fewer` did: the cost follows the mistakes of `:fewer`, each looked up by its digit. */
export const bothWrong = (label: number | undefined, [fewer, more] = [':fewer', ':more']): string =>
  `SELECT other.id FROM batch_item AS one INDEXED BY batch_item_wrong
     CROSS JOIN batch_item AS other INDEXED BY batch_item_digit ON other.digit_id = one.digit_id AND other.batch_id = ${more}
   WHERE one.batch_id = ${fewer} AND one.label <> one.digit AND other.label <> other.digit ${ofLabel('one', label)}`;

/**
 * Items of `:wrong`, the most doubtful first, by an index that holds its mistakes in that order. What `:right` misread too is left out: looked
 * up for each of them where `:wrong` has fewer mistakes, else found once from those of `:right`. So the cost follows the batch with fewer
 * mistakes, not the digits, and a model that has learnt nothing costs no more than the other.
 */
export const differenceIds = (label: number | undefined, rightHasFewer: boolean): string =>
  rightHasFewer
    ? `SELECT ours.id AS wanted FROM batch_item AS ours INDEXED BY batch_item_wrong
       WHERE ours.batch_id = :wrong AND ours.label <> ours.digit ${ofLabel('ours', label)}
         AND ours.id NOT IN (${bothWrong(label, [':right', ':wrong'])})
       ORDER BY ours.confidence, ours.id`
    : `SELECT ours.id AS wanted FROM batch_item AS ours INDEXED BY batch_item_wrong
         CROSS JOIN batch_item AS theirs INDEXED BY batch_item_digit ON theirs.digit_id = ours.digit_id AND theirs.batch_id = :right
       WHERE ours.batch_id = :wrong AND ours.label <> ours.digit ${ofLabel('ours', label)} AND theirs.label = theirs.digit
       ORDER BY ours.confidence, ours.id`;

/** The query for the ids of a difference, which takes its parts as parameters, and how many it finds. */
export function differenceWindow(
  db: Db,
  { right, wrong, label }: Difference,
): { ids: string; total: number } {
  const mistakes = [right, wrong].map((batchId) => mistakesOf(db, batchId, label));
  const rightHasFewer = mistakes[0]! < mistakes[1]!;
  const [fewer, more] = rightHasFewer ? [right, wrong] : [wrong, right];
  const both = single<number>(db, `SELECT COUNT(*) FROM (${bothWrong(label)})`, { fewer, more, label });
  return { ids: differenceIds(label, rightHasFewer), total: mistakes[1]! - both };
}

export const countDifference = (db: Db, difference: Difference): number =>
  differenceWindow(db, difference).total;

const mistakesOf = (db: Db, batchId: number, label: number | undefined): number =>
  single(
    db,
    `SELECT COALESCE(SUM(count), 0) FROM batch_cell
     WHERE batch_id = :batchId AND label >= 0 AND label <> digit ${ofLabel('batch_cell', label)}`,
    { batchId, label },
  );

/** Labelled digits of a batch and how many of them it misread, by label. */
export function classErrors(db: Db, batchId: number): { labelled: number; wrong: number }[] {
  const classes = Array.from({ length: CLASSES }, () => ({ labelled: 0, wrong: 0 }));
  const rows = sql<{ label: number; labelled: number; wrong: number }>(
    db,
    `SELECT label, SUM(count) AS labelled, SUM(IIF(label <> digit, count, 0)) AS wrong FROM batch_cell
     WHERE batch_id = ? AND label >= 0 GROUP BY label`,
  ).all(batchId);
  for (const { label, labelled, wrong } of rows) classes[label] = { labelled, wrong };
  return classes;
}

/** What each of these batches read in the digit that an item or a ref of a data set stands for; those that did not read it are left out. */
export function readingsOf(db: Db, ref: string, batchIds: readonly number[]): Readings {
  const { kind, id } = parseRef(ref);
  const digitId =
    kind === 'digit' ? id : single<number | null>(db, 'SELECT digit_id FROM batch_item WHERE id = ?', id);
  if (digitId == null) return [];
  return batchIds.flatMap((batchId) => {
    const row = sql<{ id: number; digit: number; confidence: number; probabilities: Buffer }>(
      db,
      'SELECT id, digit, confidence, probabilities FROM batch_item WHERE digit_id = ? AND batch_id = ?',
    ).get(digitId, batchId);
    if (!row) return [];
    const { id, probabilities, ...rest } = row;
    return [{ batchId, ref: itemRefOf(id), ...rest, probabilities: probabilitiesOf(probabilities) }];
  });
}
