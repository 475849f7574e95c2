import { describe, expect, it } from 'vitest';
import { defaultRecipe, TILE_BYTES } from '../../shared/domain.ts';
import { addSampleModel } from '../api/test-support.ts';
import * as ledger from '../batches/ledger.ts';
import { readingOf } from '../batches/reading.ts';
import { getBatch } from '../batches/store.ts';
import { getDataSet, removeDataSet } from '../datasets/store.ts';
import { trainingSet } from '../datasets/training-set.ts';
import { purge } from '../project/purge.ts';
import { single } from '../project/sqlite.ts';
import { projectForEach } from '../project/project.testing.ts';
import { openProject, type Project } from '../project/store.ts';
import { confusion } from './confusion.ts';
import { digitDetail } from './detail.ts';
import { matrixCsv, matrixSvg } from './export-matrix.ts';
import { journalHistory, journalState, redoLabel, setLabel, undoLabel } from './journal.ts';
import { batchWindow, digitPage } from './page.ts';
import { batchRejectCurve } from './reject-curve.ts';
import { dataSet, folderBatch, outputs } from './review.testing.ts';

let project: Project;
let folder: string;
projectForEach(
  (made, place) => ([project, folder] = [made, place]),
  () => project,
);

const query = (batchId: number, more: object = {}) => ({
  kind: 'batch' as const,
  batchId,
  order: 'doubt' as const,
  ...more,
});

describe('the confusion matrix', () => {
  it('counts labels in rows and readings in columns, and what has no label apart', () => {
    const batch = folderBatch(project.db, [
      [3, 3, 0.9],
      [3, 5, 0.6],
      [3, 5, 0.7],
      [5, 5, 0.8],
      [null, 1, 0.5],
    ]);
    const { counts, labelled, unlabelled, accuracy } = confusion(project.db, batch);
    expect(counts[3]).toEqual([0, 0, 0, 1, 0, 2, 0, 0, 0, 0]);
    expect(counts[5]![5]).toBe(1);
    expect({ labelled, unlabelled, accuracy }).toEqual({ labelled: 4, unlabelled: 1, accuracy: 0.5 });
    expect(getBatch(project.db, batch)).toMatchObject({
      total: 5,
      done: 5,
      queued: 0,
      labelled: 4,
      accuracy: 0.5,
    });
  });

  it('follows every correction and its undo, as if counted anew', () => {
    const batch = folderBatch(project.db, [
      [3, 3, 0.9],
      [3, 5, 0.6],
      [5, 5, 0.8],
    ]);
    const [doubtful] = digitPage(project.db, query(batch), 0, 1).rows;
    setLabel(project.db, [doubtful!.ref], 5);
    expect(confusion(project.db, batch).accuracy).toBe(1);
    const recount = (): number =>
      single(project.db, 'SELECT SUM(label = digit) FROM batch_item WHERE batch_id = ?', batch);
    expect(recount()).toBe(3);
    undoLabel(project.db);
    expect(confusion(project.db, batch).counts[3]![5]).toBe(1);
    expect(recount()).toBe(2);
  });
});

it('rejects the doubtful digits of a batch first, by their labels as they are now', async () => {
  const batch = folderBatch(project.db, [
    [1, 1, 0.9],
    [2, 3, 0.5],
    [4, 4, 0.7],
    [null, 5, 0.1],
  ]);
  expect(await batchRejectCurve(project.db, batch)).toMatchObject([
    { threshold: 0, accepted: 3, errors: 1 },
    { accepted: 2, errors: 0 },
  ]);
  const { rows } = digitPage(project.db, { kind: 'batch', batchId: batch, order: 'doubt' }, 1, 1);
  setLabel(project.db, [rows[0]!.ref], 3);
  expect(await batchRejectCurve(project.db, batch)).toMatchObject([{ threshold: 0, accepted: 3, errors: 0 }]);
  expect(await batchRejectCurve(project.db, folderBatch(project.db, [[null, 1, 0.5]]))).toEqual([]);
});

describe('a confusion matrix that is saved', () => {
  it('as CSV has counts and figures of every label', () => {
    const batch = folderBatch(project.db, [
      [1, 1, 0.9],
      [1, 7, 0.5],
      [7, 7, 0.7],
    ]);
    const [head, ...rows] = matrixCsv(confusion(project.db, batch).counts).trimEnd().split('\n');
    expect(head).toBe(
      'label,read_as_0,read_as_1,read_as_2,read_as_3,read_as_4,read_as_5,read_as_6,read_as_7,read_as_8,read_as_9,support,precision,recall,f1',
    );
    expect([rows.length, rows[1], rows[0]]).toEqual([
      10,
      '1,0,1,0,0,0,0,0,1,0,0,2,1.000000,0.500000,0.666667',
      '0,0,0,0,0,0,0,0,0,0,0,0,,,',
    ]);
  });

  it('as SVG is well-formed whatever the batch is called, and says what the cells show', () => {
    const batch = folderBatch(project.db, [
      [1, 1, 0.9],
      [1, 7, 0.5],
    ]);
    const svg = matrixSvg('<a & "b">', confusion(project.db, batch), 'row', 'en');
    expect(svg).toContain('<title>&#60;a &#38; &#34;b&#34;&#62;</title>');
    expect(svg.match(/>50\.0<\/text>/g)).toHaveLength(2);
    expect(svg.match(/<rect /g)).toHaveLength(101);
  });
});

