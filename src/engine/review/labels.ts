import { sql, type Db } from '../project/sqlite.ts';
import type { ChangeTable } from './change-table.ts';

/** Where a label stands: with a digit of a data set, or with an item of a batch over a folder. */
export interface LabelPlace {
  digitId: number | null;
  itemId: number | null;
}

/** A label where -1 stands for none. */
export const orNone = (label: number): number | null => (label < 0 ? null : label);

export function writeLabel(db: Db, { digitId, itemId }: LabelPlace, label: number | null): void {
  if (digitId !== null) sql(db, 'UPDATE digit SET label = ? WHERE id = ?').run(label, digitId);
  else sql(db, 'UPDATE batch_item SET label = ? WHERE id = ?').run(label, itemId);
}

/** Enters a label's change under a step and makes it; within a transaction. */
export function changeLabel(
  db: Db,
  entryId: number,
  place: LabelPlace & { label: number | null },
  label: number | null,
): void {
  sql(
    db,
    'INSERT INTO label_change (entry_id, digit_id, item_id, from_label, to_label) VALUES (?, ?, ?, ?, ?)',
  ).run(entryId, place.digitId, place.itemId, place.label, label);
  writeLabel(db, place, label);
}

/** The same for digits of data sets, which get one label; `ids` is a list as JSON. */
export function changeLabels(db: Db, entryId: number, ids: string, label: number | null): void {
  sql(
    db,
    `INSERT INTO label_change (entry_id, digit_id, from_label, to_label)
     SELECT ?, digit.id, label, ? FROM json_each(?) AS wanted CROSS JOIN digit ON digit.id = wanted.value`,
  ).run(entryId, label, ids);
  sql(db, 'UPDATE digit SET label = ? WHERE id IN (SELECT value FROM json_each(?))').run(label, ids);
}

export const labels: ChangeTable = {
  table: 'label_change',
  replay(db, entryId, action) {
    const changes = sql<LabelPlace & { from: number | null; to: number | null }>(
      db,
      `SELECT digit_id AS digitId, item_id AS itemId, from_label AS "from", to_label AS "to" FROM label_change WHERE entry_id = ?`,
    ).all(entryId);
    for (const change of changes) writeLabel(db, change, action === 'undo' ? change.from : change.to);
  },
  audited: `SELECT digit_id, item_id, 'label' AS what, from_label AS old, to_label AS new FROM label_change WHERE entry_id = :entryId`,
};
