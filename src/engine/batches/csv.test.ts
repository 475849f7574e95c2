import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultRecipe } from '../../shared/domain.ts';
import { addSampleModel, ArithmeticCompute, BytesReader } from '../api/test-support.ts';
import { beginImport } from '../datasets/import.ts';
import { escapeName } from '../files/names.ts';
import { openLedger } from '../project/store.ts';
import { sql, type Db } from '../project/sqlite.ts';
import { isFreeFor } from './csv-target.ts';
import { csvField } from './csv.ts';
import { exportBatch } from './export.ts';
import { addFolderBatch } from './ledger.ts';
import { runBatch } from './runner.ts';

let home: string;
let db: Db;
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-csv-'));
  db = openLedger();
});
afterEach(() => {
  db.close();
  fs.rmSync(home, { recursive: true, force: true });
});

/** Splits CSV after RFC 4180, written for this test alone. */
function parse(text: string): string[][] {
  const rows: string[][] = [[]];
  let [field, quoted] = ['', false];
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]!;
    if (quoted && sign === '"' && text[at + 1] === '"') field += text[++at];
    else if (sign === '"') quoted = !quoted;
    else if (!quoted && (sign === ',' || sign === '\n')) {
      rows.at(-1)!.push(field);
      field = '';
      if (sign === '\n') rows.push([]);
    } else field += sign;
  }
  return rows.slice(0, -1);
}

async function classified(names: (string | Buffer)[]): Promise<number> {
  const images = path.join(home, 'images');
  fs.mkdirSync(images);
  names.forEach((name, index) => {
    const file = Buffer.concat([Buffer.from(`${images}/`), Buffer.from(name)]);
    fs.writeFileSync(file, index === 0 ? '' : `content ${index}`);
  });
  const batch = {
    name: 'b',
    source: images,
    root: Buffer.from(images),
    modelId: addSampleModel(db),
    recipe: defaultRecipe,
  };
  const batchId = addFolderBatch(db, batch);
  await runBatch({
    db,
    batchId,
    compute: new ArithmeticCompute(),
    reader: new BytesReader(),
    modelFolder: '',
    recipe: defaultRecipe,
  });
  return batchId;
}

const awkward = [
  'zero.png',
  'a,b.png',
  'say "7".png',
  'two\nlines.png',
  ' spaces .png',
  '手写 ✍️ 7.png',
  "quote's.png",
  'ß.png',
  'Z.png',
];

