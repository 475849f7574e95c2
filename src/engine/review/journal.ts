import type { DigitDetail, JournalEntry, JournalState } from '../../shared/contract/index.ts';
import { single, sql, transact, type Db } from '../project/sqlite.ts';
import { addEvent, addLines, type Why } from './audit.ts';
import { changeTables } from './changes.ts';
import { changeLabel, type LabelPlace } from './labels.ts';
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

export interface Target extends LabelPlace {
  /** Of the item that names it. */
  batchId: number | null;
  label: number | null;
}

/**
 * Sets or takes away the label of digits, as one step that one undo takes back. An item that stands for a digit of a data set changes
 * that digit. Digits that have the label already are left alone. Throws `unknown-id`, and then nothing is changed.
 */
export function setLabel(
  db: Db,
  refs: readonly string[],
  label: number | null,
  reason?: string | null,
): JournalState {
  transact(db, () => {
    enterLabel(db, refs, label, { reason });
  });
  return journalState(db);
}

/** The same within a transaction; `more` is entered under the same step. Answers whether there was anything to do. */
export function enterLabel(
  db: Db,
  refs: readonly string[],
  label: number | null,
  { reason, more }: { reason?: string | null | undefined; more?: (entryId: number) => void } = {},
): boolean {
  const targets = new Map<string, Target>();
  for (const ref of refs) {
    const target = findTarget(db, ref);
    if (target.label !== label) targets.set(`${target.digitId}/${target.itemId}`, target);
  }
  if (targets.size === 0) return false;
  const changed = [...targets.values()];
  const step = { kind: 'label', count: changed.length, from: commonLabel(changed), to: label } as const;
  enterStep(db, step, { batchId: changed[0]!.batchId, reason }, (entryId) => {
    for (const target of changed) changeLabel(db, entryId, target, label);
    more?.(entryId);
  });
  return true;
}

/** Throws `unknown-id`. */
export function findTarget(db: Db, ref: string): Target {
  const { kind, id } = parseRef(ref);
  const query =
    kind === 'digit'
      ? 'SELECT id AS digitId, NULL AS itemId, NULL AS batchId, label FROM digit WHERE id = ?'
      : `SELECT digit_id AS digitId, IIF(digit_id IS NULL, id, NULL) AS itemId, batch_id AS batchId, label
         FROM batch_item WHERE id = ?`;
  const target = sql<Target>(db, query).get(id);
  if (!target) throw unknownRef(ref);
  return target;
}

/** The label that all of them have; null also when they differ. */
export const commonLabel = (targets: readonly { label: number | null }[]): number | null =>
  targets.every(({ label }) => label === targets[0]!.label) ? targets[0]!.label : null;

/** Enters a step, which one undo takes back, within a transaction: `change` makes its changes under the id that it gets. */
export function enterStep(
  db: Db,
  { kind, count, from, to }: Pick<EntryRow, 'kind' | 'count' | 'from' | 'to'>,
  why: Why,
  change: (entryId: number) => void,
): void {
  const at = new Date().toISOString();
  // What was undone before this step can no longer be redone.
  sql(db, `UPDATE journal_entry SET state = 'abandoned' WHERE state = 'undone'`).run();
  const { lastInsertRowid } = sql(
    db,
    `INSERT INTO journal_entry (kind, at, count, from_label, to_label, state) VALUES (?, ?, ?, ?, ?, 'applied')`,
  ).run(kind, at, count, from, to);
  const entryId = Number(lastInsertRowid);
  const eventId = addEvent(db, entryId, 'apply', at, why);
  change(entryId);
  addLines(db, eventId, entryId, false);
}

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
    for (const { replay } of changeTables) replay(db, entry.id, action);
    sql(db, 'UPDATE journal_entry SET state = ? WHERE id = ?').run(
      action === 'undo' ? 'undone' : 'applied',
      entry.id,
    );
    const eventId = addEvent(db, entry.id, action, new Date().toISOString());
    addLines(db, eventId, entry.id, action === 'undo');
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
