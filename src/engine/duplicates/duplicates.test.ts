import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DuplicateFilter, DuplicatePair } from '../../shared/contract/index.ts';
import { TILE_SIDE } from '../../shared/domain.ts';
import { addSampleModel, mnistData, writeDigitFiles } from '../api/test-support.ts';
import { addDataSetBatch, queuedDigits } from '../batches/ledger.ts';
import { beginImport, runImport } from '../datasets/import.ts';
import { readMnist } from '../datasets/mnist.ts';
import { countLabelled, getDataSet, tileAt } from '../datasets/store.ts';
import { trainingSet } from '../datasets/training-set.ts';
import { ReaderPool } from '../images/reader-pool.ts';
import { openLedger } from '../project/store.ts';
import type { Db } from '../project/sqlite.ts';
import { DigitLists } from '../review/digit-lists.ts';
import { journalState, redoLabel, undoLabel } from '../review/journal.ts';
import { digitPage } from '../review/page.ts';
import { decideDuplicates } from './decide.ts';
import { contentKey, inkDifference } from './likeness.ts';
import { duplicatePage, duplicateSummary } from './pairs.ts';
import { searchDuplicates } from './search.ts';

/**
 * train/: 300 digits; test/: 60 others. Beside them: a copy of a training file in the test split, the same with another label,
 * the pixels of one in another format, and one saved as JPEG.
 */
