import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StudioError } from '../../shared/errors.ts';
import { ArithmeticCompute, BytesReader } from '../api/test-support.ts';
import { Gate } from '../jobs/gate.ts';
import { single, sql, type Db } from '../project/sqlite.ts';
import { createProject, openLedger, openProject } from '../project/store.ts';
import { addSampleBatch, runSampleBatch } from './batch.testing.ts';
import { batchCounts, ledgerRow } from './ledger.ts';
import type { BatchOptions } from './options.ts';
import { batchRows, getBatch } from './store.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 30_000 });

let home: string;
let images: string;
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-batch-'));
  images = path.join(home, 'images');
});
afterEach(() => {
  fs.rmSync(home, { recursive: true, force: true });
});

/** Files in class folders, some of them empty, some hidden. */
function writeFiles(count: number): void {
  for (let index = 0; index < count; index++) {
    const folder = path.join(images, `set${index % 3}`, String(index % 10));
    fs.mkdirSync(folder, { recursive: true });
    const name = index % 41 === 7 ? `.hidden-${index}` : `file ${index}.png`;
    fs.writeFileSync(path.join(folder, name), index % 29 === 3 ? '' : `content ${index * 31}`);
  }
}

const newBatch = (db: Db, threshold: number | null = null, againOf?: number): number =>
  addSampleBatch(db, images, {
    ...(againOf !== undefined && { againOf }),
    rejection: threshold === null ? null : { threshold, wish: { threshold }, promise: null },
  });

const run = (db: Db, batchId: number, more: Partial<BatchOptions> = {}) =>
  runSampleBatch(db, batchId, { chunk: 16, ...more });

/** All that a batch says about its files, without the row numbers. */
const content = (db: Db): unknown[] =>
  sql(
    db,
    `SELECT CAST(path AS TEXT) AS path, status, reason, hex(content_hash) AS hash, digit, confidence, second, label, hex(probabilities) AS p
     FROM batch_file AS file LEFT JOIN batch_item ON file_id = file.id ORDER BY path`,
  ).all();

/** The counters of a batch, and the same counted from its rows. */
function bothCounts(db: Db, batchId: number): [unknown, unknown] {
  const { done, rejected, failed, skipped, queued } = batchCounts(db, batchId);
  const counted = (status: string): number =>
    single(db, 'SELECT COUNT(*) FROM batch_file WHERE batch_id = ? AND status = ?', batchId, status);
  return [
    { done, rejected, failed, skipped, queued },
    {
      done: counted('done'),
      rejected: counted('rejected'),
      failed: counted('failed'),
      skipped: counted('skipped'),
      queued: counted('queued'),
    },
  ];
}

