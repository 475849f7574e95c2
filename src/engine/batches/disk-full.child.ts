// For a test that gives this process a disk of its own, at a mount point that it may make smaller and larger: a batch and an export that fill it.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { StudioError } from '../../shared/errors.ts';
import { single, sql, type Db } from '../project/sqlite.ts';
import { createProject, openLedger, openProject } from '../project/store.ts';
import { addSampleBatch, runSampleBatch } from './batch.testing.ts';
import { exportBatch } from './export.ts';
import { batchCounts } from './ledger.ts';
import { getBatch } from './store.ts';

const [disk, images, out] = process.argv.slice(2) as [string, string, string];
const resize = (size: string): void =>
  void execFileSync('mount', ['-o', `remount,size=${size}`, 'tmpfs', disk]);

const newBatch = (db: Db): number => addSampleBatch(db, images);
const run = (db: Db, batchId: number) => runSampleBatch(db, batchId, { chunk: 32, checkpointAfter: 200 });
/** How something ended. */
const ending = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: StudioError) => error.code,
  );
const csv = async (db: Db, batchId: number, file: string): Promise<string> => {
  await exportBatch(db, batchId, file, 'csv');
  return fs.readFileSync(file, 'utf8');
};

const reference = openLedger();
const wanted = newBatch(reference);
await run(reference, wanted);
const expected = await csv(reference, wanted, path.join(out, 'expected.csv'));

const folder = path.join(disk, 'project');
let project = createProject(folder, 'small');
const batch = newBatch(project.db);
const first = await ending(run(project.db, batch));
const { done, queued } = batchCounts(project.db, batch);
const rows = single<number>(project.db, `SELECT COUNT(*) FROM batch_file WHERE status = 'done'`);
const state = { ...getBatch(project.db, batch), source: '' };
// As after a start of the program: the disk is full still.
project.close();
project = openProject(folder);
const integrity = project.db.pragma('integrity_check', { simple: true });
const again = await ending(run(project.db, batch));

resize('64m');
const second = await ending(run(project.db, batch));
const equal = (await csv(project.db, batch, path.join(out, 'found.csv'))) === expected;

// Room for the start of the CSV only.
const exported = path.join(disk, 'results.csv');
fs.writeFileSync(exported, 'path,digit,confidence,second,second_confidence,status,reason\nan earlier one\n');
sql(project.db, 'PRAGMA wal_checkpoint(TRUNCATE)').get();
const { bsize, bavail } = fs.statfsSync(disk);
const ballast = path.join(disk, 'ballast');
fs.writeFileSync(ballast, Buffer.alloc(bsize * bavail - 4 * bsize));
const full = await ending(exportBatch(project.db, batch, exported, 'csv'));
const kept = fs.readFileSync(exported, 'utf8').endsWith('an earlier one\n');
const left = fs.readdirSync(disk).sort();
fs.rmSync(ballast);
const whole = (await csv(project.db, batch, exported)) === expected;
project.close();

process.stdout.write(
  JSON.stringify({
    batch: {
      first,
      done,
      queued,
      rows,
      state: state.state,
      error: state.error?.code,
      integrity,
      again,
      second,
      equal,
    },
    csv: { full, kept, left, whole },
  }),
);