let folder: string;
let reader: ReaderPool;
let tiles: Uint8Array;
let labels: Uint8Array;
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-duplicates-'));
  reader = new ReaderPool({ processes: 1 });
  ({ tiles, labels } = await readMnist(mnistData, 'train'));
  await writeDigitFiles(path.join(folder, 'train'), { split: 'train', count: 300 });
  await writeDigitFiles(path.join(folder, 'test'), { split: 'test', count: 60 });
  const fileOf = (at: number): string =>
    path.join(folder, 'train', String(labels[at]), `${String(at).padStart(5, '0')}.png`);
  const other = (at: number): number => (labels[at]! + 1) % 10;
  const imageOf = (at: number): Sharp =>
    sharp(tileAt(tiles, at), { raw: { width: TILE_SIDE, height: TILE_SIDE, channels: 1 } });
  fs.copyFileSync(fileOf(10), path.join(folder, 'test', String(labels[10]), 'leak.png'));
  fs.copyFileSync(fileOf(20), path.join(folder, 'train', String(other(20)), 'label.png'));
  await imageOf(30)
    .webp({ lossless: true })
    .toFile(path.join(folder, 'train', String(labels[30]), 'same.webp'));
  await imageOf(40)
    .jpeg({ quality: 97, chromaSubsampling: '4:4:4' })
    .toFile(path.join(folder, 'test', String(other(40)), 'near.jpg'));
});
afterAll(async () => {
  await reader.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

let db: Db;
let store: string;
let dataSetId: number;
beforeEach(async () => {
  store = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-duplicates-store-'));
  db = openLedger(path.join(store, 'ledger.sqlite'));
  const source = { kind: 'folder', folder, layout: 'splits' } as const;
  dataSetId = beginImport(db, source, 'copies');
  await runImport({ db, dataSetId, source, reader });
  await searchDuplicates({ db, dataSetId });
});
afterEach(() => {
  db.close();
  fs.rmSync(store, { recursive: true, force: true });
});

const pairs = (filter: DuplicateFilter = {}): DuplicatePair[] =>
  duplicatePage(db, dataSetId, filter, 0, 100).rows;
const names = (found: DuplicatePair[]): string[] =>
  found
    .map(({ first, second }) =>
      [first, second]
        .map(({ name }) => path.basename(name))
        .sort()
        .join(' '),
    )
    .sort();
const pairWith = (name: string): DuplicatePair =>
  pairs().find(({ first, second }) => first.name.endsWith(name) || second.name.endsWith(name))!;

describe('a search', () => {
  it('finds each planted copy, and nothing else', () => {
    expect(names(pairs())).toEqual([
      '00010.png leak.png',
      '00020.png label.png',
      '00030.png same.webp',
      '00040.png near.jpg',
    ]);
    expect(pairWith('leak.png')).toMatchObject({ match: 'file', difference: 0, decision: null });
    expect(pairWith('label.png').match).toBe('file');
    expect(pairWith('same.webp')).toMatchObject({ match: 'pixels', difference: 0 });
    expect(pairWith('near.jpg').match).toBe('near');
    expect(pairWith('near.jpg').difference).toBeGreaterThan(0);
  });

  it('tells pairs of other labels and leaks apart', () => {
    expect(pairs({ leak: true })).toHaveLength(2);
    expect(pairs({ labels: 'other' })).toHaveLength(2);
    expect(pairs({ labels: 'other', leak: true, match: 'near' })).toHaveLength(1);
    expect(pairs({ match: 'exact' })).toHaveLength(3);
    const { search, counts, excluded } = duplicateSummary(db, dataSetId);
    expect(search).toMatchObject({ digits: 364, more: 0 });
    expect(excluded).toBe(0);
    expect(counts.filter(({ open }) => open).reduce((sum, { count }) => sum + count, 0)).toBe(4);
  });

  it('gives both tiles of a pair', async () => {
    const { rows, pixels } = duplicatePage(db, dataSetId, { match: 'exact' }, 0, 100);
    const bytes = new Uint8Array(await pixels.arrayBuffer());
    rows.forEach((_, at) => expect(tileAt(bytes, 2 * at)).toEqual(tileAt(bytes, 2 * at + 1)));
  });

  it('keeps what was decided, and drops what was not and is gone', async () => {
    const kept = pairWith('leak.png');
    decideDuplicates(db, { dataSetId, pairs: [kept.id], action: 'keep' });
    decideDuplicates(db, { dataSetId, pairs: [pairWith('label.png').id], action: 'exclude-second' });
    await searchDuplicates({ db, dataSetId });
    expect(pairs()).toHaveLength(4);
    expect(pairWith('leak.png')).toMatchObject({ id: kept.id, decision: 'keep' });
    expect(pairs({ state: 'open' })).toHaveLength(2);
    expect(duplicateSummary(db, dataSetId).search?.digits).toBe(363);
  });

  it('can be cancelled, and then changes nothing', async () => {
    const stop = new AbortController();
    const before = duplicateSummary(db, dataSetId);
    const search = searchDuplicates({ db, dataSetId, signal: stop.signal, onProgress: () => stop.abort() });
    await expect(search).rejects.toMatchObject({ code: 'cancelled' });
    expect(duplicateSummary(db, dataSetId)).toEqual(before);
  });

  it('of thousands of near copies finds each, with the digit that it came from', async () => {
    const copies = 2_000;
    const source = db.prepare('SELECT file_id AS file FROM digit LIMIT 1').get() as { file: number };
    const insert = db.prepare(
      `INSERT INTO digit (data_set_id, file_id, position, split, given_label, label) VALUES (?, ?, ?, 'train', 0, 0)`,
    );
    const tile = db.prepare('INSERT INTO digit_tile VALUES (?, ?)');
    const ids: number[] = [];
    db.transaction(() => {
      // Originals first, from far behind those of the folder; then each once more, a little darker at one side.
      for (const part of [0, 1])
        for (let at = 0; at < copies; at++) {
          const pixels = Buffer.from(tileAt(tiles, 5_000 + at));
          if (part === 1)
            for (let y = 0; y < 28; y++)
              for (let x = 14; x < 28; x++) pixels[y * 28 + x] = Math.floor(pixels[y * 28 + x]! * 0.95);
          const id = Number(insert.run(dataSetId, source.file, 100 + ids.length).lastInsertRowid);
          tile.run(id, pixels);
          ids.push(id);
        }
    })();
    await searchDuplicates({ db, dataSetId });
    const partner = new Map(
      (
        db
          .prepare(
            'SELECT first_id AS first, second_id AS second FROM duplicate_pair ORDER BY difference DESC',
          )
          .all() as { first: number; second: number }[]
      ).map(({ first, second }) => [second, first]),
    );
    const found = Array.from({ length: copies }, (_, at) => partner.get(ids[copies + at]!) === ids[at]);
    expect(found.filter(Boolean).length).toBeGreaterThan(copies * 0.995);
  });
});

describe('a decision', () => {
  it('to exclude leaves a digit out of training, evaluation, counts and the grid, until it is undone', async () => {
    const { id, first, second } = pairWith('leak.png');
    const [train, test] = [first, second].sort((a, b) => (a.split < b.split ? 1 : -1));
    const count = (): number[] => [
      countLabelled(db, dataSetId, 'train'),
      countLabelled(db, dataSetId, 'test'),
      getDataSet(db, dataSetId).total,
      digitPage(db, { kind: 'data', dataSetId }, 0, 1).total,
      digitPage(db, { kind: 'data', dataSetId, text: '.png' }, 0, 1000, new DigitLists()).rows.length,
    ];
    expect(train!.split).toBe('train');
    expect(count()).toEqual([302, 62, 364, 364, 362]);
    const action = first.split === 'test' ? 'exclude-first' : 'exclude-second';
    decideDuplicates(db, { dataSetId, pairs: [id], action });
    expect(count()).toEqual([302, 61, 363, 363, 361]);
    const modelId = addSampleModel(db);
    const batchId = addDataSetBatch(db, {
      name: 'b',
      source: '',
      dataSetId,
      modelId,
      recipe: {} as never,
      count: 61,
    });
    expect(queuedDigits(db, dataSetId, batchId, 0, 1000)).toHaveLength(61);
    expect((await trainingSet(db, dataSetId, 'test')).labels).toHaveLength(61);
    const shown = digitPage(db, { kind: 'data', dataSetId }, 0, 1000).rows.map(({ ref }) => ref);
    expect(shown).not.toContain(test!.ref);
    expect(undoLabel(db).undo).toBeNull();
    expect(count()).toEqual([302, 62, 364, 364, 362]);
    redoLabel(db);
    expect(count()).toEqual([302, 61, 363, 363, 361]);
    expect(pairs({ state: 'decided' })).toHaveLength(1);
    decideDuplicates(db, { dataSetId, pairs: [id], action: 'reopen' });
    expect(count()).toEqual([302, 62, 364, 364, 362]);
    expect(pairs({ state: 'open' })).toHaveLength(4);
  });

  it('a label given to an excluded digit is not counted before it comes back', () => {
    const { id, second } = pairWith('label.png');
    decideDuplicates(db, { dataSetId, pairs: [id], action: 'relabel-second' });
    undoLabel(db);
    decideDuplicates(db, { dataSetId, pairs: [id], action: 'exclude-second' });
    const before = getDataSet(db, dataSetId).perClass;
    db.prepare('UPDATE digit SET label = 9 WHERE id = ?').run(Number(second.ref.slice(1)));
    expect(getDataSet(db, dataSetId).perClass).toEqual(before);
    undoLabel(db);
    expect(getDataSet(db, dataSetId).perClass.train[9]).toBe(before.train[9]! + 1);
  });

  it('of one label for both changes one, settles the pair and is one undo', () => {
    const { id, first, second } = pairWith('label.png');
    decideDuplicates(db, { dataSetId, pairs: [id], action: 'relabel-second' });
    const after = pairWith('label.png');
    expect([after.first.label, after.second.label]).toEqual([first.label, first.label]);
    expect(after.decision).toBe('relabel');
    expect(pairs({ state: 'open' })).toHaveLength(3);
    undoLabel(db);
    expect(pairWith('label.png')).toMatchObject({ decision: null, second: { label: second.label } });
  });

  it('about all that a filter shows is one step; of a leak the training digit goes', () => {
    decideDuplicates(db, { dataSetId, pairs: { state: 'open' }, action: 'exclude-one' });
    expect(journalState(db).undo).toMatchObject({ kind: 'exclude', count: 4 });
    expect(pairs({ state: 'open' })).toHaveLength(0);
    for (const { first, second } of pairs({ leak: true }))
      for (const digit of [first, second]) expect(digit.excluded).toBe(digit.split !== 'test');
    undoLabel(db);
    expect(pairs({ state: 'open' })).toHaveLength(4);
  });

  it('about a pair of another set is refused, and nothing is changed', () => {
    const ids = [pairWith('leak.png').id, 999_999];
    expect(() => decideDuplicates(db, { dataSetId, pairs: ids, action: 'keep' })).toThrow('unknown-id');
    expect(pairs({ state: 'open' })).toHaveLength(4);
  });
});

it('likeness of a tile with itself is whole, and its key its own', () => {
  const [a, b] = [tileAt(tiles, 1), tileAt(tiles, 2)];
  expect(inkDifference(a, a)).toBe(0);
  expect(inkDifference(a, b)).toBeGreaterThan(0.2);
  expect(contentKey(a)).toBe(contentKey(Uint8Array.from(a)));
  expect(contentKey(a)).not.toBe(contentKey(b));
});
