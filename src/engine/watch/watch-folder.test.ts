import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ArithmeticCompute, BytesReader, until } from '../api/test-support.ts';
import { addSampleBatch, runSampleBatch } from '../batches/batch.testing.ts';
import { batchCounts } from '../batches/ledger.ts';
import { getBatch } from '../batches/store.ts';
import { defaultRecipe } from '../../shared/domain.ts';
import type { StudioError } from '../../shared/errors.ts';
import { sql, type Db } from '../project/sqlite.ts';
import { openLedger } from '../project/store.ts';
import { watchFolder } from './watch-folder.ts';

vi.setConfig({ testTimeout: 60_000 });

/** What is promised from the moment at which a file is complete, in milliseconds. */
const PROMISED = 2_000;

let home: string;
let scans: string;
let db: Db;
let batchId: number;
let stop: AbortController;
let watching: Promise<unknown>;
let troubles: (StudioError | null)[];
beforeEach(async () => {
  home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'studio-watch-')));
  scans = path.join(home, 'scans');
  fs.mkdirSync(scans);
  db = openLedger();
  troubles = [];
});
afterEach(async () => {
  stop.abort();
  await watching;
  db.close();
  fs.rmSync(home, { recursive: true, force: true });
});

const at = (name: string): string => path.join(scans, name);
const settle = (name: string): void => fs.utimesSync(at(name), 1e9, 1e9);

async function watched(events = true): Promise<void> {
  batchId = addSampleBatch(db, scans, { watch: true });
  await runSampleBatch(db, batchId);
  begin(events);
}

function begin(events = true, followLinks = false): void {
  stop = new AbortController();
  const [compute, reader] = [new ArithmeticCompute(), new BytesReader()];
  const options = { db, batchId, compute, reader, modelFolder: '', recipe: defaultRecipe };
  const onTrouble = (error: StudioError | null): void => void troubles.push(error);
  watching = watchFolder(
    { ...options, signal: stop.signal, events, followLinks, onTrouble },
    Buffer.from(scans),
  ).catch((error: StudioError) => error.code);
}

const statusOf = (name: string): string | undefined =>
  sql<{ status: string }>(
    db,
    'SELECT status FROM batch_file WHERE batch_id = ? AND path = CAST(? AS BLOB)',
  ).get(batchId, name)?.status;

/** Milliseconds from now until a file has that status. */
async function classified(name: string, status = 'done'): Promise<number> {
  const began = performance.now();
  await until(async () => statusOf(name) === status, 20_000);
  return performance.now() - began;
}

describe.each([
  ['told of by the system', true],
  ['found by looking', false],
])('a new file, %s,', (_, events) => {
  it('is classified within 2 s, wherever it comes, and the batch stays one batch', async () => {
    fs.writeFileSync(at('old.png'), 'old');
    settle('old.png');
    await watched(events);
    await sleep(300);
    fs.writeFileSync(at('new.png'), 'new');
    expect(await classified('new.png')).toBeLessThan(PROMISED);
    fs.mkdirSync(at('a/b'), { recursive: true });
    fs.writeFileSync(at('a/b/deep.png'), 'deep');
    expect(await classified('a/b/deep.png')).toBeLessThan(PROMISED);
    fs.writeFileSync(path.join(home, 'moved.png'), 'moved in');
    fs.renameSync(path.join(home, 'moved.png'), at('a/moved.png'));
    expect(await classified('a/moved.png')).toBeLessThan(PROMISED);
    fs.writeFileSync(at('a/.hidden'), '');
    expect(await classified('a/.hidden', 'skipped')).toBeLessThan(PROMISED);
    expect(batchCounts(db, batchId)).toMatchObject({ total: 5, done: 4, skipped: 1, queued: 0 });
    expect(getBatch(db, batchId)).toMatchObject({ state: 'done', watch: 'on', changed: 0 });
  });
});

it('waits for the end of a file that is being written, however slowly', async () => {
  await watched();
  await sleep(300);
  const end = performance.now() + 2_500;
  for (let part = 0; performance.now() < end; part++) {
    fs.appendFileSync(at('slow.png'), `part ${part} `);
    expect(statusOf('slow.png')).toBe(undefined);
    await sleep(150);
  }
  expect(await classified('slow.png')).toBeLessThan(PROMISED);
});

