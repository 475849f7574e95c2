import type { DigitTag, TagCount } from '../../shared/contract/index.ts';
import { StudioError } from '../../shared/errors.ts';
import { checkDataSet } from '../datasets/store.ts';
import { sql, type Db } from '../project/sqlite.ts';
import type { ChangeTable } from './change-table.ts';

/** All tags of the project by name, with how many digits of a data set carry them. Throws `unknown-id`. */
export function listTags(db: Db, dataSetId: number): TagCount[] {
  checkDataSet(db, dataSetId);
  return sql<TagCount>(
    db,
    `SELECT tag.id, tag.name, COUNT(digit.id) AS count
     FROM tag LEFT JOIN digit_tag ON tag_id = tag.id LEFT JOIN digit ON digit.id = digit_id AND data_set_id = ? AND excluded = 0
     GROUP BY tag.id ORDER BY tag.name`,
  ).all(dataSetId);
}

export const tagsOf = (db: Db, digitId: number | null): DigitTag[] =>
  sql<DigitTag>(
    db,
    'SELECT id, name FROM digit_tag JOIN tag ON tag.id = tag_id WHERE digit_id = ? ORDER BY name',
  ).all(digitId);

/** The tag of that name, upper and lower case alike; made when there is none. */
export function tagNamed(db: Db, name: string): number {
  sql(db, 'INSERT INTO tag (name) VALUES (?) ON CONFLICT DO NOTHING').run(name);
  return sql<{ id: number }>(db, 'SELECT id FROM tag WHERE name = ?').get(name)!.id;
}

/** Throws `unknown-id`. */
export function checkTag(db: Db, id: number): void {
  if (!sql(db, 'SELECT 1 FROM tag WHERE id = ?').get(id))
    throw new StudioError('unknown-id', { kind: 'tag', id });
}

/** Enters a tag on digits, or its end, under a step and makes it; within a transaction. `ids` is a list as JSON. */
export function changeTags(db: Db, entryId: number, ids: string, tagId: number, added: 0 | 1): void {
  sql(
    db,
    `INSERT INTO tag_change (entry_id, digit_id, tag_id, added) SELECT ?, value, ?, ? FROM json_each(?)`,
  ).run(entryId, tagId, added, ids);
  setTags(db, entryId, 'redo');
}

function setTags(db: Db, entryId: number, action: 'undo' | 'redo'): void {
  const changed = 'SELECT tag_id, digit_id FROM tag_change WHERE entry_id = ? AND added = ?';
  const [puts, takes] = action === 'redo' ? [1, 0] : [0, 1];
  sql(db, `INSERT INTO digit_tag ${changed} ON CONFLICT DO NOTHING`).run(entryId, puts);
  sql(db, `DELETE FROM digit_tag WHERE (tag_id, digit_id) IN (${changed})`).run(entryId, takes);
}

export const tags: ChangeTable = {
  table: 'tag_change',
  replay: setTags,
  audited: `SELECT digit_id, NULL AS item_id, 'tag' AS what, IIF(added, NULL, name) AS old, IIF(added, name, NULL) AS new
    FROM tag_change JOIN tag ON tag.id = tag_id WHERE entry_id = :entryId`,
};
