import { sql, type Db } from '../project/sqlite.ts';
import type { ChangeTable } from '../review/change-table.ts';

/** Makes what a commit changed the kept state of its digits, or what was before it; within a transaction. */
export function keepChanges(db: Db, entryId: number, action: 'undo' | 'redo'): void {
  const side = action === 'undo' ? 'from' : 'to';
  sql(
    db,
    `UPDATE digit SET kept_label = ${side}_label, kept_excluded = ${side}_excluded, kept_split = COALESCE(${side}_split, kept_split)
     FROM version_change AS change WHERE change.entry_id = ? AND digit.id = change.digit_id`,
  ).run(entryId);
  sql(
    db,
    'UPDATE data_version SET undone = ? WHERE id IN (SELECT version_id FROM version_change WHERE entry_id = ?)',
  ).run(action === 'undo' ? 1 : 0, entryId);
}

export const versionChanges: ChangeTable = {
  table: 'version_change',
  replay: keepChanges,
  audited: `SELECT digit_id, NULL AS item_id, 'version' AS what, number - 1 AS old, number AS new
    FROM version_change JOIN data_version ON data_version.id = version_id WHERE entry_id = :entryId`,
};
