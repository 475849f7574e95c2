import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CsvChoice } from '../../shared/contract/index.ts';
import { BytesReader } from '../api/test-support.ts';
import { openLedger } from '../project/store.ts';
import { csvTextOf, detectDelimiter, parseCsv } from './csv-text.ts';
import { beginImport, runImport } from './import.ts';
import { loadData } from './load.ts';
import { scanFolder, type ScanStep } from './scan.ts';
import { badFiles, getDataSet } from './store.ts';

type Scanned = Extract<ScanStep, { result: unknown }>;
let home: string;
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-csv-'));
});
afterEach(() => fs.rmSync(home, { recursive: true }));

function write(name: string, content: string | Buffer): void {
  fs.mkdirSync(path.dirname(path.join(home, name)), { recursive: true });
  fs.writeFileSync(path.join(home, name), content);
}
const pictures = (...names: string[]): void => names.forEach((name) => write(name, name));

async function scan(labels?: CsvChoice | null): Promise<Scanned> {
  for await (const step of scanFolder(home, undefined, labels)) if ('result' in step) return step;
  throw new Error('no result');
}

describe('the text of a CSV', () => {
  it.each([
    ['quotes, doubled and with line breaks', 'a,"b, ""c""\r\nd",e\r\n', [['a', 'b, "c"\r\nd', 'e']]],
    [
      'CR alone',
      'a,b\rc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'empty fields and lines',
      'a,,\n\n,b,\r\n',
      [
        ['a', '', ''],
        ['', 'b', ''],
      ],
    ],
    ['a field that ends the text', 'a,', [['a', '']]],
    ['a quote inside', 'a"b,c', [['a"b', 'c']]],
    ['what follows a closing quote', '"a"b,c', [['ab', 'c']]],
    ['a quote that is never closed', 'x,"a,b\nc', [['x', 'a,b\nc']]],
    ['nothing', '', []],
  ])('with %s', (_, text, rows) => expect(parseCsv(text, ',')).toEqual(rows));

  it('stops after the rows asked for', () => {
    expect(parseCsv('a\nb\nc', ',', 2)).toEqual([['a'], ['b']]);
  });

  it.each([
    ['a;1\nb;2', ';'],
    ['a,x;1\nb;2\nc;3', ';'],
    ['a\t1,5\nb\t2,5', '\t'],
    ['"a;b",1\n"c;d",2', ','],
    ['one column', ','],
  ])('%j is cut by %j', (text, delimiter) => expect(detectDelimiter(text)).toBe(delimiter));

  it('is read with and without a byte order mark', () => {
    const utf16 = Buffer.from('\ufeff数字,7', 'utf16le');
    expect(csvTextOf(utf16)).toEqual({ text: '数字,7', encoding: 'utf-16le' });
    expect(csvTextOf(Buffer.from(utf16).swap16())).toEqual({ text: '数字,7', encoding: 'utf-16be' });
    expect(csvTextOf(Buffer.from('\ufeffü'))).toEqual({ text: 'ü', encoding: 'utf-8' });
    expect(csvTextOf(Buffer.from([0xfc]))).toEqual({ text: 'ü', encoding: 'windows-1252' });
  });

  // "训练/数字.png,7" and "图" as GBK has them.
  const chinese = Buffer.from('d1b5c1b72fcafdd7d62e706e672c370acdbc2e706e672c380a', 'hex');
  it('in GBK is told from Western text by how its bytes pair up', () => {
    expect(csvTextOf(chinese)).toEqual({ text: '训练/数字.png,7\n图.png,8\n', encoding: 'gbk' });
    for (const text of ['Müller.png,7\nZoë.png,8', 'très élégant.png,1', '«Ä».png,2', 'Ærø Ålborg,3'])
      expect(csvTextOf(Buffer.from(text, 'latin1'))).toEqual({ text, encoding: 'windows-1252' });
  });

  it('is read by the encoding that was chosen', () => {
    expect(csvTextOf(chinese, 'windows-1252').text).toContain('Ñµ');
    expect(csvTextOf(Buffer.from('a,1', 'utf16le'), 'utf-16le')).toEqual({
      text: 'a,1',
      encoding: 'utf-16le',
    });
    expect(csvTextOf(Buffer.from([0x61, 0xff]), 'utf-8').text).toBe('a\ufffd');
  });
});