describe('the CSV of a batch', () => {
  it('survives every name, in the order of the bytes', async () => {
    const names: (string | Buffer)[] = [...awkward, Buffer.from([0x6e, 0xff, 0xfe, 0x2e, 0x70, 0x6e, 0x67])];
    const batch = await classified(names);
    const file = path.join(home, 'results.csv');
    expect(await exportBatch(db, batch, file, 'csv')).toBe(names.length);
    const text = fs.readFileSync(file, 'utf8');
    expect(text).not.toContain('\r');
    const [header, ...rows] = parse(text);
    expect(header!.join(',')).toBe('path,digit,confidence,second,second_confidence,status,reason');
    const sorted = names.map((name) => Buffer.from(name)).sort((a, b) => Buffer.compare(a, b));
    expect(rows.map(([name]) => name)).toEqual(sorted.map((name) => escapeName(name)));
    for (const row of rows) expect(row).toHaveLength(7);
    const failed = rows.find(([name]) => name === 'zero.png')!;
    expect(failed.slice(1, 6)).toEqual(['', '', '', '', 'failed']);
    expect(failed[6]).not.toBe('');
    expect(failed[6]).not.toContain('\n');
    for (const row of rows.filter((other) => other !== failed)) {
      expect(row[1]).toMatch(/^[0-9]$/);
      expect(row[2]).toMatch(/^[01]\.[0-9]{6}$/);
      expect(row.slice(5)).toEqual(['done', '']);
    }
    expect(fs.readdirSync(home).sort()).toEqual(['images', 'results.csv']);
  });

  it('spans pages of any number of rows', async () => {
    const batch = await classified(['a.png', 'b.png']);
    const insert = sql(db, `INSERT INTO batch_file (batch_id, path, status) VALUES (?, ?, 'failed')`);
    for (let index = 0; index < 4_500; index++) insert.run(batch, Buffer.from(`more/${index}`));
    const file = path.join(home, 'results.csv');
    expect(await exportBatch(db, batch, file, 'csv')).toBe(4_502);
    const paths = parse(fs.readFileSync(file, 'utf8'))
      .slice(1)
      .map(([name]) => name!);
    expect(new Set(paths).size).toBe(4_502);
    expect(paths).toEqual([...paths].sort());
  });

  it('is never written over a source image, nor half', async () => {
    const batch = await classified(['a.png', 'b.png']);
    const among = path.join(home, 'images', 'b.png');
    await expect(exportBatch(db, batch, among, 'csv')).rejects.toMatchObject({ code: 'cannot-write' });
    fs.symlinkSync(among, path.join(home, 'link.csv'));
    await expect(exportBatch(db, batch, path.join(home, 'link.csv'), 'csv')).rejects.toMatchObject({
      code: 'cannot-write',
    });
    expect(fs.readFileSync(among, 'utf8')).toBe('content 1');
    fs.rmSync(path.join(home, 'link.csv'));
    await expect(exportBatch(db, batch, path.join(home, 'no', 'such.csv'), 'csv')).rejects.toMatchObject({
      code: 'cannot-write',
    });
    await expect(exportBatch(db, batch, home, 'csv')).rejects.toMatchObject({ code: 'cannot-write' });
    const file = path.join(home, 'results.csv');
    fs.writeFileSync(file, 'older');
    const stop = new AbortController();
    stop.abort();
    await expect(exportBatch(db, batch, file, 'csv', stop.signal)).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(fs.readFileSync(file, 'utf8')).toBe('older');
    expect(fs.readdirSync(home).sort()).toEqual(['images', 'results.csv']);
  });

  it('is never written over an image that a data set came from', async () => {
    const batch = await classified(['a.png', 'b.png']);
    const other = path.join(home, 'training');
    fs.mkdirSync(other);
    fs.writeFileSync(path.join(other, 'c.png'), 'picture');
    beginImport(db, { kind: 'folder', folder: other, layout: 'flat' }, 'x');
    await expect(exportBatch(db, batch, path.join(other, 'c.png'), 'csv')).rejects.toMatchObject({
      code: 'cannot-write',
    });
    expect(fs.readFileSync(path.join(other, 'c.png'), 'utf8')).toBe('picture');
  });

  it('may lie beside the images, and be written again', async () => {
    const batch = await classified(['a.png', 'b.png']);
    const file = path.join(home, 'images', 'results.csv');
    expect(await exportBatch(db, batch, file, 'csv')).toBe(2);
    expect(await exportBatch(db, batch, file, 'csv')).toBe(2);
    expect(fs.readdirSync(path.join(home, 'images')).sort()).toEqual(['a.png', 'b.png', 'results.csv']);
  });

  it.runIf(fs.existsSync('/dev/full'))('says that the disk is full', async () => {
    const batch = await classified(['a.png', 'b.png']);
    await expect(exportBatch(db, batch, '/dev/full', 'csv')).rejects.toMatchObject({
      code: 'disk-full',
      params: { file: '/dev/full' },
    });
    expect(fs.statSync('/dev/full').isCharacterDevice()).toBe(true);
  });
});

describe('isFreeFor', () => {
  it.each([
    ['nothing', null, true],
    ['an empty file', '', true],
    ['a CSV of ours', 'path,digit,confidence,second,second_confidence,status,reason\na,1,', true],
    ['a CSV of another program', 'path,digit\n', false],
    ['a picture', '\x89PNG', false],
  ])('%s', async (_, content, free) => {
    const file = path.join(home, 'results.csv');
    if (content !== null) fs.writeFileSync(file, content);
    expect(await isFreeFor('csv', file)).toBe(free);
  });

  it.each([
    [
      'JSON lines of ours',
      '{"path":"a \\"b\\".png","digit":1,"confidence":1,"second":2,"second_confidence":0',
      true,
    ],
    ['JSON lines of another program', '{"path":"a.png","label":1}\n', false],
    ['a CSV of ours', 'path,digit,confidence,second,second_confidence,status,reason\na,1,', false],
  ])('JSON lines over %s', async (_, content, free) => {
    const file = path.join(home, 'results.jsonl');
    fs.writeFileSync(file, content);
    expect(await isFreeFor('jsonl', file)).toBe(free);
  });

  it.skipIf(process.getuid?.() === 0)('throws for a file that may not be read', async () => {
    const file = path.join(home, 'secret.csv');
    fs.writeFileSync(file, 'x', { mode: 0 });
    await expect(isFreeFor('csv', file)).rejects.toMatchObject({ code: 'cannot-write', params: { file } });
  });

  it('a folder: false', async () => expect(await isFreeFor('csv', home)).toBe(false));
});

describe('csvField', () => {
  it.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ['a\nb', '"a\nb"'],
    ['a\rb', '"a\rb"'],
    ['', ''],
  ])('%j is written %j', (text, field) => expect(csvField(text)).toBe(field));
});
