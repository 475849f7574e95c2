import fs from 'node:fs';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { Checkpoints } from './checkpoints.ts';
import { projectForEach } from './project.testing.ts';
import { AUTOCHECKPOINT_PAGES, single, sql, transact } from './sqlite.ts';
import type { Project } from './store.ts';

vi.setConfig({ testTimeout: 60_000 });

let project: Project;
projectForEach(
  (made) => (project = made),
  () => project,
);

const KILOBYTE = 1_024;
const MANY = 1_000_000;
const autocheckpoint = (): number => project.db.pragma('wal_autocheckpoint', { simple: true }) as number;
const sizeOf = (file: string): number => fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;

/** Enters so many rows of a kilobyte. */
function write(rows: number): void {
  const { db } = project;
  sql(db, 'CREATE TABLE IF NOT EXISTS filler (bytes BLOB)').run();
  transact(db, () => {
    for (let row = 0; row < rows; row++)
      sql(db, 'INSERT INTO filler VALUES (?)').run(Buffer.alloc(KILOBYTE, row));
  });
}

it('leaves a small batch to the writer', async () => {
  const checkpoints = new Checkpoints(project.db);
  checkpoints.wrote(100);
  expect(autocheckpoint()).toBe(AUTOCHECKPOINT_PAGES);
  await checkpoints.close();
});

it('moves what is written into the database beside the writer, until it is closed', async () => {
  const { db } = project;
  const checkpoints = new Checkpoints(db);
  checkpoints.wrote(MANY);
  expect(autocheckpoint()).toBeGreaterThan(AUTOCHECKPOINT_PAGES);
  const before = sizeOf(db.name);
  for (let turn = 0; turn < 20; turn++) {
    write(100);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  // Far from what the writer would move by itself.
  await expect.poll(() => sizeOf(db.name) - before, { timeout: 20_000 }).toBeGreaterThan(2_000 * KILOBYTE);
  await checkpoints.close();
  expect(autocheckpoint()).toBe(AUTOCHECKPOINT_PAGES);
  expect(single(db, 'SELECT COUNT(*) FROM filler')).toBe(2_000);
  expect(single(db, 'PRAGMA integrity_check')).toBe('ok');
  const file = db.name;
  project.close();
  // No connection is left that would keep the log.
  expect(fs.existsSync(`${file}-wal`)).toBe(false);
});

it('leaves it to the writer where it cannot open the database', async () => {
  const { db } = project;
  const hidden = path.join(project.folder, 'elsewhere');
  fs.renameSync(db.name, hidden);
  const checkpoints = new Checkpoints(db);
  checkpoints.wrote(MANY);
  await expect.poll(autocheckpoint, { timeout: 20_000 }).toBe(AUTOCHECKPOINT_PAGES);
  fs.renameSync(hidden, db.name);
  write(10);
  await checkpoints.close();
  expect(single(db, 'SELECT COUNT(*) FROM filler')).toBe(10);
});
