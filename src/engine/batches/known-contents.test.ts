import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { defaultRecipe } from '../../shared/domain.ts';
import { addSampleModel, ArithmeticCompute, writeDigitFiles } from '../api/test-support.ts';
import { ReaderPool } from '../images/reader-pool.ts';
import { sql, type Db } from '../project/sqlite.ts';
import { openLedger } from '../project/store.ts';
import { addSampleBatch, runSampleBatch } from './batch.testing.ts';
import { KnownContents } from './known-contents.ts';

const FILES = 120;

let pool: Reader;
let home: string;
let db: Db;
let modelId: number;
beforeAll(() => void (pool = new Reader({ processes: 2 })));
afterAll(() => pool.close());
beforeEach(async () => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-known-'));
  await writeDigitFiles(at('scans'), { count: FILES });
  fs.writeFileSync(at('scans/text.png'), 'no picture');
  pool.decoded = [];
  db = openLedger();
  modelId = addSampleModel(db);
});
afterEach(() => {
  db.close();
  fs.rmSync(home, { recursive: true, force: true });
});

const at = (name: string): string => path.join(home, name);
const names = (folder: string): string[] =>
  fs.readdirSync(at(folder), { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.png'));

/** The real one; notes what it read to the end. */
class Reader extends ReaderPool {
  decoded: string[] = [];

  override async read(...[paths, recipe]: Parameters<ReaderPool['read']>): ReturnType<ReaderPool['read']> {
    this.decoded.push(...paths.map((name) => path.relative(home, name.toString())));
    return super.read(paths, recipe);
  }

  override async readNew(...given: Parameters<ReaderPool['readNew']>): ReturnType<ReaderPool['readNew']> {
    const outcomes = await super.readNew(...given);
    outcomes.forEach(({ status }, index) => {
      if (status !== 'known') this.decoded.push(path.relative(home, given[0][index]!.toString()));
    });
    return outcomes;
  }
}

type More = Parameters<typeof addSampleBatch>[2];

async function run(folder: string, more: More = {}, stopAt = Infinity): Promise<Ran> {
  const batchId = addSampleBatch(db, at(folder), { modelId, ...more });
  return goOn(batchId, stopAt);
}

interface Ran {
  batchId: number;
  decoded: string[];
  reused: number;
  /** Calls of the model. */
  calls: number;
}

async function goOn(batchId: number, stopAt = Infinity): Promise<Ran> {
  pool.decoded = [];
  const compute = new ArithmeticCompute();
  const stop = new AbortController();
  const work = runSampleBatch(db, batchId, {
    compute,
    reader: pool,
    chunk: 16,
    signal: stop.signal,
    onProgress: ({ done }) => {
      if (done >= stopAt) stop.abort();
    },
  });
  if (stopAt === Infinity) await work;
  else await expect(work).rejects.toThrow('cancelled');
  const { reused } = sql<{ reused: number }>(db, 'SELECT reused FROM batch WHERE id = ?').get(batchId)!;
  return { batchId, decoded: pool.decoded.toSorted(), reused, calls: compute.calls };
}

/** All that a ledger says of the files, by their names without folders. */
const rows = (batchId: number): unknown[] =>
  sql<{ path: string }>(
    db,
    `SELECT CAST(path AS TEXT) AS path, status, reason, hex(content_hash) AS hash, width, height, digit, confidence, second,
       second_confidence, hex(probabilities) AS probabilities, label, hex(pixels) AS tile
     FROM batch_file AS file LEFT JOIN batch_item AS item ON file_id = file.id LEFT JOIN batch_tile ON item_id = item.id
     WHERE file.batch_id = ? ORDER BY path`,
  ).all(batchId);

/** What a model says that knows nothing of the other's answers. */
const fresh = async (folder: string, more: More = {}): Promise<unknown[]> =>
  rows((await run(folder, { ...more, modelId: addSampleModel(db) })).batchId);

it('copies in another folder are neither decoded nor classified, and have the rows that they would have had', async () => {
  const first = await run('scans');
  expect(first.reused).toBe(0);
  expect(first.decoded).toHaveLength(FILES + 1);
  // Other classes, so other labels.
  fs.cpSync(at('scans'), at('copies'), { recursive: true });
  fs.renameSync(at('copies/7'), at('copies/seven'));
  await writeDigitFiles(at('copies'), { first: FILES, count: 3 });
  const second = await run('copies');
  expect(second).toMatchObject({ reused: FILES });
  expect(second.calls).toBeLessThanOrEqual(3);
  expect(second.decoded).toHaveLength(4);
  expect(rows(second.batchId)).toEqual(await fresh('copies'));
  // Of a threshold of its own, by what was read.
  const strict = await run('copies', {
    rejection: { threshold: 0.7, wish: { threshold: 0.7 }, promise: null },
  });
  expect(strict.reused).toBe(FILES + 3);
  expect(rows(strict.batchId)).toEqual(
    await fresh('copies', { rejection: { threshold: 0.7, wish: { threshold: 0.7 }, promise: null } }),
  );
});

it('another model, another recipe, a removed batch and another extension know nothing', async () => {
  const first = await run('scans');
  expect((await run('scans', { modelId: addSampleModel(db) })).reused).toBe(0);
  expect((await run('scans', { recipe: { ...defaultRecipe, polarity: 'light-on-dark' } })).reused).toBe(0);
  fs.cpSync(at('scans'), at('copies'), { recursive: true });
  for (const name of names('copies'))
    fs.renameSync(at(`copies/${name}`), at(`copies/${name.replace('.png', '.png.jpg')}`));
  const renamed = await run('copies');
  expect(renamed.reused).toBe(0);
  expect(rows(renamed.batchId)).toEqual(await fresh('copies'));
  sql(db, `UPDATE batch SET state = 'removed' WHERE id = ?`).run(first.batchId);
  expect((await run('scans')).reused).toBe(0);
});

it('contents that share the first bits of their hashes are told apart', async () => {
  const first = await run('scans');
  const flipped = 'CAST(substr(content_hash, 1, 31) || zeroblob(1) AS BLOB)';
  sql(db, `UPDATE batch_file SET content_hash = ${flipped} WHERE batch_id = ? AND status = 'done'`).run(
    first.batchId,
  );
  fs.cpSync(at('scans'), at('copies'), { recursive: true });
  const second = await run('copies');
  expect(second.reused).toBeLessThan(5);
  expect(rows(second.batchId)).toEqual(await fresh('copies'));
});

it('what a rejected row does not say is read again', async () => {
  fs.mkdirSync(at('films'));
  const scan = fs.readFileSync(at(`scans/${names('scans').find((name) => !name.includes('text'))!}`));
  const frames = [scan, await sharp(scan).negate().png().toBuffer()];
  await sharp(frames, { join: { animated: true } })
    .gif()
    .toFile(at('films/a.gif'));
  const all = { threshold: 1, wish: { threshold: 1 }, promise: null };
  await run('films', { rejection: all });
  fs.cpSync(at('films'), at('more'), { recursive: true });
  const { batchId, reused } = await run('more');
  expect(reused).toBe(0);
  expect(rows(batchId)).toMatchObject([
    { status: 'done', reason: expect.stringContaining('first-of-frames') },
  ]);
  // And with the note that a row does say.
  fs.cpSync(at('films'), at('again'), { recursive: true });
  const third = await run('again');
  expect(third.reused).toBe(1);
  expect(rows(third.batchId)).toEqual(rows(batchId));
});

it('a changed file that holds what is known says that it changed', async () => {
  await run('scans');
  const [one, two] = names('scans').filter((name) => !name.includes('text'));
  fs.mkdirSync(at('few'));
  fs.copyFileSync(at(`scans/${one}`), at('few/a.png'));
  const { batchId: againOf } = await run('few');
  fs.copyFileSync(at(`scans/${two}`), at('few/a.png'));
  for (const verify of [false, true]) {
    const { batchId, reused } = await run('few', { againOf, verify });
    expect(reused).toBe(1);
    expect(rows(batchId)).toMatchObject([{ reason: '{"code":"changed-since"}' }]);
  }
});

it('stopped and gone on with, also by other reader processes, the ledger is that of a whole run', async () => {
  await run('scans');
  fs.cpSync(at('scans'), at('copies'), { recursive: true });
  const wanted = await fresh('copies');
  const { batchId } = await run('copies', {}, 40);
  for (const pid of pool.pids) process.kill(pid, 'SIGKILL');
  const { reused } = await goOn(batchId);
  expect(reused).toBe(FILES);
  expect(rows(batchId)).toEqual(wanted);
});

it('the newest row of a content counts, and an empty ledger knows nothing', async () => {
  const batchId = addSampleBatch(db, at('scans'), { modelId });
  expect(await KnownContents.of(db, batchId)).toBeNull();
  await goOn(batchId);
  await run('scans');
  const known = (await KnownContents.of(db, addSampleBatch(db, at('scans'), { modelId })))!;
  expect(known.prefixes).toHaveLength(FILES);
  expect([...known.prefixes]).toEqual([...known.prefixes].toSorted((a, b) => a - b));
});
