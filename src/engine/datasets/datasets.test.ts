import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { normalisationOf, TILE_BYTES } from '../../shared/domain.ts';
import { BytesReader, writeDigitFiles, writeSmallMnist } from '../api/test-support.ts';
import { ReaderPool } from '../images/reader-pool.ts';
import { purge } from '../project/purge.ts';
import { single, type Db } from '../project/sqlite.ts';
import { openLedger } from '../project/store.ts';
import { digitPage } from '../review/page.ts';
import { DataHash, hashDigits } from './hash.ts';
import { beginImport, runImport, type ImportSource } from './import.ts';
import { LayoutCounter, parentLabel, placeOf } from './layout.ts';
import { loadData, withDataSet, type LoadOptions } from './load.ts';
import { normalisationOfSet } from './normalisation.ts';
import { readMnist } from './mnist.ts';
import { scanFolder, scanMnist, type ScanResult } from './scan.ts';
import { badFiles, getDataSet, listDataSets } from './store.ts';
import { exampleTiles, trainingSet } from './training-set.ts';

let home: string;
let db: Db;
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-data-'));
  db = openLedger();
});
afterEach(() => {
  db.close();
  fs.rmSync(home, { recursive: true, force: true });
});

function write(name: string, content: string): void {
  const file = path.join(home, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content);
}

async function scan(folder: string): Promise<ScanResult> {
  for await (const step of scanFolder(folder)) if ('result' in step) return step.result;
  throw new Error('no result');
}

async function load(source: ImportSource, signal?: AbortSignal, onProgress?: () => void): Promise<number> {
  const dataSetId = beginImport(db, source, 'x');
  await runImport({ db, dataSetId, source, reader: new BytesReader(), signal, onProgress });
  return dataSetId;
}

describe('layouts', () => {
  const bytes = (text: string): Buffer => Buffer.from(text);

  it.each([
    ['3/a.png', 'classes', { split: 'train', label: 3 }],
    ['3/deep/a.png', 'classes', { split: 'train', label: 3 }],
    ['33/a.png', 'classes', { split: 'unlabelled', label: null }],
    ['3', 'classes', { split: 'unlabelled', label: null }],
    ['Train/0/a.png', 'splits', { split: 'train', label: 0 }],
    ['testing/9/a.png', 'splits', { split: 'test', label: 9 }],
    ['val/9/a.png', 'splits', { split: 'test', label: 9 }],
    ['test/a.png', 'splits', { split: 'unlabelled', label: null }],
    ['3/a.png', 'flat', { split: 'unlabelled', label: null }],
  ] as const)('%s in %s', (file, layout, place) => expect(placeOf(bytes(file), layout)).toEqual(place));

  it.each([
    ['3/a.png', 3],
    ['scans/2026/0/a.png', 0],
    ['0/scans/a.png', null],
    ['a.png', null],
    ['10/a.png', null],
    ['٣/a.png', null],
  ])('the label of %s in a batch is %s', (file, label) => expect(parentLabel(bytes(file))).toBe(label));

  it('are found from the paths alone', () => {
    const layoutOf = (...paths: string[]): string => {
      const counter = new LayoutCounter();
      for (const file of paths) counter.add(bytes(file));
      return counter.result().layout;
    };
    expect(layoutOf('a.png', 'x/b.png')).toBe('flat');
    expect(layoutOf('a.png', '1/b.png')).toBe('classes');
    expect(layoutOf('train/1/a.png', 'test/1/b.png')).toBe('splits');
  });
});

