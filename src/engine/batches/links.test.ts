import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { NormalisationRecipe } from '../../shared/domain.ts';
import { writeDigitFiles } from '../api/test-support.ts';
import { ReaderPool } from '../images/reader-pool.ts';
import type { ReadOutcome } from '../images/types.ts';
import { sql, type Db } from '../project/sqlite.ts';
import { openLedger } from '../project/store.ts';
import { addSampleBatch, runSampleBatch } from './batch.testing.ts';

vi.setConfig({ testTimeout: 60_000 });

let home: string;
let scans: string;
let db: Db;
let reader: Witness;
/** A file of the folder, by its path there, and one outside. */
let own = '';
let outer = '';

/** Reads as the pool does, and keeps what it was asked for. */
class Witness extends ReaderPool {
  readonly asked: string[] = [];
  override read(
    paths: readonly Buffer[],
    recipe: NormalisationRecipe,
    follow?: boolean,
  ): Promise<ReadOutcome[]> {
    this.asked.push(...paths.map((file) => file.toString()));
    return super.read(paths, recipe, follow);
  }
}

beforeEach(async () => {
  home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'studio-batch-links-')));
  scans = path.join(home, 'scans');
  db = openLedger();
  reader = new Witness({ processes: 1 });
  own = (await writeDigitFiles(scans, { count: 3 }))[0]!;
  const [file] = await writeDigitFiles(path.join(home, 'outside'), { count: 2 });
  outer = path.join(home, 'outside', file!);
  await writeDigitFiles(path.join(home, 'scans-sibling'), { count: 2 });
  fs.symlinkSync(path.join(home, 'outside'), path.join(scans, 'linked'));
  fs.symlinkSync('../scans-sibling', path.join(scans, 'sibling'));
  fs.symlinkSync('..', path.join(scans, 'up'));
  fs.symlinkSync(outer, path.join(scans, 'link.png'));
  fs.symlinkSync(path.join(home, 'missing.png'), path.join(scans, 'broken.png'));
});
afterEach(async () => {
  await reader.close();
  db.close();
  fs.rmSync(home, { recursive: true, force: true });
});

const rowsOf = (batchId: number): string[] =>
  sql<{ row: string }>(
    db,
    `SELECT CAST(path AS TEXT) || ' ' || status || COALESCE(' ' || (reason ->> 'code'), '') AS row FROM batch_file WHERE batch_id = ? ORDER BY path`,
  )
    .all(batchId)
    .map(({ row }) => row);

async function run(more: Parameters<typeof addSampleBatch>[2] = {}): Promise<number> {
  const batchId = addSampleBatch(db, scans, more);
  await runSampleBatch(db, batchId, { reader });
  return batchId;
}

it('reads nothing outside of the folder when it was not asked to', async () => {
  const rows = rowsOf(await run());
  expect(rows.filter((row) => row.endsWith(' done'))).toHaveLength(3);
  for (const name of ['broken.png', 'link.png', 'linked', 'sibling', 'up'])
    expect(rows).toContain(`${name} skipped symbolic-link`);
  expect(rows).toHaveLength(8);
  expect(reader.asked).toHaveLength(3);
  for (const file of reader.asked) expect(fs.realpathSync(file).startsWith(`${scans}/`)).toBe(true);
});

it('reads what links lead to when asked, and so does the next batch, also by content', async () => {
  const first = await run({ followLinks: true });
  const rows = rowsOf(first);
  expect(rows.filter((row) => row.endsWith(' done'))).toHaveLength(7);
  expect(rows).toContain('broken.png failed broken-link');
  expect(rows).toContain('link.png done');
  expect(rows).toContain('up skipped link-loop');
  expect(rows.filter((row) => row.startsWith('sibling/') && row.endsWith(' done'))).toHaveLength(2);
  const again = await run({ followLinks: true, againOf: first, verify: true });
  expect(rowsOf(again)).toEqual(rows);
  const reused = sql<{ reused: number }>(db, 'SELECT reused FROM batch WHERE id = ?').get(again)!.reused;
  expect(reused).toBe(7);
});

it('goes on with what it was asked after it was stopped', async () => {
  const batchId = addSampleBatch(db, scans, { followLinks: true });
  const stop = new AbortController();
  const options = { reader, signal: stop.signal, onProgress: () => stop.abort() };
  await expect(runSampleBatch(db, batchId, options)).rejects.toMatchObject({ code: 'cancelled' });
  await runSampleBatch(db, batchId, { reader });
  expect(rowsOf(batchId)).toEqual(rowsOf(await run({ followLinks: true })));
});

it('does not follow a link that took the place of a file meanwhile', async () => {
  const batchId = addSampleBatch(db, scans);
  const stop = new AbortController();
  const options = { reader, signal: stop.signal, onProgress: () => stop.abort() };
  await expect(runSampleBatch(db, batchId, options)).rejects.toMatchObject({ code: 'cancelled' });
  fs.rmSync(path.join(scans, own));
  fs.symlinkSync(outer, path.join(scans, own));
  await runSampleBatch(db, batchId, { reader });
  expect(rowsOf(batchId)).toContain(`${own} skipped symbolic-link`);
});