describe('a folder with a CSV', () => {
  it('is counted by its rows, with each problem, and imported so', async () => {
    pictures('a.png', 'b.png', 'sub/c.png', 'd.png', 'e.png', 'f.png', 'g.png', 'h.png');
    write(
      'labels.csv',
      Buffer.from(
        '\ufeffsubset;digit;file name\r\ntrain;3;a.png\r\ntest;7.0;./b.png\r\nvalidation;1;"sub\\c.png"\r\n;;d.png\r\n' +
          'train;12;e.png\r\ntrain;3;a.png\r\ntrain;1;f.png\r\ntrain;2;f.png\r\nelse;5;g.png\r\ntrain;9;gone.png\r\n',
      ),
    );
    const { result, source } = await scan();
    expect(result).toMatchObject({ layout: 'csv', total: 4, unlabelled: 1 });
    expect(result.perClass.train).toEqual([0, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    expect(result.perClass.test).toEqual([0, 1, 0, 0, 0, 0, 0, 1, 0, 0]);
    expect(result.csv!.used).toMatchObject({
      options: {
        ...{ file: 'labels.csv', encoding: 'utf-8', delimiter: ';', header: true },
        ...{ path: 2, label: 1, split: 0 },
      },
      names: ['subset', 'digit', 'file name'],
      rows: 10,
    });
    const kinds = result.problems.map(({ reason, example }) => [reason.code, example]).sort();
    expect(kinds).toEqual([
      ['label-out-of-range', 'e.png'],
      ['no-row', 'h.png'],
      ['row-twice', 'a.png'],
      ['row-without-file', 'gone.png'],
      ['rows-disagree', 'f.png'],
      ['split-unknown', 'g.png'],
    ]);
    const db = openLedger();
    try {
      const dataSetId = beginImport(db, source, 'rows');
      await runImport({ db, dataSetId, source, reader: new BytesReader() });
      expect(getDataSet(db, dataSetId)).toMatchObject({
        total: 4,
        unlabelled: 1,
        bad: 5,
        ...{ perClass: result.perClass },
      });
      const bad = badFiles(db, dataSetId, 0, 9).rows;
      expect(bad.map((row) => [JSON.parse(row.reason).code, row.path.toString()]).sort()).toEqual(
        kinds.filter(([code]) => code !== 'row-twice'),
      );
    } finally {
      db.close();
    }
    const data = await loadData({ source: { folder: home }, reader: new BytesReader() });
    expect([[...data.train.labels], [...data.test!.labels], data.bad]).toEqual([[3], [7, 1], 5]);
  });

  it('without a header has its columns found by what they hold', async () => {
    pictures('x/1.png', 'x/2.png', 'x/3.png');
    write('t.tsv', Buffer.from('\ufeff4\ttrain\tx/1.png\n5\ttest\tx/2.png\n6\ttrain\tx/3.png\n', 'utf16le'));
    const { result } = await scan();
    expect(result.total).toBe(3);
    expect(result.csv!.used).toMatchObject({
      options: { encoding: 'utf-16le', delimiter: '\t', header: false, path: 2, label: 0, split: 1 },
      columns: 3,
      preview: [
        ['4', 'train', 'x/1.png'],
        ['5', 'test', 'x/2.png'],
        ['6', 'train', 'x/3.png'],
      ],
    });
  });

  it('in GBK names files whose names are UTF-8, and keeps its encoding for the import', async () => {
    pictures('训练/数字.png', '图.png');
    write('t.csv', Buffer.from('d1b5c1b72fcafdd7d62e706e672c370acdbc2e706e672c380a', 'hex'));
    const { result, source } = await scan();
    expect(result).toMatchObject({ total: 2, csv: { used: { options: { encoding: 'gbk' } } } });
    expect(source).toMatchObject({ layout: 'csv', csv: { encoding: 'gbk' } });
    const wrong = await scan({ file: 't.csv', encoding: 'windows-1252' });
    expect(wrong.result).toMatchObject({
      total: 0,
      csv: { used: { options: { encoding: 'windows-1252' } } },
    });
  });

  it('is read as it is corrected, or not at all', async () => {
    pictures('a.png', 'b.png');
    write('t.csv', 'name,old,new\na.png,1,2\nb.png,3,4\n');
    const detected = (await scan()).result.csv!.used!.options;
    expect(detected).toMatchObject({ path: 0, label: 1, split: null });
    const corrected = (await scan({ ...detected, label: 2 })).result;
    expect(corrected.perClass.train).toEqual([0, 0, 1, 0, 1, 0, 0, 0, 0, 0]);
    expect((await scan({ ...detected, label: null })).result).toMatchObject({ total: 2, unlabelled: 2 });
    expect((await scan({ file: 't.csv', delimiter: ';' })).result).toMatchObject({ layout: 'csv', total: 0 });
    // The CSV is a file like any other then.
    expect((await scan(null)).result).toMatchObject({
      layout: 'flat',
      csv: { files: ['t.csv'], used: null },
    });
    await expect(scan({ file: '../t.csv' })).rejects.toMatchObject({ code: 'bad-request' });
    await expect(scan({ file: 'none.csv' })).rejects.toMatchObject({ code: 'data-damaged' });
  });

  it('leaves class folders alone unless it is chosen, and ignores a table of something else', async () => {
    pictures('3/a.png', '4/b.png');
    write('t.csv', '3/a.png,8\n4/b.png,8\n');
    expect((await scan()).result).toMatchObject({ layout: 'classes', csv: { used: null } });
    expect((await scan({ file: 't.csv' })).result.perClass.train[8]).toBe(2);
    fs.renameSync(path.join(home, '3'), path.join(home, 'x'));
    fs.renameSync(path.join(home, '4'), path.join(home, 'y'));
    expect((await scan()).result).toMatchObject({ layout: 'flat', csv: { used: null } });
  });
});
