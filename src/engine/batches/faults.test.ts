import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { NormalisationRecipe } from '../../shared/domain.ts';
import { writeDigitFiles } from '../api/test-support.ts';
import { ReaderPool, type ReaderPoolOptions } from '../images/reader-pool.ts';
import type { ImageReader, ReadOutcome } from '../images/types.ts';
import { sql, type Db } from '../project/sqlite.ts';
import { openLedger } from '../project/store.ts';
import { addSampleBatch, runSampleBatch } from './batch.testing.ts';
import { mayMount, ownDisk } from './own-disk.testing.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 30_000 });

let home: string;
let images: string;
let db: Db;
let reader: ReaderPool | undefined;
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-faults-'));
  images = path.join(home, 'images');
  db = openLedger();
});
afterEach(async () => {
  await reader?.close();
  reader = undefined;
  db.close();
  fs.rmSync(home, { recursive: true, force: true });
});

const newBatch = (againOf?: number): number => addSampleBatch(db, images, { againOf });
const run = (batchId: number, reader: ImageReader) => runSampleBatch(db, batchId, { reader, chunk: 16 });
const pool = (options: ReaderPoolOptions = {}): ReaderPool =>
  (reader = new ReaderPool({ processes: 2, ...options }));

interface Row {
  status: string;
  code: string | null;
  hash: string | null;
}
const rowsOf = (batchId: number): Map<string, Row> =>
  new Map(
    sql<Row & { path: string }>(
      db,
      `SELECT CAST(path AS TEXT) AS path, status, json_extract(reason, '$.code') AS code, hex(content_hash) AS hash FROM batch_file WHERE batch_id = ?`,
    )
      .all(batchId)
      .map(({ path: name, ...row }) => [name, row]),
  );

describe('a file that never answers', () => {
  it('fails with a time-out, and the batch goes on to its end', async () => {
    const names = await writeDigitFiles(images, { count: 60 });
    // One blocks its process, the other waits for ever, as for a network share that is gone.
    for (const name of ['hang.png', 'wait.png'])
      fs.copyFileSync(path.join(images, names[0]!), path.join(images, '3', name));
    const batch = newBatch();
    const entry = new URL('../images/reader.testing.ts', import.meta.url);
    const counts = await run(batch, pool({ timeoutMs: 500, entry }));
    expect(counts).toMatchObject({ total: 62, done: 60, failed: 2, queued: 0 });
    for (const name of ['hang.png', 'wait.png'])
      expect(rowsOf(batch).get(`3/${name}`)).toMatchObject({ status: 'failed', code: 'read-timeout' });
  });
});

/** Reads like the pool behind it; before its first file, something happens to those that are listed. */
class Disturbed implements ImageReader {
  readonly #pool: ReaderPool;
  #disturb: (() => void) | null;
  constructor(behind: ReaderPool, disturb: () => void) {
    this.#pool = behind;
    this.#disturb = disturb;
  }
  read(paths: readonly Buffer[], recipe: NormalisationRecipe): Promise<ReadOutcome[]> {
    this.#disturb?.();
    this.#disturb = null;
    return this.#pool.read(paths, recipe);
  }
  async close(): Promise<void> {}
}

describe('a file that is another thing when its turn comes', () => {
  it('has one row that says what became of it, and the others are read', async () => {
    const names = (await writeDigitFiles(images, { count: 80 })).sort();
    const outside = path.join(home, 'outside.png');
    fs.copyFileSync(path.join(images, names[0]!), outside);
    const [vanished, folder, pipe, link, cut, changed] = names.slice(-6) as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    const at = (name: string): string => path.join(images, name);
    const batch = newBatch();
    const counts = await run(
      batch,
      new Disturbed(pool(), () => {
        for (const name of [vanished, folder, pipe, link]) fs.rmSync(at(name));
        fs.mkdirSync(at(folder));
        fs.copyFileSync(outside, path.join(at(folder), 'inside.png'));
        execFileSync('mkfifo', [at(pipe)]);
        fs.symlinkSync(outside, at(link));
        fs.truncateSync(at(cut), 50);
        fs.copyFileSync(outside, at(changed));
      }),
    );
    expect(counts).toMatchObject({ total: 80, queued: 0, done: 75, failed: 2, skipped: 3 });
    const rows = rowsOf(batch);
    expect(rows.size).toBe(80);
    expect(rows.get(vanished)).toMatchObject({ status: 'failed', code: 'vanished' });
    expect(rows.get(folder)).toMatchObject({ status: 'skipped', code: 'not-a-regular-file' });
    expect(rows.get(pipe)).toMatchObject({ status: 'skipped', code: 'not-a-regular-file' });
    expect(rows.get(link)).toMatchObject({ status: 'skipped', code: 'symbolic-link' });
    expect(rows.get(cut)).toMatchObject({ status: 'failed', code: 'truncated' });
    // What stands there when it is read is what is classified, and what the hash is of.
    expect(rows.get(changed)).toMatchObject({ status: 'done', hash: rows.get(names[0]!)!.hash });
  });

  it('is read again by the next batch, because its size and time are not those that were listed', async () => {
    const names = (await writeDigitFiles(images, { count: 40 })).sort();
    const changed = names.at(-1)!;
    const first = newBatch();
    await run(
      first,
      new Disturbed(pool(), () => fs.copyFileSync(path.join(images, names[0]!), path.join(images, changed))),
    );
    fs.copyFileSync(path.join(images, names[1]!), path.join(images, changed));
    const second = newBatch(first);
    await run(second, reader!);
    expect(rowsOf(second).get(changed)!.hash).toBe(rowsOf(second).get(names[1]!)!.hash);
  });
});

describe.runIf(mayMount)('a disk that is full', () => {
  it('stops a batch and an export with a clear error, spoils nothing, and both go on when there is room', () => {
    fs.mkdirSync(images);
    for (let index = 0; index < 3_000; index++)
      fs.writeFileSync(path.join(images, `${index}.png`), `content ${index}`);
    const disk = path.join(home, 'disk');
    fs.mkdirSync(disk);
    const child = fileURLToPath(new URL('./disk-full.child.ts', import.meta.url));
    const script = 'mount -t tmpfs -o size=3m tmpfs "$1" && exec "$2" "$3" "$1" "$4" "$5"';
    const command = ['sh', '-c', script, 'sh', disk, process.execPath, child, images, home];
    const { status, stdout, stderr } = spawnSync(ownDisk[0]!, [...ownDisk.slice(1), ...command], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const { batch, csv } = JSON.parse(stdout) as Record<'batch' | 'csv', Record<string, unknown>>;
    expect(batch).toMatchObject({
      first: 'disk-full',
      integrity: 'ok',
      again: 'disk-full',
      second: 'done',
      equal: true,
    });
    expect(batch!['done']).toBeGreaterThan(0);
    expect(batch!['done']).toBe(batch!['rows']);
    // Its own state may not have found room either.
    expect(['failed', 'running']).toContain(batch!['state']);
    expect(csv).toEqual({
      full: 'disk-full',
      kept: true,
      left: ['ballast', 'project', 'results.csv'],
      whole: true,
    });
  });
});
