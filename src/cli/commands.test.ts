import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { unescapeName } from '../engine/files/names.ts';
import { readMnist } from '../engine/datasets/mnist.ts';
import { readModel } from '../engine/models/store.ts';
import { normalisationOf, TILE_BYTES } from '../shared/domain.ts';
import { mnistFolder, run, tilePng, writeDigits } from './run.testing.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let home: string;
const at = (...names: string[]): string => path.join(home, ...names);
const training = ['train', '--data', 'mnist', '--limit', '3500', '--epochs', '1', '--json'];
const train = (out: string, ...more: string[]): ReturnType<typeof run> =>
  run([...training, '--out', out, ...more], { cwd: home });
const weights = (model: string): Buffer => fs.readFileSync(at(model, 'weights.bin'));

beforeAll(async () => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-cli-'));
  const { code, stderr } = await train('model', '--seed', '7');
  expect(stderr).not.toMatch(/tensorflow|oneDNN|cpu_feature/i);
  expect(code).toBe(0);
});
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

describe('train', () => {
  it('gives the same weights for the same seed, bit for bit, and others for another', async () => {
    const { code, json } = await train('again', '--seed', '7');
    expect(code).toBe(0);
    expect(json()).toMatchObject({
      model: 'again',
      parameters: 61_706,
      training: { epochs: 1, seed: 7, batchSize: 64 },
      data: { name: 'MNIST', testCount: 10_000 },
      engine: { tensorflow: expect.stringMatching(/^2\./) as string },
    });
    const { trainCount, validationCount } = json()['data'] as Record<string, number>;
    expect(trainCount! + validationCount!).toBe(3_500);
    // 50 steps, and none that counts as steady.
    expect(json()['imagesPerSecond']).toBeNull();
    expect(json()['testAccuracy']).toBeGreaterThan(0.8);
    expect(weights('again').equals(weights('model'))).toBe(true);
    expect(fs.readdirSync(at('again')).sort()).toEqual(['model.json', 'weights.bin']);

    expect((await train('other', '--seed', '8')).code).toBe(0);
    expect(weights('other').equals(weights('model'))).toBe(false);
  });

  it('keeps in the model how pictures were read', async () => {
    const { code, json } = await train('upright', '--deskew', '--no-crop', '--polarity', 'dark-on-light');
    expect(code).toBe(0);
    expect(json()['testAccuracy']).toBeGreaterThan(0.8);
    const { card } = await readModel(at('upright'));
    expect(card.normalisation).toEqual(
      normalisationOf({ polarity: 'dark-on-light', crop: false, deskew: true }),
    );
    const shown = await run(['models', 'upright'], { cwd: home });
    expect(shown.stdout).toContain('dark ink on light, whole pictures, set upright');
    expect((await train('none', '--polarity', 'grey')).code).toBe(2);
  });

  it('takes every parameter, and a folder whose digits come sorted by class', async () => {
    await writeDigits(at('sorted', 'train'), 300);
    await writeDigits(at('sorted', 'test'), 50);
    fs.writeFileSync(at('sorted', 'train', '3', 'broken.png'), '');
    const { code, stderr, json } = await run(
      [
        ...['train', '--data', 'sorted', '--limit', '200', '--epochs', '10', '--batch-size', '4', '--json'],
        ...['--learning-rate', '0.02', '--momentum', '0.5', '--validation-share', '0.25', '--seed', '3'],
        ...['--activation', 'relu', '--pooling', 'average', '--out', path.join('deep', 'inner')],
      ],
      { cwd: home },
    );
    expect(code).toBe(0);
    expect(json()).toMatchObject({
      model: path.join('deep', 'inner'),
      training: {
        ...{ epochs: 10, batchSize: 4, learningRate: 0.02, momentum: 0.5, validationShare: 0.25 },
        ...{ seed: 3, activation: 'relu', pooling: 'average' },
      },
      data: { name: 'sorted', testCount: 50 },
      badFiles: 1,
    });
    expect(json()['testAccuracy']).toBeGreaterThan(0.5);
    expect(json()['imagesPerSecond']).toBeGreaterThan(50);
    expect(stderr).toContain('1 file gave no digit');
    expect(stderr).toContain('Epoch 10 of 10');
  });

  it('says what does not fit before it reads a digit', async () => {
    const { code, stderr, json } = await train('misfit', '--convolutions', 'C5=dilated');
    expect(code).toBe(1);
    expect(stderr).toContain('“C5” needs 9×9, but the map before it is only 5×5.');
    expect(json()).toMatchObject({ error: { code: 'training-does-not-fit', layer: 'C5' } });
    expect((await train('misfit', '--loss', 'eq8')).stderr).toContain('Equation 8');
    expect(fs.existsSync(at('misfit'))).toBe(false);
  });

  it('replaces nothing unasked, and with --force only a model', async () => {
    const before = weights('model');
    await writeDigits(at('digits'), 10);
    fs.cpSync(at('model'), at('replaced'), { recursive: true });
    for (const [out, more] of [
      ['model', []],
      ['digits', ['--force']],
      [path.join('model', 'weights.bin'), []],
    ] as const) {
      const { code, stderr, json } = await train(out, ...more);
      expect(code).toBe(1);
      expect(stderr).toContain(out);
      expect(json()).toMatchObject({ error: { code: 'file-exists' } });
    }
    expect(weights('model').equals(before)).toBe(true);
    expect(fs.readdirSync(at('digits')).length).toBeGreaterThan(0);
    expect((await train('replaced', '--force', '--seed', '8')).code).toBe(0);
    expect(weights('replaced').equals(before)).toBe(false);
  });
});

