import type { ChangeKind, VersionCounts } from '../../shared/contract/index.ts';
import { sql, type Db } from '../project/sqlite.ts';

/** SQL, as the index of pending digits has it: what differs from the last version. */
export const PENDING = `(COALESCE(label, -1) <> COALESCE(kept_label, given_label, -1) OR excluded <> COALESCE(kept_excluded, added))`;

/** SQL: pending digits of data set `?` as changes, in the order of import. */
export const PENDING_CHANGES = `SELECT id AS digitId, split, added, COALESCE(kept_label, given_label, -1) AS fromLabel, COALESCE(label, -1) AS toLabel,
  COALESCE(kept_excluded, added) AS fromExcluded, excluded AS toExcluded
  FROM digit INDEXED BY digit_pending WHERE data_set_id = ? AND ${PENDING}`;

/** SQL: the same for what version `?` changed. */
export const VERSION_CHANGES = `SELECT digit_id AS digitId, split, added, from_label AS fromLabel, to_label AS toLabel, from_excluded AS fromExcluded, to_excluded AS toExcluded
  FROM version_change JOIN digit ON digit.id = digit_id WHERE version_id = ?`;

/** One digit before and after; labels -1 for none. */
export interface DigitChange {
  digitId: number;
  split: string;
  /** It came from a batch. */
  added: 0 | 1;
  fromLabel: number;
  toLabel: number;
  fromExcluded: 0 | 1;
  toExcluded: 0 | 1;
}

export const pendingChanges = (db: Db, dataSetId: number): DigitChange[] =>
  sql<DigitChange>(db, `${PENDING_CHANGES} ORDER BY id`).all(dataSetId);

/** What a change is called; leaving and coming says more than a label. */
export function changeKind({
  added,
  fromExcluded,
  toExcluded,
}: Pick<DigitChange, 'added' | 'fromExcluded' | 'toExcluded'>): ChangeKind {
  if (toExcluded > fromExcluded) return 'excluded';
  if (toExcluded < fromExcluded) return added === 1 ? 'added' : 'restored';
  return 'relabelled';
}

/** Counts changes that a query with one value finds. */
export function countChanges(db: Db, changes: string, id: number): VersionCounts {
  const counts: VersionCounts = { relabelled: 0, excluded: 0, restored: 0, added: 0, test: 0 };
  const groups = sql<
    Pick<DigitChange, 'added' | 'fromExcluded' | 'toExcluded'> & { test: number; count: number }
  >(
    db,
    `SELECT added, fromExcluded, toExcluded, SUM(split = 'test') AS test, COUNT(*) AS count FROM (${changes})
     GROUP BY added, fromExcluded, toExcluded`,
  ).all(id);
  for (const group of groups) {
    counts[changeKind(group)] += group.count;
    counts.test += group.test;
  }
  return counts;
}
