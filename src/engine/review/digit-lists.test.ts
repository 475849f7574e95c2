import { beforeEach, describe, expect, it } from 'vitest';
import { defaultRecipe, TILE_BYTES, type Split } from '../../shared/domain.ts';
import { addSampleModel } from '../api/test-support.ts';
import * as ledger from '../batches/ledger.ts';
import { readingOf } from '../batches/reading.ts';
import { addSampleSet } from '../datasets/sets.testing.ts';
import { projectForEach } from '../project/project.testing.ts';
import type { Project } from '../project/store.ts';
import { DigitLists, listStatement } from './digit-lists.ts';
import { setLabel, undoLabel } from './journal.ts';
import { digitPage, type DataQuery } from './page.ts';

let project: Project;
let set: number;
let batch: number;

/** Label, split, path, and what the batch reads in those of the test split. */
const DIGITS: [number | null, Split, string, number?, number?][] = [
  [3, 'train', 'b/Desk_1.png'],
  [1, 'train', 'a/desk_2.png'],
  [7, 'test', 'c/ledger.png', 7, 0.9],
  [1, 'test', 'c/DESK 100%.png', 7, 0.5],
  [1, 'test', 'a/ledger.png', 1, 0.7],
  [null, 'unlabelled', 'z.png'],
];

projectForEach(
  (made) => (project = made),
  () => project,
);
beforeEach(() => {
  const { db } = project;
  set = addSet(DIGITS);
  batch = ledger.addDataSetBatch(db, {
    name: 't',
    source: 'd',
    dataSetId: set,
    modelId: addSampleModel(db),
    recipe: defaultRecipe,
    count: 3,
  });
  const digits = ledger.queuedDigits(db, set, batch, 0, 10);
  const readings = DIGITS.filter(([, split]) => split === 'test').map(([, , , digit, confidence]) => {
    const values = new Float32Array(10).fill((1 - confidence!) / 9);
    values[digit!] = confidence!;
    return readingOf(values);
  });
  ledger.enterDigitReadings(db, batch, digits, readings, 1);
});

const addSet = (digits: typeof DIGITS): number =>
  addSampleSet(
    project.db,
    digits.map(([label, split, path], grey) => ({ label, split, path, grey })),
  );

const query = (more: Partial<DataQuery> = {}): DataQuery => ({ kind: 'data', dataSetId: set, ...more });
const reading = (more: Partial<NonNullable<DataQuery['reading']>> = {}) => ({ batchId: batch, ...more });

/** The places in `DIGITS` that a query shows; each tile carries its place. */
function shown(more: Partial<DataQuery>, lists?: DigitLists): number[] {
  const { total, rows, pixels } = digitPage(project.db, query(more), 0, 10, lists);
  expect(total).toBe(rows.length);
  return rows.map((_, index) => pixels[index * TILE_BYTES]!);
}

describe('the digits of a data set', () => {
  it.each<[string, () => Partial<DataQuery>, number[]]>([
    ['as imported', () => ({}), [0, 1, 2, 3, 4, 5]],
    ['newest first', () => ({ descending: true }), [5, 4, 3, 2, 1, 0]],
    ['by label', () => ({ order: 'label' }), [5, 1, 3, 4, 0, 2]],
    ['by path', () => ({ order: 'path' }), [1, 4, 0, 3, 2, 5]],
    ['by path, backwards', () => ({ order: 'path', descending: true }), [5, 2, 3, 0, 4, 1]],
    ['with a word in the path', () => ({ text: 'desk' }), [0, 1, 3]],
    ['with a sign that SQL has a use for', () => ({ text: '0%' }), [3]],
    ['with a word, of one split, by path', () => ({ text: 'LEDGER', split: 'test', order: 'path' }), [4, 2]],
    ['read as a seven', () => ({ reading: reading({ predicted: 7 }) }), [2, 3]],
    ['read wrongly', () => ({ reading: reading({ only: 'misclassified' }) }), [3]],
    ['read rightly, label 1', () => ({ label: 1, reading: reading({ only: 'correct' }) }), [4]],
    ['within a range of confidence', () => ({ reading: reading({ from: 0.6, to: 0.8 }) }), [4]],
    ['by confidence', () => ({ order: 'confidence', reading: reading() }), [3, 4, 2]],
    ['read, by path', () => ({ order: 'path', reading: reading({ predicted: 7 }) }), [3, 2]],
    ['read, with a word', () => ({ text: 'ledger', reading: reading({ from: 0 }) }), [2, 4]],
    ['that none fits', () => ({ text: 'nowhere' }), []],
  ])('%s', (_, more, expected) => {
    expect(shown(more())).toEqual(expected);
  });

  it('carry what a batch read, those it did not read nothing', () => {
    const { rows } = digitPage(project.db, query({ reading: reading() }), 0, 10);
    expect(rows.map(({ predicted }) => predicted)).toEqual([null, null, 7, 7, 1, null]);
    expect(rows[3]!.confidence).toBeCloseTo(0.5);
  });

  it('in windows fit together', () => {
    const lists = new DigitLists();
    const pieces = [0, 2, 4].flatMap((offset) =>
      digitPage(project.db, query({ order: 'path' }), offset, 2, lists).rows.map(({ ref }) => ref),
    );
    const all = digitPage(project.db, query({ order: 'path' }), 0, 10).rows.map(({ ref }) => ref);
    expect(pieces).toEqual(all);
  });

  it('stay as listed until the lists are cleared, then follow a label and its undo', () => {
    const lists = new DigitLists();
    const ones = { label: 1, order: 'path' } as const;
    expect(shown(ones, lists)).toEqual([1, 4, 3]);
    const [first] = digitPage(project.db, query(ones), 0, 1).rows;
    setLabel(project.db, [first!.ref], 8);
    expect(shown(ones, lists)).toEqual([1, 4, 3]);
    lists.clear();
    expect(shown(ones, lists)).toEqual([4, 3]);
    undoLabel(project.db);
    lists.clear();
    expect(shown(ones, lists)).toEqual([1, 4, 3]);
  });

  it('are not read by a batch over another set', () => {
    const other = addSet(DIGITS.slice(0, 1));
    expect(() =>
      digitPage(project.db, query({ dataSetId: other, reading: reading({ predicted: 7 }) }), 0, 10),
    ).toThrow(expect.objectContaining({ code: 'unknown-id' }));
  });

  it.each<[string, Partial<DataQuery>, RegExp]>([
    ['label', { order: 'label' }, /USING COVERING INDEX digit_label/],
    ['label of a split', { order: 'label', split: 'test' }, /USING COVERING INDEX digit_split_label/],
    ['import, backwards', { descending: true }, /USING COVERING INDEX digit_set/],
    ['path', { order: 'path' }, /file USING COVERING INDEX sqlite_autoindex_data_file_1/],
    [
      'confidence',
      { order: 'confidence', reading: { batchId: 1, from: 0.5 } },
      /item USING INDEX batch_item_doubt/,
    ],
  ])('are found for the order of %s by an index', (_, more, index) => {
    const { text, values } = listStatement(query(more));
    const plan = project.db.prepare(`EXPLAIN QUERY PLAN ${text}`).all(...values) as { detail: string }[];
    expect(plan[0]!.detail).toMatch(index);
    for (const { detail } of plan) expect(detail).not.toMatch(/^SCAN|ORDER BY/);
  });
});