describe('MNIST', () => {
  it('comes in whole, in the order of its files', async () => {
    await writeSmallMnist(home, { train: 1_500, test: 300 });
    expect(await scanMnist(home)).toMatchObject({ layout: 'mnist', total: 1_800, unlabelled: 0 });
    const id = await load({ kind: 'mnist', folder: home });
    const [train, test] = [await readMnist(home, 'train'), await readMnist(home, 'test')];
    const packed = await trainingSet(db, id, 'train');
    expect(Buffer.compare(packed.tiles, train.tiles)).toBe(0);
    expect(Buffer.compare(packed.labels, train.labels)).toBe(0);
    const expected = createHash('sha256')
      .update(train.tiles)
      .update(test.tiles)
      .update(train.labels)
      .update(test.labels)
      .digest('hex');
    expect(getDataSet(db, id)).toMatchObject({ total: 1_800, bad: 0, hash: expected });
    expect(await hashDigits(train)).toBe(
      (await loadData({ source: { mnist: home }, reader: new BytesReader() })).hash,
    );
  });

  it.each([
    ['truncated', (file: string) => fs.truncateSync(file, 1_000)],
    [
      'of another shape',
      (file: string) => {
        const bytes = fs.readFileSync(file);
        bytes.writeUInt32BE(14, 8);
        bytes.writeUInt32BE(56, 12);
        fs.writeFileSync(file, bytes);
      },
    ],
    ['missing', (file: string) => fs.rmSync(file)],
    ['something else', (file: string) => fs.writeFileSync(file, 'not IDX')],
  ])('with a file that is %s is called damaged and leaves nothing', async (_, spoil) => {
    await writeSmallMnist(home, { train: 100, test: 50 });
    spoil(path.join(home, 't10k-images-idx3-ubyte'));
    await expect(load({ kind: 'mnist', folder: home })).rejects.toMatchObject({
      code: 'data-damaged',
      params: { file: 't10k-images-idx3-ubyte' },
    });
    expect(listDataSets(db)).toEqual([]);
    await purge(db);
    expect(single(db, 'SELECT COUNT(*) FROM digit')).toBe(0);
  });

  it('cancelled half way is not there at all', async () => {
    await writeSmallMnist(home, { train: 5_000, test: 50 });
    const stop = new AbortController();
    const seen: unknown[] = [];
    const cancelled = load({ kind: 'mnist', folder: home }, stop.signal, () => {
      seen.push(listDataSets(db).length);
      if (seen.length === 2) stop.abort();
    });
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    expect(seen).toEqual([0, 0]);
    expect(listDataSets(db)).toEqual([]);
    expect(single(db, 'SELECT COUNT(*) FROM digit')).toBe(2_000);
    await purge(db);
    expect(single(db, 'SELECT COUNT(*) FROM digit_tile')).toBe(0);
  });
});

