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

/**
 * Finds items of `wrong`, the most doubtful first. Only what `wrong` misread is looked at, in an index of its own, and for each of
 * those the one item of `right` over the same digit: the cost follows the mistakes, not the digits.
 */
export const differenceIds = (label: number | undefined): string =>
  `SELECT ours.id AS wanted FROM batch_item AS ours INDEXED BY batch_item_wrong
     CROSS JOIN batch_item AS theirs INDEXED BY batch_item_digit ON theirs.digit_id = ours.digit_id AND theirs.batch_id = :right
   WHERE ours.batch_id = :wrong AND ours.label <> ours.digit AND theirs.label = theirs.digit
     ${label === undefined ? '' : 'AND ours.label = :label'}
   ORDER BY ours.confidence, ours.id`;

/**
 * How many there are: those that `wrong` misread without those that both did, which are counted from the batch with fewer mistakes. So
 * a model that has learnt nothing costs no more than the other.
 */
export function countDifference(db: Db, { right, wrong, label }: Difference): number {
  const mistakes = (batchId: number): number => mistakesPerClass(db, batchId, label);
  const [fewer, more] = mistakes(right) < mistakes(wrong) ? [right, wrong] : [wrong, right];
  return mistakes(wrong) - single<number>(db, bothWrong(label), { fewer, more, label });
}

export const bothWrong = (label: number | undefined): string =>
  `SELECT COUNT(*) FROM batch_item AS one INDEXED BY batch_item_wrong
     CROSS JOIN batch_item AS other INDEXED BY batch_item_digit ON other.digit_id = one.digit_id AND other.batch_id = :more
   WHERE one.batch_id = :fewer AND one.label <> one.digit AND other.label <> other.digit
     ${label === undefined ? '' : 'AND one.label = :label'}`;

const mistakesPerClass = (db: Db, batchId: number, label: number | undefined): number =>
  single(
    db,
    `SELECT COALESCE(SUM(count), 0) FROM batch_cell
     WHERE batch_id = :batchId AND label >= 0 AND label <> digit ${label === undefined ? '' : 'AND label = :label'}`,
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
