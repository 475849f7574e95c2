import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TILE_BYTES } from '../../shared/domain.ts';
import { BytesReader, mnistData, writeSmallMnist } from '../api/test-support.ts';
import { openLedger } from '../project/store.ts';
import { sourceFile } from '../review/refs.ts';
import { recordSteps } from './idx-folder.ts';
import { beginImport, runImport } from './import.ts';
import { loadData } from './load.ts';
import { readMnist } from './mnist.ts';
import { scanFolder, type ScanStep } from './scan.ts';
import { badFiles, getDataSet, tileAt } from './store.ts';

type Scanned = Extract<ScanStep, { result: unknown }>;
let home: string;
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-idx-'));
});
afterEach(() => fs.rmSync(home, { recursive: true }));
const at = (name: string): string => path.join(home, name);

async function scan(): Promise<Scanned> {
  for await (const step of scanFolder(home)) if ('result' in step) return step;
  throw new Error('no result');
}

function idx(shape: number[], values: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.writeUInt16BE((0x08 << 8) | shape.length, 2);
  shape.forEach((side, index) => header.writeUInt32BE(side, 4 + 4 * index));
  return Buffer.concat([header, values]);
}

function write(name: string, bytes: Buffer): void {
  fs.mkdirSync(path.dirname(at(name)), { recursive: true });
  fs.writeFileSync(at(name), name.endsWith('.gz') ? zlib.gzipSync(bytes) : bytes);
}

/** Vertical strokes of growing length, the first record blank. */
function strokes(count: number, side: number): Buffer {
  const pixels = new Uint8Array(count * side * side);
  for (let record = 1; record < count; record++)
    for (let y = 0; y < Math.min(side, 6 + record); y++)
      for (const x of [2, 3]) pixels[(record * side + y) * side + x] = 255;
  return idx([count, side, side], pixels);
}

const load = () => loadData({ source: { folder: home }, reader: new BytesReader() });

