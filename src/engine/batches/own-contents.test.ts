import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ArithmeticCompute } from '../api/test-support.ts';
import { TILE_BYTES } from '../../shared/domain.ts';
import { sql, type Db } from '../project/sqlite.ts';
import { openLedger } from '../project/store.ts';
import { addSampleBatch, runSampleBatch } from './batch.testing.ts';
import { OwnContents } from './own-contents.ts';

const CONTENTS = 100;
const COPIES = 6;

let home: string;
let db: Db;
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-own-'));
  db = openLedger();
  for (let at = 0; at < CONTENTS * COPIES; at++)
    fs.writeFileSync(path.join(home, `${1_000 + at}.png`), `content ${at % CONTENTS}`);
});
afterEach(() => {
  db.close();
  fs.rmSync(home, { recursive: true, force: true });
});

/** Counts the digits that the model is asked for. */
class Counting extends ArithmeticCompute {
  tiles = 0;
  override classify(folder: string, tiles: Uint8Array): Promise<Float32Array> {
    this.tiles += tiles.length / TILE_BYTES;
    return super.classify(folder, tiles);
  }
}

const rowsOf = (batchId: number): unknown[] =>
  sql(
    db,
    `SELECT CAST(path AS TEXT) AS path, status, hex(content_hash) AS hash, digit, confidence, second, second_confidence, hex(probabilities) AS probabilities
     FROM batch_file JOIN batch_item ON file_id = batch_file.id WHERE batch_file.batch_id = ? ORDER BY path`,
  ).all(batchId);

it('asks the model once for copies that come later in a batch, and their rows are as if it had been asked', async () => {
  const compute = new Counting();
  const whole = addSampleBatch(db, home);
  await runSampleBatch(db, whole, { compute, chunk: CONTENTS * COPIES });
  expect(compute.tiles).toBe(CONTENTS * COPIES);
  compute.tiles = 0;
  const inChunks = addSampleBatch(db, home);
  const counts = await runSampleBatch(db, inChunks, { compute, chunk: 20 });
  // A few chunks are under way while the first is written.
  expect(compute.tiles).toBeLessThan(2 * CONTENTS);
  expect(counts).toMatchObject({ done: CONTENTS * COPIES, reused: 0 });
  expect(rowsOf(inChunks)).toEqual(rowsOf(whole));
});

it('keeps contents apart that begin alike', async () => {
  const batch = addSampleBatch(db, home);
  await runSampleBatch(db, batch);
  const [row] = sql<{ id: number; hash: string }>(
    db,
    'SELECT id, lower(hex(content_hash)) AS hash FROM batch_file WHERE batch_id = ? LIMIT 1',
  ).all(batch);
  const { id, hash } = row!;
  const own = new OwnContents(db);
  expect(own.find(hash)).toBeNull();
  const digit = { reading: null as never, label: null, tile: null };
  const result = { fileId: id, hash, digit, status: 'done', reason: null, width: 28, height: 28 } as const;
  own.add([{ ...result, reused: false }]);
  expect(own.find(hash)).toMatchObject({ digit: expect.any(Number) as number });
  expect(own.find(`${hash.slice(0, 8)}${'0'.repeat(56)}`)).toBeNull();
  expect(own.find('f'.repeat(64))).toBeNull();
});
