import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mnistData, writeDigitFiles, writeSmallMnist } from '../api/test-support.ts';
import { ReaderPool } from '../images/reader-pool.ts';
import { countCopies, type CopiesStep } from './copies.ts';
import type { ImportSource } from './import.ts';
import { scanFolder } from './scan.ts';

let home: string;
let reader: ReaderPool;
beforeAll(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-copies-'));
  reader = new ReaderPool({ processes: 1 });
});
afterAll(async () => {
  await reader.close();
  fs.rmSync(home, { recursive: true, force: true });
});

async function steps(source: ImportSource, signal?: AbortSignal): Promise<CopiesStep[]> {
  const seen: CopiesStep[] = [];
  for await (const step of countCopies(source, reader, signal)) seen.push(step);
  return seen;
}
async function sourceIn(folder: string): Promise<ImportSource> {
  for await (const step of scanFolder(folder)) if ('result' in step) return step.source;
  throw new Error('nothing found');
}

describe('files of a folder', () => {
  it('are compared where others have the same size, by label and split', async () => {
    const folder = path.join(home, 'classes');
    const [first, second] = await writeDigitFiles(path.join(folder, 'train'), { split: 'train', count: 40 });
    await writeDigitFiles(path.join(folder, 'test'), { split: 'test', count: 10 });
    const from = (file: string): string => path.join(folder, 'train', file);
    const otherLabel = (Number(first![0]) + 1) % 10;
    fs.copyFileSync(from(first!), path.join(folder, 'train', String(otherLabel), 'other.png'));
    fs.copyFileSync(from(second!), path.join(folder, 'test', second![0]!, 'leak.png'));
    fs.copyFileSync(from(second!), path.join(folder, 'train', second![0]!, 'same.png'));
    const seen = await steps(await sourceIn(folder));
    expect(seen.at(-1)).toEqual({ copies: { copies: 3, otherLabel: 1, leaks: 2 } });
    const sizes = fs
      .readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => fs.statSync(path.join(entry.parentPath, entry.name)).size);
    const alike = sizes.filter((size, at) => sizes.some((other, i) => i !== at && other === size)).length;
    expect(seen[0]).toEqual({ done: 0, total: alike });
    expect(alike).toBeLessThan(sizes.length);
  });

  it('without two of a size are not read at all', async () => {
    const folder = path.join(home, 'sizes');
    fs.mkdirSync(folder);
    for (const length of [10, 20, 30])
      fs.writeFileSync(path.join(folder, `${length}.png`), Buffer.alloc(length));
    expect(await steps({ kind: 'folder', folder, layout: 'flat' })).toEqual([
      { copies: { copies: 0, otherLabel: 0, leaks: 0 } },
    ]);
  });

  it('that a CSV leaves out are not counted', async () => {
    const folder = path.join(home, 'csv');
    fs.mkdirSync(folder);
    for (const name of ['a.png', 'b.png', 'c.png']) fs.writeFileSync(path.join(folder, name), 'the same');
    fs.writeFileSync(path.join(folder, 'labels.csv'), 'file,label,split\na.png,1,train\nb.png,2,test\n');
    expect((await steps(await sourceIn(folder))).at(-1)).toEqual({
      copies: { copies: 1, otherLabel: 1, leaks: 1 },
    });
  });
});

describe('records of IDX files', () => {
  it('are compared among each other', async () => {
    const folder = path.join(home, 'idx');
    await writeSmallMnist(folder, { train: 50, test: 20 });
    const images = fs.readFileSync(path.join(folder, 'train-images-idx3-ubyte'));
    const other = path.join(folder, 't10k-images-idx3-ubyte');
    const test = fs.readFileSync(other);
    images.copy(test, 16 + 784 * 3, 16 + 784 * 7, 16 + 784 * 8);
    fs.writeFileSync(other, test);
    const seen = await steps(await sourceIn(folder));
    expect(seen.at(-1)).toMatchObject({ copies: { copies: 1, leaks: 1 } });
  });

  it('of MNIST are all different', async () => {
    const seen = await steps({ kind: 'mnist', folder: mnistData });
    expect(seen).toContainEqual({ done: 70_000, total: 70_000 });
    expect(seen.at(-1)).toEqual({ copies: { copies: 0, otherLabel: 0, leaks: 0 } });
  });

  it('need not be compared to the end', async () => {
    const stop = AbortSignal.abort();
    await expect(steps({ kind: 'mnist', folder: mnistData }, stop)).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});
