import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ReasonCode } from '../../shared/errors.ts';
import { writeDigitFiles, writeSmallMnist } from '../api/test-support.ts';
import { ReaderPool } from '../images/reader-pool.ts';
import { single, type Db } from '../project/sqlite.ts';
import { openLedger } from '../project/store.ts';
import { hashDigits } from './hash.ts';
import { beginImport, runImport } from './import.ts';
import { badFilePlace, badReasons, retryBadFiles, type RetryStep } from './quarantine.ts';
import { scanFolder } from './scan.ts';
import { badFiles, getDataSet, removeDataSet } from './store.ts';
import { trainingSet } from './training-set.ts';

let home: string;
let root: string;
let db: Db;
let reader: ReaderPool;
beforeAll(() => {
  reader = new ReaderPool({ processes: 1 });
});
afterAll(() => reader.close());
beforeEach(() => {
  home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'studio-quarantine-')));
  root = path.join(home, 'root');
  db = openLedger();
});
afterEach(() => {
  db.close();
  fs.rmSync(home, { recursive: true });
});

async function load(): Promise<number> {
  for await (const step of scanFolder(root)) {
    if (!('result' in step)) continue;
    const dataSetId = beginImport(db, step.source, 'x');
    await runImport({ db, dataSetId, source: step.source, reader });
    return dataSetId;
  }
  throw new Error('no result');
}

async function retry(
  dataSetId: number,
  which: { fileId: number } | { reason: ReasonCode } | null = null,
  signal?: AbortSignal,
): Promise<RetryStep | undefined> {
  let last: RetryStep | undefined;
  for await (const step of retryBadFiles({ db, dataSetId, reader, which, signal })) last = step;
  return last;
}

const bad = (dataSetId: number): [string, ReasonCode][] =>
  badFiles(db, dataSetId, 0, 99).rows.map((row) => [row.path.toString(), JSON.parse(row.reason).code]);
const idOf = (file: string): number =>
  single(db, 'SELECT id FROM data_file WHERE path = ?', Buffer.from(file));

