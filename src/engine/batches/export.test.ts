import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { batchFormats } from '../../shared/contract/batches.ts';
import { defaultRecipe } from '../../shared/domain.ts';
import { parseCsv } from '../../../test/e2e/csv.ts';
import { addSampleModel, ArithmeticCompute, BytesReader } from '../api/test-support.ts';
import { sql, type Db } from '../project/sqlite.ts';
import { openLedger } from '../project/store.ts';
import { isFreeFor } from './csv-target.ts';
import { exportBatch } from './export.ts';
import { addFolderBatch } from './ledger.ts';
import { runBatch } from './runner.ts';

let home: string;
let db: Db;
let batch: number;
const at = (...names: string[]): string => path.join(home, ...names);

const names = [
  'zero.png',
  'a,b.png',
  'say "7".png',
  'two\nlines.png',
  'return\r\nand line.png',
  'return\r.png',
  "quote's.png",
  ' spaces .png',
  '手写 ✍️ 7.png',
  'NULL',
  '\\N',
  '#.png',
];

beforeEach(async () => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-export-'));
  db = openLedger();
  const images = at('images');
  fs.mkdirSync(images);
  names.forEach((name, index) =>
    fs.writeFileSync(path.join(images, name), index === 0 ? '' : `content ${index}`),
  );
  fs.writeFileSync(
    Buffer.concat([Buffer.from(`${images}/`), Buffer.from([0x6e, 0xff, 0xfe, 0x22])]),
    'not UTF-8',
  );
  const modelId = addSampleModel(db);
  batch = addFolderBatch(db, {
    name: 'b',
    source: images,
    root: Buffer.from(images),
    modelId,
    recipe: defaultRecipe,
    rejection: { threshold: 0.6, wish: { threshold: 0.6 }, promise: null },
  });
  await runBatch({
    db,
    batchId: batch,
    compute: new ArithmeticCompute(),
    reader: new BytesReader(),
    modelFolder: '',
    recipe: defaultRecipe,
  });
});
afterEach(() => {
  db.close();
  fs.rmSync(home, { recursive: true, force: true });
});

async function parquet(query: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(query)).getRows();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const fields = ['path', 'digit', 'confidence', 'second', 'second_confidence', 'status', 'reason'];

it('holds the same rows, values and order in every format, whatever the names', async () => {
  for (const format of batchFormats)
    expect(await exportBatch(db, batch, at(`x.${format}`), format)).toBe(names.length + 1);
  const [header, ...csv] = parseCsv(fs.readFileSync(at('x.csv'), 'utf8'));
  expect(header).toEqual(fields);
  const typed = csv.map((row) =>
    row.map((field, index) => (field === '' ? null : index >= 1 && index <= 4 ? Number(field) : field)),
  );
  expect(new Set(typed.map((row) => row[5]))).toEqual(new Set(['done', 'rejected', 'failed']));
  const json = fs
    .readFileSync(at('x.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(Object.keys(json[0]!)).toEqual(fields);
  expect(json.map((row) => Object.values(row))).toEqual(typed);
  expect(await parquet(`SELECT * FROM '${at('x.parquet')}'`)).toEqual(typed);
  expect(
    await parquet(`DESCRIBE SELECT * FROM '${at('x.parquet')}'`).then((rows) => rows.map((row) => row[1])),
  ).toEqual(['VARCHAR', 'TINYINT', 'DOUBLE', 'TINYINT', 'DOUBLE', 'VARCHAR', 'VARCHAR']);
  expect(fs.readdirSync(home).sort()).toEqual(['images', 'x.csv', 'x.jsonl', 'x.parquet']);
});

it('is the same, byte for byte, each time, and replaces only what is its own', async () => {
  for (const format of batchFormats) {
    const file = at('images', `results.${format}`);
    await exportBatch(db, batch, file, format);
    const first = fs.readFileSync(file);
    // Among the images it may stand in place of an earlier one alone.
    await exportBatch(db, batch, file, format);
    expect(fs.readFileSync(file).equals(first), format).toBe(true);
    expect(await isFreeFor(format, file)).toBe(true);
    for (const other of batchFormats.filter((name) => name !== format))
      expect(await isFreeFor(other, file), `${format} for ${other}`).toBe(false);
    await expect(exportBatch(db, batch, at('images', 'NULL'), format)).rejects.toMatchObject({
      code: 'cannot-write',
    });
  }
  fs.writeFileSync(at('foreign.parquet'), `PAR1${'x'.repeat(9_000)}PAR1`);
  expect(await isFreeFor('parquet', at('foreign.parquet'))).toBe(false);
});

it.each(batchFormats)(
  'spans pages of rows, and when it is stopped the earlier file stays: %s',
  async (format) => {
    const insert = sql(db, `INSERT INTO batch_file (batch_id, path, status) VALUES (?, ?, 'failed')`);
    for (let index = 0; index < 4_500; index++) insert.run(batch, Buffer.from(`more/${index}`));
    const file = at(`x.${format}`);
    fs.writeFileSync(file, 'older');
    const stop = new AbortController();
    setImmediate(() => stop.abort());
    await expect(exportBatch(db, batch, file, format, stop.signal), format).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(fs.readFileSync(file, 'utf8')).toBe('older');
    expect(await exportBatch(db, batch, file, format), format).toBe(4_500 + names.length + 1);
    if (format === 'parquet') {
      const paths = await parquet(`SELECT path FROM '${file}'`);
      expect(paths).toHaveLength(4_500 + names.length + 1);
      const bytes = paths.map(([name]) => Buffer.from(name as string));
      expect(bytes.every((name, index) => index === 0 || Buffer.compare(bytes[index - 1]!, name) <= 0)).toBe(
        true,
      );
    }
    expect(fs.readdirSync(home).sort()).toEqual(['images', `x.${format}`]);
  },
);

it.runIf(fs.existsSync('/dev/full')).each(batchFormats)('says that the disk is full: %s', async (format) => {
  await expect(exportBatch(db, batch, '/dev/full', format), format).rejects.toMatchObject({
    code: 'disk-full',
  });
});
