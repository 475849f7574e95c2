import { StudioError } from '../../shared/errors.ts';
import { migrations, type Migration } from './migrations/index.ts';
import type { Db } from './sqlite.ts';

/** "LeN5", so that `file` and we can tell a project from any other SQLite file. */
export const APPLICATION_ID = 0x4c654e35;

export const latestVersion = (known: readonly Migration[] = migrations): number => known.at(-1)?.version ?? 0;
export const schemaVersion = (db: Db): number => db.pragma('user_version', { simple: true }) as number;

/**
 * Brings a database to the newest schema, each step in a transaction of its own.
 * Throws `project-newer` for a schema from the future and `project-damaged` for a file that is no project.
 */
export function migrate(db: Db, project: string, known: readonly Migration[] = migrations): void {
  const found = schemaVersion(db);
  const application = db.pragma('application_id', { simple: true });
  const tables = db.prepare('SELECT COUNT(*) FROM sqlite_schema').pluck().get() as number;
  const fresh = application === 0 && found === 0 && tables === 0;
  if (!fresh && application !== APPLICATION_ID)
    throw new StudioError('project-damaged', { project, detail: `application_id ${String(application)}` });
  if (found > latestVersion(known))
    throw new StudioError('project-newer', { project, found, known: latestVersion(known) });
  for (const { version, sql } of known.filter((migration) => migration.version > found)) {
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`application_id = ${APPLICATION_ID}`);
      db.pragma(`user_version = ${version}`);
    }).exclusive();
  }
}
