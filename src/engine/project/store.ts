import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import type { ProjectInfo } from '../../shared/contract/index.ts';
import { StudioError } from '../../shared/errors.ts';
import { lockProject, type ProjectLock } from './lock.ts';
import { latestVersion, migrate, schemaVersion } from './migrate.ts';
import { configure, configureReading, sql, storeError, type Db } from './sqlite.ts';

const DATABASE = 'project.sqlite';
const LOCK = 'project.lock';

/** An open project: a folder that this process alone writes to, or only reads while another one writes to it. */
export interface Project {
  readonly folder: string;
  readonly readOnly: boolean;
  readonly db: Db;
  info(): ProjectInfo;
  modelFolder(name: string): string;
  runFolder(runId: number): string;
  /** Where a batch that trains models keeps them as long as it needs them. */
  foldsFolder(batchId: number): string;
  close(): void;
}

export const isProject = (folder: string): boolean => fs.existsSync(path.join(folder, DATABASE));

/**
 * Makes a project in a folder that is empty or not there yet, and opens it.
 * Throws `project-exists`, `cannot-write`, `disk-full`, `project-locked`.
 */
export function createProject(folder: string, name: string): Project {
  try {
    fs.mkdirSync(folder, { recursive: true });
    if (fs.readdirSync(folder).some((entry) => entry !== LOCK))
      throw new StudioError('project-exists', { project: folder });
  } catch (error) {
    throw storeError(error, folder);
  }
  return open(folder, (db) => {
    sql(db, 'INSERT INTO project VALUES (1, ?, ?, ?)').run(randomUUID(), name, new Date().toISOString());
  });
}

/**
 * Opens a project and brings its schema up to date.
 * Throws `project-not-found`, `project-locked`, `project-newer`, `project-damaged`, `cannot-write`.
 */
export function openProject(folder: string): Project {
  if (!isProject(folder)) throw new StudioError('project-not-found', { project: folder });
  return open(folder, () => undefined);
}

/**
 * Opens a project that another process has open, to look at it. Throws `project-locked` when it cannot even be looked at, `project-not-found`,
 * `project-newer`, `project-damaged`.
 */
export function openProjectReadOnly(folder: string): Project {
  if (!isProject(folder)) throw new StudioError('project-not-found', { project: folder });
  let db: Db | undefined;
  try {
    db = new Database(path.join(folder, DATABASE), { readonly: true });
    const version = schemaVersion(db);
    if (version > latestVersion())
      throw new StudioError('project-newer', { project: folder, found: version, known: latestVersion() });
    // An older studio works on it: its schema is not ours to change.
    if (version < latestVersion()) throw new StudioError('project-locked', { project: folder });
    configureReading(db);
    return project(folder, db, null, projectRow(db, folder));
  } catch (error) {
    db?.close();
    const known = storeError(error, folder);
    // Its log cannot be read, as on some network drives.
    if (known instanceof StudioError && known.code === 'cannot-write')
      throw new StudioError('project-locked', { project: folder }, { cause: error });
    throw known;
  }
}

/** A store without a project around it, for the command line: in memory or in a file that the caller removes. */
export function openLedger(file = ':memory:'): Db {
  const db = new Database(file);
  configure(db);
  migrate(db, file);
  return db;
}

interface ProjectRow {
  uuid: string;
  name: string;
  created_at: string;
}

function open(folder: string, prepare: (db: Db) => void): Project {
  const lock = lockProject(path.join(folder, LOCK), folder);
  let db: Db | undefined;
  try {
    db = new Database(path.join(folder, DATABASE));
    // Before anything is written: a newer project must stay as it is.
    migrate(db, folder);
    configure(db);
    prepare(db);
    for (const part of ['models', 'runs', 'exports'])
      fs.mkdirSync(path.join(folder, part), { recursive: true });
    return project(folder, db, lock, projectRow(db, folder));
  } catch (error) {
    db?.close();
    lock.release();
    throw storeError(error, folder);
  }
}

function projectRow(db: Db, folder: string): ProjectRow {
  const row = sql<ProjectRow>(db, 'SELECT uuid, name, created_at FROM project').get();
  if (!row) throw new StudioError('project-damaged', { project: folder, detail: 'empty' });
  return row;
}

/** Without a lock it is only read. */
function project(folder: string, db: Db, lock: ProjectLock | null, row: ProjectRow): Project {
  return {
    folder,
    db,
    readOnly: lock === null,
    info: () => ({
      id: row.uuid,
      name: row.name,
      folder,
      schemaVersion: schemaVersion(db),
      createdAt: row.created_at,
      readOnly: lock === null,
    }),
    modelFolder: (name) => path.join(folder, 'models', name),
    runFolder: (runId) => path.join(folder, 'runs', String(runId)),
    foldsFolder: (batchId) => path.join(folder, 'runs', `folds-${batchId}`),
    close() {
      if (db.open) {
        try {
          // Ends the write-ahead log, so that the folder can be copied as it lies there.
          if (lock !== null) db.pragma('wal_checkpoint(TRUNCATE)');
        } catch {
          // The disk is full, most likely: the log stays beside the database and is read at the next opening.
        }
        db.close();
      }
      lock?.release();
    },
  };
}