describe('evaluate', () => {
  it('counts every digit once, as its label says', async () => {
    const labels = await writeDigits(at('labelled'), 120);
    fs.writeFileSync(at('labelled', '0', 'broken.png'), '');
    const { code, json } = await run(['evaluate', '--model', 'model', '--data', 'labelled', '--json'], {
      cwd: home,
    });
    expect(code).toBe(0);
    const { accuracy, count, confusion } = json() as {
      accuracy: number;
      count: number;
      confusion: number[][];
    };
    expect(count).toBe(120);
    const sums = confusion.map((row) => row.reduce((sum, cell) => sum + cell, 0));
    expect(sums).toEqual(
      [...Array(10).keys()].map((digit) => labels.filter((label) => label === digit).length),
    );
    expect(accuracy).toBe(confusion.reduce((sum, row, label) => sum + row[label]!, 0) / 120);
    expect(accuracy).toBeGreaterThan(0.7);
  });

  it('measures MNIST as training did', async () => {
    const { json } = await run(['evaluate', '--model', 'model', '--data', 'mnist', '--json'], { cwd: home });
    const { metrics } = (
      JSON.parse(fs.readFileSync(at('model', 'model.json'), 'utf8')) as {
        card: { metrics: { testAccuracy: number } };
      }
    ).card;
    expect(json()).toMatchObject({ count: 10_000, accuracy: metrics.testAccuracy });
    // The same digits as packed files of a folder.
    fs.mkdirSync(at('idx'));
    for (const name of ['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'])
      fs.writeFileSync(at('idx', `${name}.gz`), zlib.gzipSync(fs.readFileSync(path.join(mnistFolder, name))));
    const packed = await run(['evaluate', '--model', 'model', '--data', 'idx', '--json'], { cwd: home });
    expect(packed.json()).toMatchObject({ count: 10_000, accuracy: metrics.testAccuracy });
  });
});

