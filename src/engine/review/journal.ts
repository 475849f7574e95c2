import type { DigitDetail, JournalEntry, JournalState } from '../../shared/contract/index.ts';
import { replayDecisions } from '../duplicates/replay.ts';
import { single, sql, transact, type Db } from '../project/sqlite.ts';
import { parseRef, unknownRef } from './refs.ts';

interface EntryRow {
  id: number;
  kind: JournalEntry['kind'];
  at: string;
  count: number;
  from: number | null;
  to: number | null;
  state: 'applied' | 'undone' | 'abandoned';
}

const COLUMNS = `id, kind, at, count, from_label AS "from", to_label AS "to", state`;

const toEntry = ({ state, ...entry }: EntryRow): JournalEntry => ({ ...entry, undone: state !== 'applied' });

interface Target {
  digitId: number | null;
  itemId: number | null;
  label: number | null;
}

/**
 * Sets or takes away the label of digits, as one step that one undo takes back. An item that stands for a digit of a data set changes
 * that digit. Digits that have the label already are left alone. Throws `unknown-id`, and then nothing is changed.
 */
export function setLabel(db: Db, refs: readonly string[], label: number | null): JournalState {
  transact(db, () => {
    enterLabel(db, refs, label);
  });
  return journalState(db);
}

/** The same within a transaction; answers the id of the step, null when there was nothing to do. */
export function enterLabel(db: Db, refs: readonly string[], label: number | null): number | null {
  const targets = new Map<string, Target>();
  for (const ref of refs) {
    const target = findTarget(db, ref);
    if (target.label !== label) targets.set(`${target.digitId}/${target.itemId}`, target);
  }
  return targets.size > 0 ? enter(db, [...targets.values()], label) : null;
}

function findTarget(db: Db, ref: string): Target {
  const { kind, id } = parseRef(ref);
  const query =
    kind === 'digit'
      ? 'SELECT id AS digitId, NULL AS itemId, label FROM digit WHERE id = ?'
      : 'SELECT digit_id AS digitId, IIF(digit_id IS NULL, id, NULL) AS itemId, label FROM batch_item WHERE id = ?';
  const target = sql<Target>(db, query).get(id);
  if (!target) throw unknownRef(ref);
  return target;
}

/** Begins a step, within a transaction; its changes are entered under the id. */
export function addEntry(
  db: Db,
  { kind, count, from, to }: Pick<EntryRow, 'kind' | 'count' | 'from' | 'to'>,
): number {
  const at = new Date().toISOString();
  // What was undone before this step can no longer be redone.
  sql(db, `UPDATE journal_entry SET state = 'abandoned' WHERE state = 'undone'`).run();
  const { lastInsertRowid } = sql(
    db,
    `INSERT INTO journal_entry (kind, at, count, from_label, to_label, state) VALUES (?, ?, ?, ?, ?, 'applied')`,
  ).run(kind, at, count, from, to);
  addEvent(db, Number(lastInsertRowid), 'apply', at);
  return Number(lastInsertRowid);
}

function enter(db: Db, targets: readonly Target[], label: number | null): number {
  const from = targets.every((target) => target.label === targets[0]!.label) ? targets[0]!.label : null;
  const entryId = addEntry(db, { kind: 'label', count: targets.length, from, to: label });
  const change = sql(
    db,
    'INSERT INTO label_change (entry_id, digit_id, item_id, from_label, to_label) VALUES (?, ?, ?, ?, ?)',
  );
  for (const target of targets) {
    change.run(entryId, target.digitId, target.itemId, target.label, label);
    writeLabel(db, target, label);
  }
  return entryId;
}

function writeLabel(
  db: Db,
  { digitId, itemId }: Pick<Target, 'digitId' | 'itemId'>,
  label: number | null,
): void {
  if (digitId !== null) sql(db, 'UPDATE digit SET label = ? WHERE id = ?').run(label, digitId);
  else sql(db, 'UPDATE batch_item SET label = ? WHERE id = ?').run(label, itemId);
}

const addEvent = (
  db: Db,
  entryId: number,
  action: 'apply' | 'undo' | 'redo',
  at = new Date().toISOString(),
): void => {
  sql(db, 'INSERT INTO journal_event (entry_id, action, at) VALUES (?, ?, ?)').run(entryId, action, at);
};

const nextUndo = (db: Db): EntryRow | undefined =>
  sql<EntryRow>(
    db,
    `SELECT ${COLUMNS} FROM journal_entry WHERE state = 'applied' ORDER BY id DESC LIMIT 1`,
  ).get();
const nextRedo = (db: Db): EntryRow | undefined =>
  sql<EntryRow>(db, `SELECT ${COLUMNS} FROM journal_entry WHERE state = 'undone' ORDER BY id LIMIT 1`).get();

/** What undo and redo would take back or do again. */
export function journalState(db: Db): JournalState {
  const [undo, redo] = [nextUndo(db), nextRedo(db)];
  return { undo: undo ? toEntry(undo) : null, redo: redo ? toEntry(redo) : null };
}

/** Takes back the last step; nothing happens when there is none. */
export const undoLabel = (db: Db): JournalState => step(db, nextUndo, 'undo');

/** Does again what was undone last; nothing happens when there is nothing. */
export const redoLabel = (db: Db): JournalState => step(db, nextRedo, 'redo');

function step(db: Db, find: (db: Db) => EntryRow | undefined, action: 'undo' | 'redo'): JournalState {
  transact(db, () => {
    const entry = find(db);
    if (!entry) return;
    const changes = sql<Target & { to: number | null }>(
      db,
      'SELECT digit_id AS digitId, item_id AS itemId, from_label AS label, to_label AS "to" FROM label_change WHERE entry_id = ?',
    ).all(entry.id);
    for (const change of changes) writeLabel(db, change, action === 'undo' ? change.label : change.to);
    replayDecisions(db, entry.id, action);
    sql(db, 'UPDATE journal_entry SET state = ? WHERE id = ?').run(
      action === 'undo' ? 'undone' : 'applied',
      entry.id,
    );
    addEvent(db, entry.id, action);
  });
  return journalState(db);
}

/** All steps, newest first. */
export function journalHistory(
  db: Db,
  offset: number,
  limit: number,
): { total: number; entries: JournalEntry[] } {
  const rows = sql<EntryRow>(
    db,
    `SELECT ${COLUMNS} FROM journal_entry ORDER BY id DESC LIMIT ? OFFSET ?`,
  ).all(limit, offset);
  return { total: single(db, 'SELECT COUNT(*) FROM journal_entry'), entries: rows.map(toEntry) };
}

/** Everything that ever happened to one digit's label, undo and redo included, oldest first. */
export function labelHistory(db: Db, ref: string): DigitDetail['history'] {
  const { digitId, itemId } = findTarget(db, ref);
  const [column, id] = digitId === null ? ['item_id', itemId] : ['digit_id', digitId];
  return sql<{ at: string; from: number | null; to: number | null }>(
    db,
    `SELECT event.at, IIF(action = 'undo', to_label, from_label) AS "from", IIF(action = 'undo', from_label, to_label) AS "to"
     FROM label_change JOIN journal_event AS event ON event.entry_id = label_change.entry_id
     WHERE label_change.${column} = ? ORDER BY event.id`,
  ).all(id);
}
