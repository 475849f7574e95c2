import type Database from 'better-sqlite3';
import { StudioError } from '../../shared/errors.ts';

export type Db = Database.Database;
export type Statement<Row> = Database.Statement<unknown[], Row>;

const statements = new WeakMap<Db, Map<string, Database.Statement>>();

/** A prepared statement, compiled once per connection. `Row` names the columns that come back. */
export function sql<Row = unknown>(db: Db, text: string): Statement<Row> {
  let known = statements.get(db);
  if (!known) statements.set(db, (known = new Map()));
  let statement = known.get(text);
  if (!statement) known.set(text, (statement = db.prepare(text)));
  return statement as Statement<Row>;
}

/** Runs `work` in one write transaction; anything thrown rolls it back. */
export function transact<Result>(db: Db, work: () => Result): Result {
  return db.transaction(work).immediate();
}

/** Rows that one statement takes in; more gain nothing. */
const ROWS = 32;

/**
 * Enters rows of equally many columns, many with one statement, which costs half as much as one with each. `into` is the statement up to its values, `after` what
 * follows them. Returns how many were entered.
 */
export function insertRows(db: Db, into: string, rows: readonly (readonly unknown[])[], after = ''): number {
  let entered = 0;
  for (let start = 0; start < rows.length;) {
    const part = rows.slice(start, rows.length - start < ROWS ? start + 1 : start + ROWS);
    const row = `(${part[0]!.map(() => '?').join()})`;
    const values = part.map(() => row).join();
    entered += sql(db, `${into} VALUES ${values} ${after}`).run(part.flat()).changes;
    start += part.length;
  }
  return entered;
}

/** The single value of the first row, for counts and the like. */
export function single<Value>(db: Db, text: string, ...parameters: unknown[]): Value {
  const row = sql<Record<string, Value>>(db, text).get(...parameters);
  return Object.values(row ?? {})[0] as Value;
}

/**
 * SQLite's and the file system's errors in the studio's words: `disk-full`, `project-damaged`, `cannot-write`; anything
 * else comes back as it is.
 */
export function storeError(error: unknown, file: string): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  if (error instanceof StudioError || typeof code !== 'string') return error;
  const detail = (error as Error).message;
  const options = { cause: error };
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT')
    return new StudioError('disk-full', { file }, options);
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code))
    return new StudioError('project-damaged', { project: file, detail }, options);
  if (
    /^SQLITE_(READONLY|IOERR|CANTOPEN|PERM)/.test(code) ||
    /^E(ACCES|PERM|ROFS|ISDIR|NOTDIR|NOENT|NAMETOOLONG|IO)$/.test(code)
  )
    return new StudioError('cannot-write', { file, detail: code.startsWith('E') ? code : detail }, options);
  return error;
}

/** Pages in the log at which they are moved into the database: more than SQLite's own 1000, so that pages that many transactions touch are moved once. */
export const AUTOCHECKPOINT_PAGES = 4_000;

/** Applies the settings that every connection of ours runs with. */
export function configure(db: Db): void {
  db.pragma('journal_mode = WAL');
  // In WAL mode NORMAL survives any death of the process; only a power cut may take the last transactions back.
  db.pragma('synchronous = NORMAL');
  db.pragma(`wal_autocheckpoint = ${AUTOCHECKPOINT_PAGES}`);
  db.pragma('foreign_keys = ON');
  configureReading(db);
}

/** The part of it that writes nothing. */
export function configureReading(db: Db): void {
  db.pragma('cache_size = -65536');
  db.pragma('temp_store = MEMORY');
}

/** Whether a write was refused because the connection only reads. */
export const isReadOnlyError = (error: unknown): boolean =>
  (error as { code?: unknown } | null)?.code === 'SQLITE_READONLY';
