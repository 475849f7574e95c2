import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StudioError } from '../../shared/errors.ts';
import { latestVersion, migrate, schemaVersion } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { single, storeError } from './sqlite.ts';
import { createProject, openLedger, openProject } from './store.ts';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-project-'));
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return error instanceof StudioError ? error.code : String(error);
  }
  return 'nothing thrown';
};

describe('migrations', () => {
  it('are numbered from 1 without a gap', () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
  });

  it('apply only what is missing, each one whole or not at all', () => {
    const db = openLedger();
    const next = latestVersion() + 1;
    const broken = { version: next, name: 'broken', sql: 'CREATE TABLE half (a); CREATE TABLE half (a);' };
    expect(() => migrate(db, 'x', [...migrations, broken])).toThrow(/already exists/);
    expect(schemaVersion(db)).toBe(latestVersion());
    expect(single(db, "SELECT COUNT(*) FROM sqlite_schema WHERE name = 'half'")).toBe(0);
    migrate(db, 'x', [...migrations, { ...broken, sql: 'CREATE TABLE whole (a);' }]);
    expect(schemaVersion(db)).toBe(next);
    db.close();
  });
});

describe('a project', () => {
  it('keeps its name and identity over closing and opening, and leaves no log behind', () => {
    const made = createProject(path.join(folder, 'new'), 'Postcodes 1998');
    const info = made.info();
    made.close();
    expect(fs.readdirSync(path.join(folder, 'new')).sort()).toEqual([
      'exports',
      'models',
      'project.lock',
      'project.sqlite',
      'runs',
    ]);
    const again = openProject(path.join(folder, 'new'));
    expect(again.info()).toEqual(info);
    expect(info.name).toBe('Postcodes 1998');
    again.close();
  });

  it('is not made over something else', () => {
    fs.writeFileSync(path.join(folder, 'letter.txt'), 'mine');
    expect(codeOf(() => createProject(folder, 'x'))).toBe('project-exists');
    expect(fs.readdirSync(folder)).toEqual(['letter.txt']);
  });

  it('is not opened where there is none', () => {
    expect(codeOf(() => openProject(folder))).toBe('project-not-found');
  });

  it('of a newer version is refused and left untouched', () => {
    createProject(folder, 'x').close();
    const file = path.join(folder, 'project.sqlite');
    const db = new Database(file);
    db.pragma('user_version = 99');
    db.close();
    const before = fs.readFileSync(file);
    expect(codeOf(() => openProject(folder))).toBe('project-newer');
    expect(fs.readFileSync(file).equals(before)).toBe(true);
  });

  it.each([
    ['text instead of a database', (file: string) => fs.writeFileSync(file, 'not a database, '.repeat(400))],
    [
      'a database of another program',
      (file: string) => {
        fs.rmSync(file);
        const db = new Database(file);
        db.exec('CREATE TABLE other (a)');
        db.close();
      },
    ],
    [
      'a torn header',
      (file: string) => {
        const bytes = fs.readFileSync(file);
        bytes.fill(0xa5, 90, 4096);
        fs.writeFileSync(file, bytes);
      },
    ],
  ])('with %s is called damaged', (_, spoil) => {
    createProject(folder, 'x').close();
    spoil(path.join(folder, 'project.sqlite'));
    expect(codeOf(() => openProject(folder))).toBe('project-damaged');
    // The lock was given back.
    expect(codeOf(() => openProject(folder))).toBe('project-damaged');
  });

  it('is locked within one process', () => {
    const first = createProject(folder, 'x');
    expect(codeOf(() => openProject(folder))).toBe('project-locked');
    first.close();
    openProject(folder).close();
  });

  it('is locked for a second process, until that one is killed', async () => {
    createProject(folder, 'x').close();
    const holder = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `const { openProject } = await import(${JSON.stringify(new URL('./store.ts', import.meta.url).href)});
        openProject(${JSON.stringify(folder)}); console.log('held'); setInterval(() => {}, 1000);`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    expect(codeOf(() => openProject(folder))).toBe('project-locked');
    const gone = new Promise((resolve) => holder.once('exit', resolve));
    holder.kill('SIGKILL');
    await gone;
    const project = openProject(folder);
    expect(project.info().name).toBe('x');
    project.close();
  });
});

describe('storeError', () => {
  it('tells a full disk as such', () => {
    const db = openLedger(path.join(folder, 'small.sqlite'));
    db.pragma('max_page_count = 1');
    const fill = (): void => {
      try {
        db.exec('CREATE TABLE filler AS SELECT randomblob(1000000) AS bytes');
      } catch (error) {
        throw storeError(error, 'small.sqlite');
      }
    };
    expect(codeOf(fill)).toBe('disk-full');
    db.close();
  });
});
