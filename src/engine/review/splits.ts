import type { Split } from '../../shared/domain.ts';
import { sql, type Db } from '../project/sqlite.ts';
import type { ChangeTable } from './change-table.ts';

/** Enters the move of digits to a split under a step and makes it; within a transaction. `ids` is a list as JSON. */
export function changeSplits(db: Db, entryId: number, ids: string, split: Split): void {
  sql(
    db,
    `INSERT INTO split_change (entry_id, digit_id, from_split, to_split)
     SELECT ?, digit.id, split, ? FROM json_each(?) AS wanted CROSS JOIN digit ON digit.id = wanted.value`,
  ).run(entryId, split, ids);
  moveDigits(db, entryId, 'to');
}

const moveDigits = (db: Db, entryId: number, side: 'from' | 'to'): void =>
  void sql(
    db,
    `UPDATE digit SET kept_split = COALESCE(kept_split, split), split = ${side}_split
     FROM split_change AS change WHERE change.entry_id = ? AND digit.id = change.digit_id`,
  ).run(entryId);

export const splits: ChangeTable = {
  table: 'split_change',
  replay: (db, entryId, action) => moveDigits(db, entryId, action === 'undo' ? 'from' : 'to'),
  audited: `SELECT digit_id, NULL AS item_id, 'split' AS what, from_split AS old, to_split AS new FROM split_change WHERE entry_id = :entryId`,
};
