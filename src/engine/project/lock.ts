import Database from 'better-sqlite3';
import { StudioError } from '../../shared/errors.ts';
import { storeError } from './sqlite.ts';

export interface ProjectLock {
  release(): void;
}

/**
 * Claims a project for this process through SQLite's own file lock on a second, empty database. The operating system
 * drops it when the process dies, however that happens. Throws `project-locked`.
 */
export function lockProject(file: string, project: string): ProjectLock {
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { timeout: 0 });
    db.pragma('locking_mode = EXCLUSIVE');
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db?.close();
    if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY'))
      throw new StudioError('project-locked', { project });
    throw storeError(error, file);
  }
  const held = db;
  return { release: () => held.close() };
}
