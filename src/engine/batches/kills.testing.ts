import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import type { Batch } from '../../shared/contract/index.ts';
import { recipeOf } from '../../shared/domain.ts';
import { until, writeDigitFiles, writeSmallMnist } from '../api/test-support.ts';
import { EngineChild } from '../engine-child.testing.ts';
import { randomStream, type RandomStream } from '../tensor/random.ts';

export interface KillOptions {
  /** Empty. */
  home: string;
  kills: number;
  files: number;
  seed: number;
  log?: (line: string) => void;
}

export interface KillReport {
  kills: number;
  /** Files with a result when each kill came. */
  doneAtKill: number[];
  batches: number;
  files: number;
}

/** Longest time from going on to a kill that waits for nothing, in milliseconds. */
const LONGEST = 1_500;
/** Most files that are read from one kill to the next, as a share of all. */
const STEP = 0.08;

/**
 * Classifies a folder undisturbed, with a model that was really trained; then again, with its twin, which knows nothing of the first one's answers, while the engine is killed at random
 * moments, as often as asked for, in as many batches as that takes: all but the first of these know the answers of the one before. Throws when a ledger differs from the undisturbed one in any row, has a file twice, or counts
 * what its rows do not say.
 */
export async function surviveKills({ home, kills, files, seed, log }: KillOptions): Promise<KillReport> {
  const scans = path.join(home, 'scans');
  await writeScans(scans, files);
  await writeSmallMnist(path.join(home, 'mnist'), { train: 600, test: 50 });
  const random = randomStream(seed, 'kills');
  let engine = new EngineChild(home);
  try {
    const [model, modelId] = await trainedTwins(engine);
    const reference = await begin(engine, scans, model, 'undisturbed');
    await ended(engine, reference);
    const doneAtKill: number[] = [];
    const batches: number[] = [];
    let batchId = 0;
    while (doneAtKill.length < kills) {
      if (batchId === 0)
        batches.push((batchId = await begin(engine, scans, modelId, `disturbed ${batches.length}`)));
      else await engine.client.jobs.resume({ id: `classify-${batchId}` });
      await randomMoment(engine, batchId, files, random);
      await engine.kill('SIGKILL');
      const { done, left } = progressOf(home, batchId);
      doneAtKill.push(done);
      log?.(`kill ${doneAtKill.length} of ${kills}: ${done} of ${files} files had their result`);
      engine = new EngineChild(home);
      await engine.ready;
      // Killed at its very end it has nothing to go on with.
      if (!left) batchId = 0;
    }
    if (batchId !== 0) {
      await engine.client.jobs.resume({ id: `classify-${batchId}` });
      await ended(engine, batchId);
    }
    await engine.client.project.close();
    compare(home, reference, batches);
    return { kills: doneAtKill.length, doneAtKill, batches: batches.length, files };
  } finally {
    await engine.kill('SIGKILL');
  }
}

/** Three times of four in the midst of work, however slow the machine; else at any time, while the engine still prepares as well. */
async function randomMoment(
  { client }: EngineChild,
  batchId: number,
  files: number,
  random: RandomStream,
): Promise<void> {
  if (random.uniform() < 0.25) return void (await sleep(random.uniform(0, LONGEST)));
  const now = async (): Promise<Batch> => (await client.batches.list()).find(({ id }) => id === batchId)!;
  const readOf = ({ total, queued }: Batch): number => total - queued;
  const wanted = readOf(await now()) + 1 + random.below(Math.ceil(files * STEP));
  await until(async () => {
    const batch = await now();
    return batch.state !== 'running' || readOf(batch) >= wanted;
  }, 60_000);
  await sleep(random.uniform(0, 80));
}

/** Digits, and among them files that fail or are skipped. */
async function writeScans(folder: string, files: number): Promise<void> {
  const names = await writeDigitFiles(folder, { count: files });
  names.forEach((name, index) => {
    const file = path.join(folder, name);
    if (index % 50 === 7) fs.truncateSync(file, 60);
    if (index % 50 === 23) fs.writeFileSync(file, 'no picture');
    if (index % 50 === 41) fs.renameSync(file, path.join(path.dirname(file), `.hidden-${index}.png`));
  });
}