describe('IDX files of a folder', () => {
  it('packed or plain give the digits that MNIST gives', async () => {
    await writeSmallMnist(home, { train: 300, test: 50 });
    const [train, test] = [await readMnist(home, 'train'), await readMnist(home, 'test')];
    for (const name of fs.readdirSync(home)) {
      if (name.startsWith('t10k')) continue;
      write(`${name}.gz`, fs.readFileSync(at(name)));
      fs.rmSync(at(name));
    }
    fs.writeFileSync(at('README.txt'), 'about');
    const { result, source } = await scan();
    expect(result).toMatchObject({
      layout: 'idx',
      total: 350,
      unlabelled: 0,
      problems: [{ reason: { code: 'not-idx' }, count: 1, example: 'README.txt' }],
    });
    expect(result.perClass.test.reduce((sum, count) => sum + count)).toBe(50);
    expect(source).toMatchObject({ kind: 'idx', pairs: [{ split: 'train' }, { split: 'test' }] });
    const data = await load();
    expect(Buffer.compare(data.train.tiles, train.tiles)).toBe(0);
    expect(Buffer.compare(data.test!.labels, test.labels)).toBe(0);
  });

  it('of another size are normalised by the recipe, and what gives no digit is a row with its reason', async () => {
    write('digits-images.idx3-ubyte', strokes(6, 64));
    write('digits-labels.idx1-ubyte', idx([6], Uint8Array.from([1, 2, 3, 26, 4, 5])));
    const { result, source } = await scan();
    expect(result).toMatchObject({
      total: 5,
      problems: [
        {
          reason: { code: 'label-out-of-range', params: { label: 26 } },
          count: 1,
          example: 'digits-labels.idx1-ubyte',
        },
      ],
    });
    const db = openLedger();
    try {
      const dataSetId = beginImport(db, source, 'strokes');
      await runImport({ db, dataSetId, source, reader: new BytesReader() });
      expect(getDataSet(db, dataSetId)).toMatchObject({ kind: 'mnist', total: 4, bad: 2 });
      const bad = badFiles(db, dataSetId, 0, 9).rows;
      expect(bad.map((row) => [row.path.toString(), JSON.parse(row.reason).code])).toEqual([
        ['digits-images.idx3-ubyte#0', 'blank'],
        ['digits-labels.idx1-ubyte#3', 'label-out-of-range'],
      ]);
      const file = sourceFile(db, 'd1')!;
      expect(file).toMatchObject({ record: 1 });
      const steps = await recordSteps(file.root, file.path, file.record!, file.recipe);
      expect(steps.map(({ name, width }) => [name, width])).toContainEqual(['decoded', 64]);
      const tile = steps.at(-1)!.pixels;
      expect(tile).toHaveLength(TILE_BYTES);
      const { train } = await load();
      expect([...train.labels]).toEqual([2, 3, 4, 5]);
      expect(Buffer.compare(tileAt(train.tiles, 0), tile)).toBe(0);
    } finally {
      db.close();
    }
  });

  it('are paired by whatever stands around the two words, across folders too', async () => {
    write('val/images/set', strokes(3, 28));
    write('val/labels/set', idx([3], Uint8Array.from([7, 7, 7])));
    write('a-Images-IDX3-ubyte', strokes(2, 28));
    write('a-Images-IDX3-ubyte.gz', strokes(2, 28));
    write('a-Labels-IDX1-ubyte', idx([2], Uint8Array.from([1, 1])));
    write('other-images.idx', strokes(4, 28));
    write('b-labels.idx', idx([1], Uint8Array.from([1])));
    const { result, source } = await scan();
    const pairs = source.kind === 'idx' ? source.pairs : [];
    expect(pairs.map(({ images, labels, split }) => [`${images}`, labels && `${labels}`, split])).toEqual([
      ['a-Images-IDX3-ubyte', 'a-Labels-IDX1-ubyte', 'train'],
      ['other-images.idx', null, 'train'],
      ['val/images/set', 'val/labels/set', 'test'],
    ]);
    expect(result).toMatchObject({ total: 9, unlabelled: 4 });
    expect(result.problems.map(({ reason, example }) => [reason.code, example]).sort()).toEqual([
      ['labels-without-images', 'b-labels.idx'],
      ['packed-copy', 'a-Images-IDX3-ubyte.gz'],
    ]);
  });

  it.each([
    ['a packed file that was cut off', (file: string) => fs.truncateSync(file, 2_000), 'gzip: '],
    [
      'a packed file with a wrong byte',
      (file: string) => {
        const bytes = fs.readFileSync(file);
        bytes[bytes.length - 6]! ^= 0xff;
        fs.writeFileSync(file, bytes);
      },
      'gzip: ',
    ],
    [
      'records that are cut off',
      (file: string) => fs.writeFileSync(file, zlib.gzipSync(strokes(3, 28).subarray(0, 900))),
      '884 bytes|900 bytes',
    ],
    ['fewer images than labels', (file: string) => fs.writeFileSync(file, strokes(3, 28)), 'labels for 3'],
    ['a side beyond 256', (file: string) => fs.writeFileSync(file, strokes(1, 300)), '300 x 300'],
    ['text', (file: string) => fs.writeFileSync(file, 'seven'), 'magic number'],
  ])('with %s are refused before anything is imported, by name', async (_, spoil, detail) => {
    write('train-images-idx3-ubyte.gz', fs.readFileSync(path.join(mnistData, 't10k-images-idx3-ubyte')));
    write('train-labels-idx1-ubyte.gz', fs.readFileSync(path.join(mnistData, 't10k-labels-idx1-ubyte')));
    spoil(at('train-images-idx3-ubyte.gz'));
    await expect(scan()).rejects.toMatchObject({
      code: 'data-damaged',
      params: {
        file: expect.stringMatching(/^train-(images|labels)-idx/),
        detail: expect.stringMatching(detail),
      },
    });
    await expect(load()).rejects.toMatchObject({ code: 'data-damaged' });
  });

  it('do not make a folder of pictures theirs by a name alone', async () => {
    write('3/images', Buffer.from('\x89PNG'));
    write('3/labels.png', Buffer.from('\x89PNG'));
    expect((await scan()).result).toMatchObject({ layout: 'classes', total: 2 });
  });
});