describe('files that were left out', () => {
  let files: string[];
  let digits: Map<string, Buffer>;
  beforeEach(async () => {
    files = await writeDigitFiles(root, { count: 8 });
    digits = new Map(files.map((file) => [file, fs.readFileSync(path.join(root, file))]));
    for (const file of files.slice(0, 2)) fs.writeFileSync(path.join(root, file), '');
    fs.writeFileSync(path.join(root, files[2]!), digits.get(files[2]!)!.subarray(0, 60));
    fs.writeFileSync(path.join(root, '3', 'Thumbs.db'), 'x');
  });
  const mend = (file: string): void => fs.writeFileSync(path.join(root, file), digits.get(file)!);

  it('are counted by reason, and shown by one', async () => {
    const id = await load();
    const counts = badReasons(db, id);
    expect(counts).toContainEqual({ code: 'empty-file', count: 2, retryable: true });
    expect(counts).toContainEqual({ code: 'system-file', count: 1, retryable: false });
    expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(4);
    const empty = badFiles(db, id, 0, 9, 'empty-file');
    expect(empty.total).toBe(2);
    expect(empty.rows.map((row) => row.path.toString()).sort()).toEqual(files.slice(0, 2).sort());
    expect(() => badReasons(db, 99)).toThrow(expect.objectContaining({ code: 'unknown-id' }));
  });

  it('enter the data set with the label of their folder once they are mended', async () => {
    const id = await load();
    const before = getDataSet(db, id);
    expect(await retry(id)).toEqual({ done: 3, total: 3, mended: 0 });
    expect(getDataSet(db, id)).toEqual(before);
    mend(files[0]!);
    expect(await retry(id, { fileId: idOf(files[0]!) })).toEqual({ done: 1, total: 1, mended: 1 });
    mend(files[1]!);
    mend(files[2]!);
    expect(await retry(id, { reason: 'empty-file' })).toEqual({ done: 1, total: 1, mended: 1 });
    expect(await retry(id)).toEqual({ done: 1, total: 1, mended: 1 });
    expect(bad(id)).toEqual([['3/Thumbs.db', 'system-file']]);
    const after = getDataSet(db, id);
    expect([after.total, after.bad]).toEqual([8, 1]);
    const train = await trainingSet(db, id, 'train');
    expect([...train.labels].sort()).toEqual(files.map((file) => Number(file[0])).sort());
    expect(after.hash).toBe(await hashDigits(train));
    const row = db.prepare('SELECT size, content_hash FROM data_file WHERE id = ?').get(idOf(files[0]!));
    expect(row).toMatchObject({ size: digits.get(files[0]!)!.length, content_hash: expect.any(Buffer) });
  });

  it('get the reason of today when they are still none', async () => {
    const id = await load();
    fs.rmSync(path.join(root, files[0]!));
    fs.writeFileSync(path.join(root, files[1]!), 'just text, no picture at all');
    expect(await retry(id)).toMatchObject({ mended: 0 });
    expect(bad(id)).toContainEqual([files[0]!, 'vanished']);
    expect(bad(id)).toContainEqual([files[1]!, 'not-an-image']);
  });

  it('stay as they are when it is cancelled', async () => {
    const id = await load();
    mend(files[0]!);
    await expect(retry(id, null, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    expect(getDataSet(db, id).total).toBe(5);
  });
});

it('a CSV that was mended counts, and a row never leads out of the folder', async () => {
  const files = await writeDigitFiles(path.join(root, 'all'), { count: 3 });
  await writeDigitFiles(path.join(home, 'secret'), { count: 1 });
  const outside = fs
    .readdirSync(path.join(home, 'secret'), { recursive: true })
    .find((name) => String(name).endsWith('.png'))!;
  fs.symlinkSync(path.join(home, 'secret'), path.join(root, 'link'));
  const rows = (label: string): string =>
    `path,label\nall/${files[0]!},4\nall/${files[1]!},${label}\n../secret/${String(outside)},1\nlink/${String(outside)},1\n`;
  fs.writeFileSync(path.join(root, 'labels.csv'), rows('x'));
  const id = await load();
  expect(getDataSet(db, id).total).toBe(1);
  fs.writeFileSync(path.join(root, 'labels.csv'), rows('9'));
  expect(await retry(id)).toMatchObject({ mended: 1 });
  expect(getDataSet(db, id).perClass.train[9]).toBe(1);
  expect(bad(id)).toContainEqual([`../secret/${String(outside)}`, 'row-without-file']);
  expect(bad(id)).toContainEqual([`link/${String(outside)}`, 'row-without-file']);
  // Nor is it shown in its folder.
  expect(await badFilePlace(db, idOf(`../secret/${String(outside)}`))).toBeNull();
  expect(await badFilePlace(db, idOf(`link/${String(outside)}`))).toBeNull();
});

it('the place of a file is told for those that were left out alone', async () => {
  const [file] = await writeDigitFiles(root, { count: 1 });
  fs.writeFileSync(path.join(root, '3', 'notes.txt'), 'notes');
  fs.writeFileSync(path.join(root, '4', 'gone.png'), '');
  const id = await load();
  fs.rmSync(path.join(root, '4', 'gone.png'));
  expect(await badFilePlace(db, idOf('3/notes.txt'))).toBe(path.join(root, '3', 'notes.txt'));
  expect(await badFilePlace(db, idOf('4/gone.png'))).toBeNull();
  expect(await badFilePlace(db, idOf(file!))).toBeNull();
  expect(await badFilePlace(db, 99)).toBeNull();
  removeDataSet(db, id);
  expect(await badFilePlace(db, idOf('3/notes.txt'))).toBeNull();
});

describe('records of IDX files', () => {
  const at = (name: string): string => path.join(root, name);
  const [images, labels] = ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte'];
  const HEADERS = { [images]: 16, [labels]: 8 };
  /** Writes bytes over those of a record. */
  function spoil(name: typeof images | typeof labels, record: number, size: number, value?: Buffer): Buffer {
    const bytes = fs.readFileSync(at(name));
    const start = HEADERS[name]! + record * size;
    const before = Buffer.from(bytes.subarray(start, start + size));
    (value ?? Buffer.alloc(size, name === labels ? 77 : 0)).copy(bytes, start);
    fs.writeFileSync(at(name), bytes);
    return before;
  }

  it('are read again once their files were mended, and take their place', async () => {
    await writeSmallMnist(root, { train: 20, test: 5 });
    const label = spoil(labels, 3, 1);
    const picture = spoil(images, 5, 784);
    const id = await load();
    expect(getDataSet(db, id)).toMatchObject({ kind: 'mnist', total: 23, bad: 2 });
    expect(badReasons(db, id)).toEqual([
      { code: 'blank', count: 1, retryable: true },
      { code: 'label-out-of-range', count: 1, retryable: true },
    ]);
    const hash = getDataSet(db, id).hash;
    expect(await retry(id)).toEqual({ done: 2, total: 2, mended: 0 });
    expect(getDataSet(db, id)).toMatchObject({ total: 23, bad: 2, hash });

    spoil(labels, 3, 1, label);
    expect(await retry(id, { reason: 'label-out-of-range' })).toEqual({ done: 1, total: 1, mended: 1 });
    expect(bad(id)).toEqual([[`${images}#5`, 'blank']]);
    spoil(images, 5, 784, picture);
    expect(await retry(id, { fileId: idOf(`${images}#5`) })).toEqual({ done: 1, total: 1, mended: 1 });
    expect(getDataSet(db, id)).toMatchObject({ total: 25, bad: 0 });
    const positions = db
      .prepare(
        'SELECT position FROM digit JOIN data_file ON data_file.id = file_id WHERE path = ? ORDER BY 1',
      )
      .pluck()
      .all(Buffer.from(images));
    expect(positions).toEqual([...Array(20).keys()]);
    expect((await trainingSet(db, id, 'train')).labels).toHaveLength(20);
    expect(getDataSet(db, id).hash).not.toBe(hash);
  });

  it('whose file is gone, or shorter now, say so', async () => {
    await writeSmallMnist(root, { train: 20, test: 5 });
    spoil(labels, 3, 1);
    const id = await load();
    fs.renameSync(at(labels), at('other'));
    expect(await retry(id)).toMatchObject({ mended: 0 });
    expect(bad(id)).toEqual([[`${labels}#3`, 'vanished']]);
    fs.renameSync(at('other'), at(labels));
    fs.truncateSync(at(images), 100);
    await expect(retry(id)).rejects.toMatchObject({ code: 'data-damaged' });
  });

  it('of MNIST itself are none', async () => {
    await writeSmallMnist(root, { train: 3, test: 3 });
    const source = { kind: 'mnist', folder: root } as const;
    const dataSetId = beginImport(db, source, 'MNIST');
    await runImport({ db, dataSetId, source, reader });
    await expect(retry(dataSetId)).rejects.toMatchObject({ code: 'bad-request' });
  });
});
