import type { ChangeKind, VersionCounts } from '../../shared/contract/index.ts';
import type { Split } from '../../shared/domain.ts';
import { sql, type Db } from '../project/sqlite.ts';

/** SQL, as the index of pending digits has it: what differs from the last version. */
export const PENDING = `(COALESCE(label, -1) <> COALESCE(kept_label, given_label, -1) OR excluded <> COALESCE(kept_excluded, added) OR split <> COALESCE(kept_split, split))`;

/** SQL: pending digits of data set `?` as changes, in the order of import. */
export const PENDING_CHANGES = `SELECT id AS digitId, split, added, COALESCE(kept_label, given_label, -1) AS fromLabel, COALESCE(label, -1) AS toLabel,
  COALESCE(kept_excluded, added) AS fromExcluded, excluded AS toExcluded, COALESCE(kept_split, split) AS fromSplit, split AS toSplit
  FROM digit INDEXED BY digit_pending WHERE data_set_id = ? AND ${PENDING}`;

/** SQL: the same for what version `?` changed. */
export const VERSION_CHANGES = `SELECT digit_id AS digitId, split, added, from_label AS fromLabel, to_label AS toLabel, from_excluded AS fromExcluded, to_excluded AS toExcluded,
  COALESCE(from_split, split) AS fromSplit, COALESCE(to_split, split) AS toSplit
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
  fromSplit: Split;
  toSplit: Split;
}

/** The part of it that says what kind of a change it is. */
type KindOf = Pick<DigitChange, 'added' | 'fromExcluded' | 'toExcluded' | 'fromSplit' | 'toSplit'> & {
  relabelled: 0 | 1;
};

export const pendingChanges = (db: Db, dataSetId: number): DigitChange[] =>
  sql<DigitChange>(db, `${PENDING_CHANGES} ORDER BY id`).all(dataSetId);

/** What a change is called; leaving and coming says more than a label. */
export function changeKind({
  added,
  fromExcluded,
  toExcluded,
  fromSplit,
  toSplit,
  relabelled,
}: KindOf): ChangeKind {
  if (toExcluded > fromExcluded) return 'excluded';
  if (toExcluded < fromExcluded) return added === 1 ? 'added' : 'restored';
  return relabelled === 0 && fromSplit !== toSplit ? 'moved' : 'relabelled';
}

/** Counts changes that a query with one value finds. */
export function countChanges(db: Db, changes: string, id: number): VersionCounts {
  const counts: VersionCounts = { relabelled: 0, excluded: 0, restored: 0, added: 0, moved: 0, test: 0 };
  const groups = sql<KindOf & { test: number; count: number }>(
    db,
    `SELECT added, fromExcluded, toExcluded, fromSplit, toSplit, fromLabel <> toLabel AS relabelled, SUM(split = 'test') AS test, COUNT(*) AS count
     FROM (${changes}) GROUP BY added, fromExcluded, toExcluded, fromSplit, toSplit, relabelled`,
  ).all(id);
  for (const group of groups) {
    counts[changeKind(group)] += group.count;
    counts.test += group.test;
  }
  return counts;
}