describe('a folder', () => {
  it('is scanned without reading, and imported with what was refused kept as rows', async () => {
    write('train/3/a.png', 'aaa');
    write('train/3/b.png', '');
    write('train/7/c.png', 'ccc');
    write('test/7/d.png', 'ddd');
    write('test/7/Thumbs.db', 'x');
    write('train/.hidden.png', 'x');
    write('loose.png', 'eee');
    const result = await scan(home);
    expect(result).toMatchObject({ layout: 'splits', total: 5, unlabelled: 1 });
    expect(result.perClass.train).toEqual([0, 0, 0, 2, 0, 0, 0, 1, 0, 0]);
    expect(result.problems.map(({ reason, example }) => [reason.code, example]).sort()).toEqual([
      ['hidden', 'train/.hidden.png'],
      ['system-file', 'test/7/Thumbs.db'],
    ]);
    const id = await load({ kind: 'folder', folder: home, layout: 'splits' });
    expect(getDataSet(db, id)).toMatchObject({ total: 4, unlabelled: 1, bad: 3 });
    expect(getDataSet(db, id).perClass.test).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 0, 0]);
    expect(
      badFiles(db, id, 0, 10)
        .rows.map(({ path: file, reason }) => [file.toString(), JSON.parse(reason).code])
        .sort(),
    ).toEqual([
      ['test/7/Thumbs.db', 'system-file'],
      ['train/.hidden.png', 'hidden'],
      ['train/3/b.png', 'empty-file'],
    ]);
    const page = digitPage(db, { kind: 'data', dataSetId: id, split: 'train' }, 0, 10);
    expect(page.rows.map(({ label }) => label)).toEqual([3, 7]);
    expect(Buffer.from(page.pixels.subarray(TILE_BYTES, TILE_BYTES + 3)).toString()).toBe('ccc');
  });

  it('gives an example of each class that it has to train with, and none of its test digits', async () => {
    write('test/3/a.png', 'aaa');
    write('test/7/b.png', 'bbb');
    write('train/7/d.png', 'ddd');
    write('train/3/c.png', 'ccc');
    const id = await load({ kind: 'folder', folder: home, layout: 'splits' });
    const tiles = Buffer.from(exampleTiles(db, id));
    expect(tiles).toHaveLength(2 * TILE_BYTES);
    expect([0, 1].map((at) => tiles.toString('latin1', at * TILE_BYTES, at * TILE_BYTES + 3))).toEqual([
      'ccc',
      'ddd',
    ]);
    fs.rmSync(path.join(home, 'train'), { recursive: true });
    const tested = await load({ kind: 'folder', folder: home, layout: 'splits' });
    expect(() => exampleTiles(db, tested)).toThrow(expect.objectContaining({ code: 'no-labels' }));
    expect(() => exampleTiles(db, 99)).toThrow(expect.objectContaining({ code: 'unknown-id' }));
  });

  it('of nothing is refused', async () => {
    await expect(load({ kind: 'folder', folder: home, layout: 'flat' })).rejects.toMatchObject({
      code: 'folder-empty',
    });
    await expect(
      load({ kind: 'folder', folder: path.join(home, 'gone'), layout: 'flat' }),
    ).rejects.toMatchObject({ code: 'folder-unreadable' });
    expect(listDataSets(db)).toEqual([]);
  });

  it('without a project is read by the recipe that is named, MNIST too', async () => {
    await writeSmallMnist(path.join(home, 'mnist'), { train: 100, test: 10 });
    await writeDigitFiles(path.join(home, 'files'), { split: 'train', count: 100 });
    const reader = new ReaderPool();
    const recipe = normalisationOf({ polarity: 'auto', crop: true, deskew: true });
    const tilesOf = (options: LoadOptions): Promise<Uint8Array> =>
      withDataSet(options, async (db, id) => (await trainingSet(db, id, 'train')).tiles);
    for (const source of [{ mnist: path.join(home, 'mnist') }, { folder: path.join(home, 'files') }]) {
      const upright = await tilesOf({ source, reader, recipe });
      expect(Buffer.compare(upright, await tilesOf({ source, reader }))).not.toBe(0);
      const loaded = await loadData({ source, reader, recipe });
      expect(Buffer.compare(upright, loaded.train.tiles)).toBe(0);
      expect(
        await withDataSet({ source, reader, recipe }, async (db, id) => normalisationOfSet(db, id)),
      ).toEqual(recipe);
    }
    await reader.close();
  });

  it('gives the command line its digits without a project', async () => {
    write('3/a.png', 'aaa');
    write('5/b.png', 'bbb');
    write('5/c.png', '');
    const data = await loadData({ source: { folder: home }, reader: new BytesReader() });
    expect(data).toMatchObject({ name: path.basename(home), test: null, bad: 1 });
    expect([...data.train.labels]).toEqual([3, 5]);
    fs.renameSync(path.join(home, '3'), path.join(home, 'three'));
    fs.renameSync(path.join(home, '5'), path.join(home, 'five'));
    await expect(loadData({ source: { folder: home }, reader: new BytesReader() })).rejects.toMatchObject({
      code: 'no-labels',
    });
  });
});

it('the data hash does not depend on how digits are cut into pieces', async () => {
  const tiles = Uint8Array.from({ length: 3 * TILE_BYTES }, (_, index) => index % 251);
  const labels = Uint8Array.from([1, 2, 3]);
  const pieces = new DataHash();
  pieces.add(tiles.subarray(0, TILE_BYTES), [1]);
  pieces.add(tiles.subarray(TILE_BYTES), [2, 3]);
  expect(pieces.hex()).toBe(await hashDigits({ tiles, labels }));
  const others = new DataHash();
  others.add(tiles, [1, 2, null]);
  expect(others.hex()).not.toBe(await hashDigits({ tiles, labels }));
});