describe('a batch', () => {
  it('gives every file one row, with a label from its own folder', async () => {
    writeFiles(200);
    const db = openLedger();
    const batch = newBatch(db);
    const counts = await run(db, batch);
    expect(counts.total).toBe(200);
    expect(counts).toMatchObject({
      queued: 0,
      failed: single(db, `SELECT COUNT(*) FROM batch_file WHERE reason LIKE '%empty-file%'`),
    });
    const [stored, counted] = bothCounts(db, batch);
    expect(stored).toEqual(counted);
    expect(
      single(
        db,
        `SELECT COUNT(*) FROM batch_item JOIN batch_file ON batch_file.id = file_id WHERE CAST(path AS TEXT) NOT LIKE '%/' || label || '/%'`,
      ),
    ).toBe(0);
    expect(getBatch(db, batch)).toMatchObject({ state: 'done', labelled: counts.done });
    db.close();
  });

  it('killed again and again goes on where it was, and ends as if nothing had happened', async () => {
    writeFiles(700);
    const reference = openLedger();
    await run(reference, newBatch(reference));
    const folder = path.join(home, 'project');
    const made = createProject(folder, 'x');
    const batch = newBatch(made.db);
    made.close();
    let before = -1;
    for (const files of [20, 150, 330]) {
      await killAfter(files, folder, batch);
      const { db, close } = openProject(folder);
      const [stored, counted] = bothCounts(db, batch);
      expect(stored).toEqual(counted);
      const { done, queued, state } = { ...batchCounts(db, batch), ...ledgerRow(db, batch) };
      expect(done).toBeGreaterThan(before);
      expect(queued).toBeGreaterThan(0);
      expect(state).toBe('running');
      before = done;
      close();
    }
    const { db, close } = openProject(folder);
    await run(db, batch);
    expect(content(db)).toEqual(content(reference));
    const [stored, counted] = bothCounts(db, batch);
    expect(stored).toEqual(counted);
    close();
    reference.close();
  });

  it('rejects what is below its threshold, with the reading, also after an interruption', async () => {
    writeFiles(300);
    const db = openLedger();
    const batch = newBatch(db, 0.7);
    const stop = new AbortController();
    const onProgress = ({ done }: { done: number }): void => void (done > 0 && stop.abort());
    await expect(run(db, batch, { signal: stop.signal, onProgress })).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(batchCounts(db, batch).queued).toBeGreaterThan(0);
    const { rejected, done } = await run(db, batch);
    expect(rejected).toBeGreaterThan(50);
    expect(done).toBeGreaterThan(50);
    const [stored, counted] = bothCounts(db, batch);
    expect(stored).toEqual(counted);
    const query = `SELECT COUNT(*) FROM batch_item JOIN batch_file ON batch_file.id = file_id
      WHERE status = IIF(confidence < 0.7, 'rejected', 'done')`;
    expect(single(db, query)).toBe(rejected + done);
    const { total, rows } = await batchRows(db, { batchId: batch, status: 'rejected', offset: 0, limit: 1 });
    expect(total).toBe(rejected);
    expect(rows[0]!.reason).toEqual({ code: 'below-threshold', params: { threshold: 0.7 } });
    expect(rows[0]!.digit).not.toBeNull();
    db.close();
  });

  it('says that there is no digit where what is missing to 1 is more than any digit has', async () => {
    writeFiles(40);
    const db = openLedger();
    const batch = newBatch(db, 0.5);
    const compute = new ArithmeticCompute();
    const classify = compute.classify.bind(compute);
    compute.classify = async (model, tiles) => (await classify(model, tiles)).map((share) => 0.45 * share);
    const { rejected, done } = await run(db, batch, { compute });
    expect(done).toBe(0);
    const { rows } = await batchRows(db, { batchId: batch, status: 'rejected', offset: 0, limit: 100 });
    expect(rows).toHaveLength(rejected);
    expect(rows.length).toBeGreaterThan(20);
    for (const { reason } of rows) expect(reason).toEqual({ code: 'no-digit' });

    // Classified again without a threshold, they are taken over, and nothing is said of them any more.
    const again = newBatch(db, null, batch);
    expect(await run(db, again)).toMatchObject({ rejected: 0, done: rejected });
    const query = { batchId: again, status: 'done', offset: 0, limit: 100 } as const;
    for (const { reason } of (await batchRows(db, query)).rows) expect(reason).toBeNull();
    db.close();
  });

  it('cancelled keeps what it has and can go on', async () => {
    writeFiles(300);
    const db = openLedger();
    const batch = newBatch(db);
    const stop = new AbortController();
    const hanging = {
      ...new BytesReader(),
      close: () => Promise.resolve(),
      read: (paths: readonly Buffer[]) =>
        batchCounts(db, batch).done > 50
          ? new Promise<never>(() => undefined)
          : new BytesReader().read(paths),
    };
    const cancelled = run(db, batch, {
      reader: hanging,
      signal: stop.signal,
      onProgress: ({ done }) => done > 50 && setTimeout(() => stop.abort(), 5),
    });
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    expect(getBatch(db, batch).state).toBe('cancelled');
    const kept = batchCounts(db, batch).done;
    expect(kept).toBeGreaterThan(50);
    await run(db, batch);
    expect(batchCounts(db, batch)).toMatchObject({ total: 300, queued: 0 });
    db.close();
  });

  it('paused stands still with all it read written, counts no time, and ends as if nothing had happened', async () => {
    writeFiles(400);
    const reference = openLedger();
    await run(reference, newBatch(reference));
    const db = openLedger();
    const batch = newBatch(db);
    const gate = new Gate();
    const began = performance.now();
    const running = run(db, batch, {
      gate,
      onProgress: ({ done }) => {
        if (done > 0 && !gate.paused && gate.pausedSeconds === 0) gate.set(true);
      },
    });
    await vi.waitFor(() => expect(gate.paused).toBe(true), { timeout: 20_000 });
    const held = batchCounts(db, batch);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    // Only the listing of the folder goes on.
    const { done } = batchCounts(db, batch);
    expect(done).toBe(held.done);
    // Not at its end: how many go together depends on how far the listing was.
    expect(done).toBeLessThan(400);
    expect(getBatch(db, batch).state).toBe('running');
    gate.set(false);
    await running;
    expect(content(db)).toEqual(content(reference));
    expect(getBatch(db, batch)).toMatchObject({ state: 'done' });
    expect(getBatch(db, batch).seconds).toBeLessThan((performance.now() - began) / 1000 - 1.4);
    reference.close();
    db.close();
  });

  it('paused can be cancelled', async () => {
    writeFiles(200);
    const db = openLedger();
    const batch = newBatch(db);
    const gate = new Gate();
    gate.set(true);
    const stop = new AbortController();
    const running = run(db, batch, { gate, signal: stop.signal });
    stop.abort();
    await expect(running).rejects.toThrow('cancelled');
    expect(getBatch(db, batch).state).toBe('cancelled');
    db.close();
  });

  it('whose computing process dies is interrupted, not failed', async () => {
    writeFiles(60);
    const db = openLedger();
    const batch = newBatch(db);
    const compute = new ArithmeticCompute();
    const classify = compute.classify.bind(compute);
    compute.classify = (model, tiles) =>
      compute.calls === 2
        ? Promise.reject(new StudioError('compute-stopped', { detail: 'SIGKILL' }))
        : classify(model, tiles);
    await expect(run(db, batch, { compute })).rejects.toMatchObject({ code: 'compute-stopped' });
    expect(getBatch(db, batch)).toMatchObject({ state: 'interrupted', error: { code: 'compute-stopped' } });
    expect(batchCounts(db, batch).queued).toBeGreaterThan(0);
    await run(db, batch);
    expect(getBatch(db, batch)).toMatchObject({ state: 'done', queued: 0, error: null });
    db.close();
  });

  it('that fills the disk keeps what it has and goes on when there is room again', async () => {
    writeFiles(300);
    const db = openLedger(path.join(home, 'ledger.sqlite'));
    const batch = newBatch(db);
    const pages = (): number => db.pragma('page_count', { simple: true }) as number;
    let limited = false;
    const full = run(db, batch, {
      onProgress({ done, listed }) {
        if (limited || !listed || done < 60) return;
        limited = true;
        db.pragma(`max_page_count = ${pages() + 5}`);
      },
    });
    await expect(full).rejects.toMatchObject({ code: 'disk-full' });
    const kept = batchCounts(db, batch);
    expect(kept.done).toBeGreaterThanOrEqual(60);
    expect(kept.queued).toBeGreaterThan(0);
    expect(getBatch(db, batch)).toMatchObject({ state: 'failed', error: { code: 'disk-full' } });
    db.pragma('max_page_count = 1000000');
    expect(await run(db, batch)).toMatchObject({ total: 300, queued: 0 });
    const [stored, counted] = bothCounts(db, batch);
    expect(stored).toEqual(counted);
    db.close();
  });

  it('over an empty folder, or none, says so', async () => {
    fs.mkdirSync(images);
    const db = openLedger();
    const [empty, gone] = [newBatch(db), newBatch(db)];
    await expect(run(db, empty)).rejects.toMatchObject({ code: 'folder-empty', params: { folder: images } });
    fs.rmdirSync(images);
    await expect(run(db, gone)).rejects.toMatchObject({ code: 'folder-unreadable' });
    expect(getBatch(db, gone)).toMatchObject({ state: 'failed', total: 0 });
    db.close();
  });

  it('over a folder that is deleted meanwhile has a row for every file it had listed', async () => {
    writeFiles(200);
    const db = openLedger();
    const batch = newBatch(db);
    let deleted = false;
    const counts = await run(db, batch, {
      reader: new BytesReader(2),
      onProgress({ done, listed }) {
        if (deleted || !listed || done < 30) return;
        deleted = true;
        fs.rmSync(images, { recursive: true });
      },
    });
    expect(counts).toMatchObject({ total: 200, queued: 0 });
    expect(single(db, `SELECT COUNT(*) FROM batch_file WHERE reason LIKE '%vanished%'`)).toBeGreaterThan(100);
    db.close();
  });
});

/** Runs the batch in a process of its own and kills that without warning once so many files are done. */
async function killAfter(files: number, folder: string, batchId: number): Promise<void> {
  const entry = fileURLToPath(new URL('./runner.child.ts', import.meta.url));
  const child = spawn(process.execPath, [entry, folder, String(batchId)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<string | null>((resolve) => child.once('exit', (_, signal) => resolve(signal)));
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    told += text;
    if (
      told
        .split('\n')
        .slice(0, -1)
        .some((line) => Number(line) >= files)
    )
      child.kill('SIGKILL');
  });
  expect(await ended, told).toBe('SIGKILL');
}
