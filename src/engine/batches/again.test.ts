import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { defaultRecipe } from '../../shared/domain.ts';
import { addSampleModel, ArithmeticCompute, BytesReader } from '../api/test-support.ts';
import { sql, type Db } from '../project/sqlite.ts';
import { openLedger } from '../project/store.ts';
import { addFolderBatch, enterFiles } from './ledger.ts';
import { runBatch } from './runner.ts';
import { getBatch, removeBatch } from './store.ts';

const FILES = 60;

let home: string;
let db: Db;
let modelId: number;
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-again-'));
  for (let index = 0; index < FILES; index++) write(`${index % 10}/${index}.png`, `content ${index}`);
  write('empty.png', '');
  db = openLedger();
  modelId = addSampleModel(db);
});
afterEach(() => {
  db.close();
  fs.rmSync(home, { recursive: true, force: true });
});

function write(name: string, content: string): void {
  fs.mkdirSync(path.dirname(path.join(home, name)), { recursive: true });
  fs.writeFileSync(path.join(home, name), content);
}

/** Reads as ever, and notes what it was asked for. */
class Reader extends BytesReader {
  readonly asked: string[] = [];

  override read(paths: readonly Buffer[]): ReturnType<BytesReader['read']> {
    this.asked.push(...paths.map((name) => path.relative(home, name.toString())));
    return super.read(paths);
  }
}

const newBatch = (againOf?: number): number =>
  addFolderBatch(db, {
    name: 'b',
    source: home,
    root: Buffer.from(home),
    modelId,
    recipe: defaultRecipe,
    ...(againOf !== undefined && { againOf }),
  });

async function run(againOf?: number, stopAt = Infinity): Promise<{ batchId: number; asked: string[] }> {
  const batchId = newBatch(againOf);
  return { batchId, asked: await goOn(batchId, stopAt) };
}

async function goOn(batchId: number, stopAt = Infinity): Promise<string[]> {
  const reader = new Reader();
  const stop = new AbortController();
  const work = runBatch({
    db,
    batchId,
    compute: new ArithmeticCompute(),
    reader,
    modelFolder: '',
    recipe: defaultRecipe,
    chunk: 8,
    signal: stop.signal,
    onProgress: ({ done }) => {
      if (done >= stopAt) stop.abort();
    },
  });
  if (stopAt === Infinity) await work;
  else await expect(work).rejects.toThrow('cancelled');
  return reader.asked.toSorted();
}

interface Row {
  path: string;
  status: string;
  code: string | null;
}

const rows = (batchId: number): Row[] =>
  sql<Row>(
    db,
    `SELECT CAST(path AS TEXT) AS path, status, reason ->> 'code' AS code, hex(content_hash) AS hash, width, height, item.digit, confidence,
       second, second_confidence, hex(probabilities) AS probabilities, label, hex(pixels) AS tile
     FROM batch_file AS file LEFT JOIN batch_item AS item ON file_id = file.id LEFT JOIN batch_tile ON item_id = item.id
     WHERE file.batch_id = ? ORDER BY path`,
  ).all(batchId);

it('takes over what has not changed, reads the rest, and says what has changed or gone', async () => {
  const first = await run();
  expect(first.asked).toHaveLength(FILES + 1);
  write('3/13.png', 'other content, of another size');
  const { mtime } = fs.statSync(path.join(home, '4/14.png'));
  fs.utimesSync(path.join(home, '4/14.png'), mtime, new Date(mtime.getTime() + 5_000));
  fs.rmSync(path.join(home, '5/15.png'));
  write('6/new.png', 'content of its own');

  const second = await run(first.batchId);
  expect(second.asked).toEqual(['3/13.png', '4/14.png', '6/new.png', 'empty.png']);
  const fresh = await run();
  const { code: _code, ...gone } = rows(second.batchId).find(({ path }) => path === '5/15.png')!;
  expect(gone).toMatchObject({ status: 'skipped', digit: null });
  const seen = (row: Row): Row => (row.code === 'changed-since' ? { ...row, code: null } : row);
  expect(
    rows(second.batchId)
      .filter(({ code }) => code !== 'gone-since')
      .map(seen),
  ).toEqual(rows(fresh.batchId));
  const noted = rows(second.batchId).filter(({ code }) => code?.endsWith('-since'));
  expect(noted.map(({ path, status, code }) => [path, status, code])).toEqual([
    ['3/13.png', 'done', 'changed-since'],
    ['4/14.png', 'done', 'changed-since'],
    ['5/15.png', 'skipped', 'gone-since'],
  ]);
  const { total, done, skipped, failed, queued } = getBatch(db, second.batchId);
  expect({ total, done, skipped, failed, queued }).toEqual({
    total: FILES + 2,
    done: FILES,
    skipped: 1,
    failed: 1,
    queued: 0,
  });

  // Once more: the notes were about that time.
  const third = await run(second.batchId);
  expect(third.asked).toEqual(['empty.png']);
  expect(rows(third.batchId)).toEqual(rows(fresh.batchId));
});

it('interrupted goes on without reading what it took over, to the same end', async () => {
  const first = await run();
  write('3/13.png', 'other content, of another size');
  fs.rmSync(path.join(home, '5/15.png'));
  const whole = await run(first.batchId);
  const part = await run(first.batchId, 20);
  expect(await goOn(part.batchId)).not.toContain('0/0.png');
  expect(rows(part.batchId)).toEqual(rows(whole.batchId));
});

it('does not call gone what lies in a folder that cannot be read', async () => {
  write('shut/a.png', 'behind a door');
  write('shutters.png', 'beside it');
  const first = await run();
  fs.rmSync(path.join(home, 'shut'), { recursive: true });
  fs.rmSync(path.join(home, 'shutters.png'));
  const batchId = newBatch(first.batchId);
  const refused = { status: 'failed', reason: { code: 'folder-permission-denied' } } as const;
  enterFiles(db, batchId, [{ path: Buffer.from('shut'), size: null, mtimeNs: null, refused }]);
  await goOn(batchId);
  expect(rows(batchId).filter(({ code }) => code === 'gone-since')).toMatchObject([{ path: 'shutters.png' }]);
});

it('of a batch that was removed reads everything', async () => {
  const first = await run();
  const second = await run(first.batchId);
  removeBatch(db, first.batchId);
  sql(db, 'DELETE FROM batch_item WHERE batch_id = ?').run(first.batchId);
  sql(db, 'DELETE FROM batch_file WHERE batch_id = ?').run(first.batchId);
  const third = await run(first.batchId);
  expect(third.asked).toHaveLength(FILES + 1);
  expect(rows(third.batchId)).toEqual(rows(second.batchId));
});