it('gives the surest digits first when asked', () => {
  const batch = folderBatch(project.db, [
    [1, 1, 0.9],
    [1, 7, 0.5],
    [7, 7, 0.7],
  ]);
  const of = (more: object) =>
    digitPage(project.db, { kind: 'batch', batchId: batch, order: 'sure', ...more }, 0, 9).rows.map(
      ({ confidence }) => confidence,
    );
  expect(of({}).map((value) => value?.toFixed(1))).toEqual(['0.9', '0.7', '0.5']);
  expect(of({ label: 1 }).map((value) => value?.toFixed(1))).toEqual(['0.9', '0.5']);
});

describe('a page of digits', () => {
  it('is ordered by doubt, then by place, and windows fit together', () => {
    const batch = folderBatch(
      project.db,
      Array.from({ length: 57 }, (_, i) => [i % 10, (i * 7) % 10, 0.5 + ((i * 13) % 10) / 25]),
    );
    const all = digitPage(project.db, query(batch), 0, 100);
    expect(all.total).toBe(57);
    const confidences = all.rows.map(({ confidence }) => confidence!);
    expect(confidences).toEqual([...confidences].sort((a, b) => a - b));
    const pieces = [0, 20, 40].flatMap((offset) => digitPage(project.db, query(batch), offset, 20).rows);
    expect(pieces).toEqual(all.rows);
    const inPlace = digitPage(project.db, query(batch, { order: 'path' }), 10, 2);
    expect([
      ...inPlace.pixels.subarray(0, 1),
      ...inPlace.pixels.subarray(TILE_BYTES, TILE_BYTES + 1),
    ]).toEqual([10, 11]);
  });

  it.each([
    ['a cell', { label: 3, predicted: 5 }, 2],
    ['a label', { label: 3 }, 3],
    ['no label', { label: null }, 1],
    ['a reading', { predicted: 5 }, 3],
    ['misclassified', { only: 'misclassified' }, 2],
    ['correct', { only: 'correct' }, 2],
    ['correct threes', { only: 'correct', label: 3 }, 1],
    ['relabelled', { only: 'relabelled' }, 0],
  ])('filtered by %s has the total that it has rows', (_, filter, expected) => {
    const batch = folderBatch(project.db, [
      [3, 3, 0.9],
      [3, 5, 0.6],
      [3, 5, 0.7],
      [5, 5, 0.8],
      [null, 1, 0.5],
    ]);
    const page = digitPage(project.db, query(batch, filter), 0, 10);
    expect([page.total, page.rows.length]).toEqual([expected, expected]);
  });

  it.each([
    {},
    { predicted: 5 },
    { label: 3 },
    { label: null },
    { label: 3, predicted: 5 },
    { only: 'correct' },
    { only: 'misclassified' },
    { only: 'misclassified', label: 3 },
    { only: 'relabelled' },
    { only: 'suspected' },
    { order: 'path', label: 3 },
  ] as const)('finds its window for %j in one index, without sorting', (filter) => {
    const { ids, where } = batchWindow(query(1, filter));
    const plan = project.db.prepare(`EXPLAIN QUERY PLAN ${ids}`).all(...where.values, 200, 5_000);
    expect(plan).toEqual([
      expect.objectContaining({ detail: expect.stringMatching(/^SEARCH batch_item USING/) }),
    ]);
  });
});