it.runIf(process.platform === 'linux')('waits for a writer that pauses with the file open', async () => {
  await watched();
  await sleep(300);
  const script = `const fs = require('fs'); const file = fs.openSync(process.argv[1], 'w'); fs.writeSync(file, 'half');
    process.stdin.once('data', () => { fs.writeSync(file, ' whole'); fs.closeSync(file); process.exit(); });`;
  const writer = spawn(process.execPath, ['-e', script, at('held.png')]);
  await until(async () => fs.existsSync(at('held.png')));
  await sleep(2_000);
  expect(statusOf('held.png')).toBe(undefined);
  writer.stdin.write('go on');
  await new Promise((resolve) => writer.on('exit', resolve));
  expect(await classified('held.png')).toBeLessThan(PROMISED);
});

it('leaves a file to the watch that is still young when the folder is first listed', async () => {
  fs.writeFileSync(at('young.png'), 'half');
  batchId = addSampleBatch(db, scans, { watch: true });
  expect(await runSampleBatch(db, batchId)).toMatchObject({ total: 0 });
  fs.appendFileSync(at('young.png'), ' whole');
  begin();
  expect(await classified('young.png')).toBeLessThan(PROMISED);
});

it('reads one again that had failed and was made whole; counts those that change after they were read', async () => {
  for (const [name, content] of [
    ['broken.png', ''],
    ['read.png', 'read'],
  ] as const) {
    fs.writeFileSync(at(name), content);
    settle(name);
  }
  await watched();
  await sleep(300);
  expect(batchCounts(db, batchId)).toMatchObject({ total: 2, failed: 1, done: 1 });
  fs.writeFileSync(at('broken.png'), 'whole');
  expect(await classified('broken.png')).toBeLessThan(PROMISED);
  fs.writeFileSync(at('read.png'), 'another');
  await until(async () => getBatch(db, batchId).changed === 1);
  expect(batchCounts(db, batchId)).toMatchObject({ total: 2, failed: 0, done: 2, queued: 0 });
});

it('goes on when its folder comes back, and finds what came while it was away', async () => {
  await watched(false);
  await sleep(300);
  fs.mkdirSync(at('sub'));
  fs.renameSync(scans, path.join(home, 'away'));
  await until(async () => troubles.at(-1)?.code === 'folder-unreadable');
  fs.writeFileSync(path.join(home, 'away', 'meanwhile.png'), 'meanwhile');
  fs.renameSync(path.join(home, 'away'), scans);
  await classified('meanwhile.png');
  expect(troubles.at(-1)).toBe(null);

  stop.abort();
  expect(await watching).toBe('cancelled');
  fs.writeFileSync(at('later.png'), 'later');
  begin();
  expect(await classified('later.png')).toBeLessThan(PROMISED);
  // A folder that went and came again is followed again.
  fs.rmdirSync(at('sub'));
  await sleep(500);
  fs.mkdirSync(at('sub'));
  await sleep(1_000);
  fs.writeFileSync(at('sub/again.png'), 'again');
  expect(await classified('sub/again.png')).toBeLessThan(PROMISED);
});

it('follows links when its batch does, to files and folders that come and to what comes in those', async () => {
  const outside = path.join(home, 'outside');
  fs.mkdirSync(outside);
  fs.writeFileSync(path.join(outside, 'a.png'), 'a');
  batchId = addSampleBatch(db, scans, { watch: true, followLinks: true });
  await runSampleBatch(db, batchId);
  begin(true, true);
  await sleep(300);
  fs.symlinkSync(outside, at('linked'));
  expect(await classified('linked/a.png')).toBeLessThan(PROMISED);
  fs.writeFileSync(path.join(outside, 'b.png'), 'b');
  expect(await classified('linked/b.png')).toBeLessThan(PROMISED);
  fs.symlinkSync(path.join(home, 'missing'), at('broken.png'));
  expect(await classified('broken.png', 'failed')).toBeLessThan(PROMISED);
  fs.symlinkSync('.', at('loop'));
  expect(await classified('loop', 'skipped')).toBeLessThan(PROMISED);
  expect(batchCounts(db, batchId)).toMatchObject({ total: 4, done: 2, failed: 1, skipped: 1 });
});

it('follows no link unasked', async () => {
  const outside = path.join(home, 'outside');
  fs.mkdirSync(outside);
  fs.writeFileSync(path.join(outside, 'a.png'), 'a');
  await watched();
  await sleep(300);
  fs.symlinkSync(outside, at('linked'));
  expect(await classified('linked', 'skipped')).toBeLessThan(PROMISED);
  expect(batchCounts(db, batchId)).toMatchObject({ total: 1, skipped: 1 });
});