/** Two models with the same weights. */
async function trainedTwins({ client }: EngineChild): Promise<[number, number]> {
  await client.project.sample();
  const [set] = await until(async () => {
    const sets = await client.data.sets();
    return sets.length > 0 && sets;
  });
  const parameters = recipeOf('lenet5', { epochs: 1, batchSize: 32 });
  const train = async (name: string): Promise<number> => {
    await client.training.start({ dataSetId: set!.id, name, parameters });
    const model = await until(async () => {
      const models = await client.models.list();
      const busy = (await client.jobs.list()).some(({ state }) => state === 'running');
      return !busy && models.find((found) => found.name === name);
    }, 120_000);
    return model.id;
  };
  return [await train('model'), await train('twin')];
}

async function begin(engine: EngineChild, scans: string, modelId: number, name: string): Promise<number> {
  const { id: folder } = await engine.grant(scans, 'read-folder');
  return (await engine.client.batches.classify({ folder, modelId, name })).batch.id;
}

const ended = ({ client }: EngineChild, batchId: number): Promise<unknown> =>
  until(async () => {
    const batch = (await client.batches.list()).find(({ id }) => id === batchId)!;
    if (batch.state === 'failed') throw new Error(JSON.stringify(batch.error));
    return batch.state === 'done';
  }, 120_000);

const ledgerOf = (home: string): Database.Database =>
  new Database(path.join(home, 'user', 'sample', 'project.sqlite'));

/** While no engine runs. */
function progressOf(home: string, batchId: number): { done: number; left: boolean } {
  const db = ledgerOf(home);
  try {
    const row = db
      .prepare('SELECT done + rejected + failed + skipped AS done, state FROM batch WHERE id = ?')
      .get(batchId) as { done: number; state: string };
    return { done: row.done, left: row.state !== 'done' };
  } finally {
    db.close();
  }
}

function compare(home: string, reference: number, batches: readonly number[]): void {
  const db = ledgerOf(home);
  try {
    const sound = db.pragma('integrity_check', { simple: true });
    if (sound !== 'ok') throw new Error(`the store is damaged: ${String(sound)}`);
    const wanted = contentOf(db, reference);
    for (const batch of batches) {
      const found = contentOf(db, batch);
      const wrong = wanted.findIndex((row, at) => row !== found[at]);
      if (wrong >= 0 || found.length !== wanted.length)
        throw new Error(
          `batch ${batch} has ${found.length} rows instead of ${wanted.length}; row ${wrong}: ${found[wrong]} instead of ${wanted[wrong]}`,
        );
    }
  } finally {
    db.close();
  }
}

/** All that a batch says, counters included, without the numbers of its rows and the time it took. */
function contentOf(db: Database.Database, batchId: number): string[] {
  const counters = db
    .prepare('SELECT state, listed, queued, done, rejected, failed, skipped FROM batch WHERE id = ?')
    .get(batchId);
  const counted = db
    .prepare('SELECT status, COUNT(*), COUNT(DISTINCT path) FROM batch_file WHERE batch_id = ? GROUP BY 1')
    .all(batchId);
  const rows = db
    .prepare(
      `SELECT hex(path) AS path, size, mtime_ns, hex(content_hash) AS hash, width, height, status, reason, digit, confidence, second,
         second_confidence, hex(probabilities) AS probabilities, given_label, label, hex(pixels) AS pixels
       FROM batch_file AS file LEFT JOIN batch_item AS item ON item.file_id = file.id LEFT JOIN batch_tile ON item_id = item.id
       WHERE file.batch_id = ? ORDER BY path`,
    )
    .safeIntegers()
    .all(batchId);
  const cells = db
    .prepare('SELECT label, digit, count FROM batch_cell WHERE batch_id = ? ORDER BY 1, 2')
    .all(batchId);
  return [counters, ...counted, ...rows, ...cells].map((row) =>
    JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
  );
}