describe('labels', () => {
  it('of a test-set batch are those of the data set', () => {
    const { db } = project;
    const set = dataSet(project.db, [1, 2, 3, 4]);
    const batch = ledger.addDataSetBatch(db, {
      name: 't',
      source: 'd',
      dataSetId: set,
      modelId: addSampleModel(db),
      recipe: defaultRecipe,
      count: 2,
    });
    const digits = ledger.queuedDigits(db, set, batch, 0, 10);
    ledger.enterDigitReadings(
      db,
      batch,
      digits,
      digits.map(() => readingOf(outputs(7, 0.9))),
      1,
    );
    const [item] = digitPage(db, query(batch, { label: 2 }), 0, 10).rows;
    setLabel(db, [item!.ref], 7);
    expect(getDataSet(db, set).perClass.test).toEqual([0, 0, 0, 0, 1, 0, 0, 1, 0, 0]);
    expect(
      digitPage(db, { kind: 'data', dataSetId: set, split: 'test', label: 7 }, 0, 10).rows,
    ).toMatchObject([{ label: 7, relabelled: true }]);
    expect(digitPage(db, query(batch, { only: 'correct' }), 0, 10).rows).toMatchObject([
      { ref: item!.ref, label: 7 },
    ]);
    expect(digitDetail(db, item!.ref)).toMatchObject({
      name: 'images#1',
      split: 'test',
      givenLabel: 2,
      label: 7,
      history: [{ from: 2, to: 7 }],
    });
    // The same digit, named in both ways, changes once.
    setLabel(
      db,
      [item!.ref, digitPage(db, { kind: 'data', dataSetId: set, label: 7 }, 0, 1).rows[0]!.ref],
      0,
    );
    expect(journalState(db).undo).toMatchObject({ count: 1, from: 7, to: 0 });
  });

  it('are changed, undone and redone over a restart', () => {
    const batch = folderBatch(project.db, [
      [3, 5, 0.6],
      [3, 5, 0.7],
      [4, 5, 0.8],
    ]);
    const refs = digitPage(project.db, query(batch), 0, 3).rows.map(({ ref }) => ref);
    const labels = (): (number | null)[] =>
      digitPage(project.db, query(batch), 0, 3).rows.map(({ label }) => label);
    const reopen = (): void => {
      project.close();
      project = openProject(folder);
    };
    setLabel(project.db, refs.slice(0, 2), 5);
    setLabel(project.db, refs.slice(1), null);
    expect(labels()).toEqual([5, null, null]);
    reopen();
    expect(undoLabel(project.db)).toMatchObject({
      undo: { count: 2, from: 3, to: 5 },
      redo: { count: 2, from: null, to: null },
    });
    expect(labels()).toEqual([5, 5, 4]);
    reopen();
    undoLabel(project.db);
    expect(labels()).toEqual([3, 3, 4]);
    expect(undoLabel(project.db).undo).toBeNull();
    redoLabel(project.db);
    expect(labels()).toEqual([5, 5, 4]);
    // A new step ends what could be redone; the record keeps it.
    setLabel(project.db, [refs[2]!], 9);
    expect(journalState(project.db).redo).toBeNull();
    expect(labels()).toEqual([5, 5, 9]);
    expect(journalHistory(project.db, 0, 10).entries.map(({ undone }) => undone)).toEqual([
      false,
      true,
      false,
    ]);
    expect(digitDetail(project.db, refs[0]!).history.map(({ from, to }) => [from, to])).toEqual([
      [3, 5],
      [5, 3],
      [3, 5],
    ]);
  });

  it('change all together or not at all', () => {
    const batch = folderBatch(project.db, [[3, 5, 0.6]]);
    const [row] = digitPage(project.db, query(batch), 0, 1).rows;
    expect(() => setLabel(project.db, [row!.ref, 'i999999'], 5)).toThrow(/unknown-id/);
    expect(digitPage(project.db, query(batch), 0, 1).rows).toEqual([row]);
    expect(journalState(project.db).undo).toBeNull();
    expect(setLabel(project.db, [row!.ref], 3).undo).toBeNull();
  });
});

describe('a data set', () => {
  it('packs a split with the labels of now, in order', async () => {
    const set = dataSet(project.db, [1, 2, 3, 4]);
    const [first] = digitPage(project.db, { kind: 'data', dataSetId: set, split: 'train' }, 0, 1).rows;
    setLabel(project.db, [first!.ref], 9);
    const { tiles, labels } = await trainingSet(project.db, set, 'train');
    expect([...labels]).toEqual([9, 3]);
    expect([tiles.length, tiles[0], tiles[TILE_BYTES]]).toEqual([2 * TILE_BYTES, 1, 3]);
  });

  it('that is removed takes its digits, its batches and their steps along, and leaves nothing behind', async () => {
    const { db } = project;
    const set = dataSet(project.db, [1, 2, 3, 4]);
    const batch = ledger.addDataSetBatch(db, {
      name: 't',
      source: 'd',
      dataSetId: set,
      modelId: addSampleModel(db),
      recipe: defaultRecipe,
      count: 2,
    });
    const digits = ledger.queuedDigits(db, set, batch, 0, 10);
    ledger.enterDigitReadings(
      db,
      batch,
      digits,
      digits.map(() => readingOf(outputs(7, 0.9))),
      1,
    );
    setLabel(db, [`d${digits[0]!.id}`], 7);
    removeDataSet(db, set);
    expect(() => getDataSet(db, set)).toThrow(/unknown-id/);
    expect(() => getBatch(db, batch)).toThrow(/unknown-id/);
    await purge(db);
    for (const table of [
      'digit',
      'digit_tile',
      'data_file',
      'data_cell',
      'batch',
      'batch_item',
      'batch_cell',
      'batch_decision',
      'label_change',
      'item_change',
    ])
      expect([table, single(db, `SELECT COUNT(*) FROM ${table}`)]).toEqual([table, 0]);
    expect(journalState(db)).toEqual({ undo: null, redo: null });
  });
});
