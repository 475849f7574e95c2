import os from 'node:os';
import { csvField, sourceRoots } from '../batches/csv.ts';
import { RECORD } from '../datasets/records.ts';
import { digitName } from '../files/names.ts';
import { csvTarget, writeTarget } from '../batches/csv-target.ts';
import { breathe, checkCancelled } from '../jobs/flow.ts';
import { single, sql, type Db } from '../project/sqlite.ts';
import { changeTables } from './changes.ts';

const AUDIT_HEADER = 'when,who,action,step,what,source,digit,old,new,batch,model,reason\n';
const CHUNK = 2_000;

/** Why a change was made. */
export interface Why {
  /** The batch in which it was made. */
  batchId?: number | null | undefined;
  reason?: string | null | undefined;
}

const signatures = new WeakMap<Db, () => string | null | undefined>();

/** Whose name changes over this connection carry; without one it is that of the operating system's user. */
export const signAs = (db: Db, name: () => string | null | undefined): void => void signatures.set(db, name);

export const systemUser = (): string => {
  try {
    return os.userInfo().username;
  } catch {
    // A user without an entry in the system's list.
    return '';
  }
};

/** Who changes something over this connection. */
export const signature = (db: Db): string => signatures.get(db)?.() ?? systemUser();

/** Adds an event of a step; what it changed is entered with `addLines`. Answers the event's id. */
export function addEvent(
  db: Db,
  entryId: number,
  action: 'apply' | 'undo' | 'redo',
  at: string,
  { batchId, reason }: Why = {},
): number {
  const who = signature(db);
  // Who undoes a step does so where it was made.
  const names =
    action === 'apply'
      ? `SELECT :entryId, :action, :at, :who, (SELECT name FROM batch WHERE id = :batchId),
           (SELECT model.name FROM batch JOIN model ON model.id = model_id WHERE batch.id = :batchId), :reason`
      : `SELECT :entryId, :action, :at, :who, batch, model, reason FROM journal_event
         WHERE entry_id = :entryId AND action = 'apply'`;
  const { lastInsertRowid } = sql(
    db,
    `INSERT INTO journal_event (entry_id, action, at, who, batch, model, reason) ${names}`,
  ).run({ entryId, action, at, who, batchId: batchId ?? null, reason: reason ?? null });
  return Number(lastInsertRowid);
}

/** Writes down what an event changed, one line for each digit. */
export function addLines(db: Db, eventId: number, entryId: number, undone: boolean): void {
  const [old, now] = undone ? ['new', 'old'] : ['old', 'new'];
  for (const { audited } of changeTables)
    sql(
      db,
      `INSERT INTO audit_line (event_id, source, path, position, what, old, new)
       SELECT :eventId, COALESCE(data_set.name, batch.name), COALESCE(data_file.path, batch_file.path),
         ${RECORD}, what, CAST(${old} AS TEXT), CAST(${now} AS TEXT)
       FROM (${audited}) AS changed
         LEFT JOIN digit ON digit.id = changed.digit_id LEFT JOIN data_file ON data_file.id = digit.file_id
         LEFT JOIN data_set ON data_set.id = digit.data_set_id
         LEFT JOIN batch_item AS item ON item.id = changed.item_id LEFT JOIN batch_file ON batch_file.id = item.file_id
         LEFT JOIN batch ON batch.id = item.batch_id`,
    ).run({ eventId, entryId });
}

interface AuditRow {
  id: number;
  at: string;
  who: string;
  action: string;
  kind: string;
  what: string;
  source: string;
  path: Buffer;
  position: number | null;
  old: string | null;
  new: string | null;
  batch: string | null;
  model: string | null;
  reason: string | null;
}

/**
 * Writes every change of the project as CSV (UTF-8, LF), oldest first: one line per digit and event, undo and redo included. The file is
 * there whole or not at all. Answers the number of lines below the header. Throws `cannot-write` (also for a source image's place),
 * `disk-full`, `cancelled`.
 */
export async function writeAudit(db: Db, file: string, signal?: AbortSignal): Promise<number> {
  const target = await csvTarget(file, sourceRoots(db));
  // What is entered while it is written belongs to the next one.
  const last = single<number | null>(db, 'SELECT MAX(id) FROM audit_line') ?? 0;
  const lines = sql<AuditRow>(
    db,
    `SELECT line.id, event.at, who, action, kind, what, source, path, position, old, new, batch, model, reason
     FROM audit_line AS line JOIN journal_event AS event ON event.id = event_id JOIN journal_entry AS entry ON entry.id = entry_id
     WHERE line.id > ? AND line.id <= ? ORDER BY line.id LIMIT ${CHUNK}`,
  );
  let rows = 0;
  await writeTarget(target, async (handle) => {
    await handle.writeFile(AUDIT_HEADER);
    for (let after = 0; ;) {
      checkCancelled(signal);
      const chunk = lines.all(after, last);
      if (chunk.length === 0) return;
      await handle.writeFile(chunk.map(auditLine).join(''));
      after = chunk.at(-1)!.id;
      rows += chunk.length;
      await breathe();
    }
  });
  return rows;
}

const auditLine = (row: AuditRow): string =>
  `${[
    ...[row.at, row.who, row.action, row.kind, row.what, row.source, digitName(row.path, row.position)],
    ...[row.old ?? '', row.new ?? '', row.batch ?? '', row.model ?? '', row.reason ?? ''],
  ]
    .map(csvField)
    .join(',')}\n`;