/** RFC 4180 by its grammar: a record at a time, fields plain or quoted. */
function records(text: string): string[][] {
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\n)/y;
  const rows: string[][] = [[]];
  while (field.lastIndex < text.length) {
    const found = field.exec(text);
    if (!found) throw new Error(`no CSV: ${JSON.stringify(text.slice(0, 200))}`);
    rows.at(-1)!.push(found[1]?.replaceAll('""', '"') ?? found[2]!);
    if (found[3] === '\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

describe('classify', () => {
  /** All hold digits. */
  const names: (string | Buffer)[] = [
    ...['plain.png', ' two  spaces .png', 'say "7".png', "it's.png", 'two\nlines.png', 'cr\rlf\r\n.png'],
    ...['comma,comma.png', '手写 ✍️ 7.png', 'é.png', 'back\\slash.png', '\\xff.png', '-.png', '=1+1.png'],
    Buffer.from([0x6e, 0xff, 0xfe, 0x2e, 0x70, 0x6e, 0x67]),
    ...['sub/inner/a.png', 'sub.png', 'sub-b.png', 'Z.png', 'a.png'],
  ];
  const classify = (out: string): ReturnType<typeof run> =>
    run(['classify', 'odd', '--model', 'model', '--out', out, '--json'], { cwd: home });

  beforeAll(async () => {
    const { tiles } = await readMnist(mnistFolder, 'test');
    fs.mkdirSync(at('odd', 'sub', 'inner'), { recursive: true });
    for (const [index, name] of names.entries()) {
      const tile = tiles.subarray(index * TILE_BYTES, (index + 1) * TILE_BYTES);
      fs.writeFileSync(Buffer.concat([Buffer.from(`${at('odd')}/`), Buffer.from(name)]), await tilePng(tile));
    }
    const whole = fs.readFileSync(at('odd', 'plain.png'));
    fs.writeFileSync(at('odd', 'zero.png'), '');
    fs.writeFileSync(at('odd', 'truncated.png'), whole.subarray(0, whole.length / 2));
    fs.writeFileSync(at('odd', 'text.png'), 'not a picture');
    fs.writeFileSync(at('odd', 'Thumbs.db'), 'x');
    fs.writeFileSync(at('odd', '.hidden.png'), whole);
    fs.symlinkSync('.', at('odd', 'loop'));
  });

  it('has one row per file, whatever its name and content', async () => {
    const { code, json, stderr } = await classify('results.csv');
    expect([code, stderr]).toEqual([0, '']);
    const bad = ['zero.png', 'truncated.png', 'text.png', 'Thumbs.db', '.hidden.png', 'loop'];
    const text = fs.readFileSync(at('results.csv'), 'utf8');
    const [header, ...rows] = records(text);
    expect(header!.join(',')).toBe('path,digit,confidence,second,second_confidence,status,reason');
    const paths = rows.map(([name]) => unescapeName(name!));
    const expected = [...names, ...bad].map((name) => Buffer.from(name)).sort((a, b) => Buffer.compare(a, b));
    expect(paths.map((name) => name.toString('latin1'))).toEqual(
      expected.map((name) => name.toString('latin1')),
    );

    const status = (name: string): string => rows.find(([first]) => first === name)![5]!;
    expect(bad.map(status)).toEqual(['failed', 'failed', 'skipped', 'skipped', 'skipped', 'skipped']);
    for (const [, digit, confidence, second, secondConfidence, state, reason] of rows) {
      if (state === 'done') {
        expect(digit).toMatch(/^[0-9]$/);
        expect(second).not.toBe(digit);
        expect(confidence).toMatch(/^[01]\.\d{6}$/);
        expect(secondConfidence).toMatch(/^0\.\d{6}$/);
        expect(Number(confidence)).toBeGreaterThanOrEqual(Number(secondConfidence));
      } else {
        expect([digit, confidence, second, secondConfidence]).toEqual(['', '', '', '']);
        expect(reason).not.toBe('');
      }
    }
    expect(json()).toMatchObject({ files: rows.length, classified: names.length, failed: 2, skipped: 4 });
    expect(json()['seconds']).toBeGreaterThan(0);
  });

  it('gives the same file again, and replaces no file but its own', async () => {
    const before = fs.readFileSync(at('results.csv'));
    expect((await classify('results.csv')).code).toBe(0);
    expect(fs.readFileSync(at('results.csv')).equals(before)).toBe(true);
    fs.writeFileSync(at('letter.txt'), 'dear');
    for (const out of ['letter.txt', path.join('odd', 'plain.png')]) {
      const kept = fs.readFileSync(at(out));
      const { code, stderr } = await classify(out);
      expect(code).toBe(1);
      expect(stderr).toContain(out);
      expect(stderr).not.toContain('--force');
      expect(fs.readFileSync(at(out)).equals(kept)).toBe(true);
    }
  });

  it('may write into its folder, and is no row of its own run', async () => {
    const { code } = await classify(path.join('odd', 'results.csv'));
    expect(code).toBe(0);
    expect(fs.readFileSync(at('odd', 'results.csv')).equals(fs.readFileSync(at('results.csv')))).toBe(true);
    fs.rmSync(at('odd', 'results.csv'));
  });

  it.each([
    ['no such folder', ['classify', 'nowhere', '--model', 'model', '--out', 'new.csv'], 'nowhere'],
    ['no such model', ['classify', 'odd', '--model', 'nowhere', '--out', 'new.csv'], 'nowhere'],
    ['no place for the CSV', ['classify', 'odd', '--model', 'model', '--out', 'no/new.csv'], 'no/new.csv'],
    ['no such data', ['train', '--data', 'nowhere', '--out', 'new'], 'nowhere'],
    ['an empty folder', ['classify', 'empty', '--model', 'model', '--out', 'new.csv'], 'empty'],
    ['no labels', ['evaluate', '--model', 'model', '--data', 'odd'], 'odd'],
    ['half a model', ['evaluate', '--model', 'half', '--data', 'mnist'], 'weights.bin'],
    ['no model anywhere', ['models', 'odd'], 'odd'],
  ])('ends with 1 for %s, and says where', async (_, args, where) => {
    fs.mkdirSync(at('empty'), { recursive: true });
    fs.mkdirSync(at('half'), { recursive: true });
    fs.copyFileSync(at('model', 'model.json'), at('half', 'model.json'));
    const { code, stdout, stderr } = await run(args, { cwd: home });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(where);
    expect(stderr).toContain('What to do:');
    expect(stderr).not.toContain('What was read before');
    expect(stderr).not.toContain('    at ');
    expect(fs.existsSync(at('new.csv'))).toBe(false);
  });
});

describe('models', () => {
  it('shows the card of one, lists several, and names one that is broken', async () => {
    const one = await run(['models', 'model'], { cwd: home });
    expect(one.code).toBe(0);
    expect(one.stdout).toContain('61,706 trainable parameters');
    expect(one.stdout).toContain('epochs 1, seed 7, batch size 64, learning rate');
    fs.cpSync(at('model'), at('shelf', 'good'), { recursive: true });
    fs.cpSync(at('model'), at('shelf', 'bad'), { recursive: true });
    fs.truncateSync(at('shelf', 'bad', 'weights.bin'), 1_000);
    const { code, json } = await run(['models', 'shelf', '--json'], { cwd: home });
    expect(code).toBe(1);
    expect(json()['models']).toMatchObject([
      { folder: path.join('shelf', 'bad'), error: { code: 'model-file-damaged', file: 'weights.bin' } },
      { folder: path.join('shelf', 'good'), parameters: 61_706, training: { seed: 7 } },
    ]);
  });
});
