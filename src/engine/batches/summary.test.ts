import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { confidenceBounds, type RowFilter } from '../../shared/contract/batch-results.ts';
import type { FileRow } from '../../shared/contract/index.ts';
import { defaultRecipe } from '../../shared/domain.ts';
import { addSampleModel, ArithmeticCompute, BytesReader } from '../api/test-support.ts';
import { sql, type Db } from '../project/sqlite.ts';
import { openLedger } from '../project/store.ts';
import { addFolderBatch } from './ledger.ts';
import { runBatch } from './runner.ts';
import { batchRows } from './store.ts';
import { batchSummary, MOST_FOLDERS } from './summary.ts';

let home: string;
let db: Db;
let batchId: number;
const FILES = 400;

beforeEach(async () => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-summary-'));
  db = openLedger();
  for (let index = 0; index < FILES; index++) {
    const folder = path.join(home, ['', 'a', 'a/inner', 'b'][index % 4]!);
    fs.mkdirSync(folder, { recursive: true });
    const name = index % 37 === 5 ? `.hidden-${index}` : `file ${index}.png`;
    fs.writeFileSync(path.join(folder, name), index % 29 === 3 ? '' : `content ${index * 31}`);
  }
  fs.mkdirSync(path.join(home, 'ab'));
  fs.writeFileSync(Buffer.concat([Buffer.from(`${home}/ab/`), Buffer.from([0xff, 0x2e])]), 'not UTF-8');
  const shared = { db, recipe: defaultRecipe };
  const add = (threshold: number): number =>
    addFolderBatch(db, {
      name: 'b',
      source: home,
      root: Buffer.from(home),
      modelId: addSampleModel(db),
      recipe: defaultRecipe,
      rejection: { threshold, wish: { threshold }, promise: null },
    });
  // Rows of another batch lie before and behind.
  const run = async (id: number): Promise<number> => {
    const [compute, reader] = [new ArithmeticCompute(), new BytesReader()];
    await runBatch({ ...shared, batchId: id, compute, reader, modelFolder: '', chunk: 64 });
    return id;
  };
  await run(add(0.4));
  batchId = await run(add(0.6));
  await run(add(0.9));
});
afterEach(() => {
  db.close();
  fs.rmSync(home, { recursive: true, force: true });
});

const rows = async (filter?: RowFilter): Promise<FileRow[]> => {
  const answer = await batchRows(db, { batchId, filter, offset: 0, limit: 2_000 });
  expect(answer.rows).toHaveLength(answer.total);
  return answer.rows;
};
const paths = (of: readonly FileRow[]): string[] => of.map((row) => row.path).sort();

it('counts as the rows do, and each bar shows exactly the rows that it counts', async () => {
  const all = await rows();
  const summary = await batchSummary(db, batchId);
  expect(all).toHaveLength(FILES + 1);
  expect(new Set(all.map(({ status }) => status))).toEqual(
    new Set(['done', 'rejected', 'failed', 'skipped']),
  );

  for (const [digit, count] of summary.digits.entries()) {
    const wanted = all.filter((row) => row.digit === digit);
    expect(count).toBe(wanted.length);
    expect(paths(await rows({ digit }))).toEqual(paths(wanted));
  }
  expect(summary.digits.filter((count) => count > 0).length).toBeGreaterThan(1);
  for (const [band, count] of summary.bands.entries()) {
    const [least, below] = [confidenceBounds[band]!, confidenceBounds[band + 1]!];
    const wanted = all.filter(
      ({ confidence }) => confidence !== null && confidence >= least && (confidence < below || below === 1),
    );
    expect(count).toBe(wanted.length);
    expect(paths(await rows({ band }))).toEqual(paths(wanted));
  }
  expect(summary.bands.filter((count) => count > 0).length).toBeGreaterThan(1);

  expect(summary.folders.map(({ folder }) => folder).sort()).toEqual(['', 'a', 'a/inner', 'ab', 'b']);
  for (const { folder, total, ...counts } of summary.folders) {
    const wanted = all.filter((row) => path.posix.dirname(row.path) === (folder || '.'));
    expect(total, folder).toBe(wanted.length);
    for (const [status, count] of Object.entries(counts))
      expect(count, `${folder} ${status}`).toBe(wanted.filter((row) => row.status === status).length);
    expect(paths(await rows({ folder }))).toEqual(paths(wanted));
  }
  const trouble = summary.folders.map(({ rejected, failed }) => rejected + failed);
  expect(trouble).toEqual([...trouble].sort((a, b) => b - a));

  const seen: string[] = [];
  for (const { first, last, total, rejected } of summary.parts) {
    const part = await rows({ part: { first, last } });
    expect(part).toHaveLength(total);
    expect(part.filter(({ status }) => status === 'rejected')).toHaveLength(rejected);
    seen.push(...part.map((row) => row.path));
  }
  expect(summary.parts.length).toBeGreaterThan(10);
  // Every file in one part, in the order of the listing.
  expect(seen).toEqual(all.map((row) => row.path));
});

it('filters together, with a status and a text', async () => {
  const all = await rows();
  const some = all.find(({ status, path: name }) => status === 'rejected' && name.startsWith('a/'))!;
  const filter = { digit: some.digit!, folder: path.posix.dirname(some.path) };
  const wanted = all.filter(
    (row) =>
      row.digit === filter.digit &&
      path.posix.dirname(row.path) === filter.folder &&
      row.status === 'rejected',
  );
  const query = { batchId, filter, status: 'rejected', offset: 0, limit: 2_000 } as const;
  expect(paths((await batchRows(db, query)).rows)).toEqual(paths(wanted));
  const text = path.posix.basename(some.path);
  const found = await batchRows(db, { ...query, text });
  expect(found.rows.map((row) => row.path)).toContain(some.path);
  expect(found.total).toBeLessThanOrEqual(wanted.length);
});

it('lists the folders that need a look, however many there are', async () => {
  const insert = sql(db, 'INSERT INTO batch_file (batch_id, path, status) VALUES (?, ?, ?)');
  for (let index = 0; index < 1_000; index++) insert.run(batchId, Buffer.from(`many/${index}/x`), 'skipped');
  for (let index = 0; index < 500; index++) insert.run(batchId, Buffer.from(`worst/${index}`), 'failed');
  const { folders, moreFolders } = await batchSummary(db, batchId);
  expect(folders).toHaveLength(MOST_FOLDERS);
  expect(moreFolders).toBe(1_000 + 6 - MOST_FOLDERS);
  expect(folders[0]).toMatchObject({ folder: 'worst', total: 500, failed: 500 });
});

it('stops when nobody waits for it any more', async () => {
  const stop = new AbortController();
  stop.abort();
  await expect(batchSummary(db, batchId, stop.signal)).rejects.toMatchObject({ code: 'cancelled' });
  await expect(batchSummary(db, 99)).rejects.toMatchObject({ code: 'unknown-id' });
});
