import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Job } from '../../shared/contract/index.ts';
import { addSampleBatch } from '../batches/batch.testing.ts';
import { enterFiles, setBatchState } from '../batches/ledger.ts';
import { JobRegistry } from '../jobs/registry.ts';
import type { Db } from '../project/sqlite.ts';
import { openLedger } from '../project/store.ts';
import type { EngineContext } from './context.ts';
import { exportAsJob } from './launch-export.ts';

const ROWS = 30_000;

let home: string;
let db: Db;
let batchId: number;
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-export-'));
  db = openLedger();
  batchId = addSampleBatch(db, home);
  const refused = { status: 'skipped', reason: { code: 'hidden' } } as const;
  const files = Array.from({ length: ROWS }, (_, index) => Buffer.from(`.${index}`));
  enterFiles(
    db,
    batchId,
    files.map((name) => ({ path: name, size: null, mtimeNs: null, refused })),
  );
  setBatchState(db, batchId, 'done');
});
afterEach(() => {
  db.close();
  fs.rmSync(home, { recursive: true });
});

/** What of the engine an export works with, and what it tells of its jobs. */
function engine(onJob: (job: Job, jobs: JobRegistry) => void): EngineContext {
  const jobs: JobRegistry = new JobRegistry((job) => onJob(job, jobs));
  return { jobs, open: { db } } as unknown as EngineContext;
}

it('tells how far an export is, and answers its rows', async () => {
  const told: Job[] = [];
  const file = path.join(home, 'rows.csv');
  expect(
    await exportAsJob(
      engine((job) => told.push(job)),
      { batchId, file, format: 'csv' },
    ),
  ).toBe(ROWS);
  expect(told[0]).toMatchObject({ kind: 'export', state: 'running', done: 0, total: ROWS });
  expect(told.at(-1)).toMatchObject({ state: 'done', done: ROWS });
  expect(fs.readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(ROWS + 1);
});

it.each(['csv', 'parquet'] as const)('is stopped, and leaves what was there: %s', async (format) => {
  const file = path.join(home, 'rows.out');
  const stopping = exportAsJob(
    engine(({ id, state }, jobs) => {
      if (state === 'running') jobs.cancel(id);
    }),
    { batchId, file, format },
  );
  await expect(stopping).rejects.toMatchObject({ code: 'cancelled' });
  expect(fs.readdirSync(home)).toEqual([]);
});
