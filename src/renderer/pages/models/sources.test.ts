import { describe, expect, it } from 'vitest';
import type { Batch, DataSet } from '../../../shared/contract/index.ts';
import { queryOf, sourcesOf } from './sources.ts';

const counts = (count: number): number[] => Array.from({ length: 10 }, () => count);
const set = (id: number, train: number, test: number, unlabelled = 0): DataSet => ({
  id,
  name: `set ${id}`,
  kind: 'folder',
  source: '',
  createdAt: '',
  total: 10 * (train + test) + unlabelled,
  perClass: { train: counts(train), test: counts(test) },
  unlabelled,
  bad: 0,
  hash: null,
  normalisation: { polarity: 'auto', crop: true, deskew: false },
});
const batch = (id: number, kind: Batch['kind'], done: number, rejected = 0) =>
  ({ id, kind, done, rejected, name: 'scans' }) as Batch;

describe('sourcesOf', () => {
  it('offers test digits first, and only what has digits; a test set that was read is the data set itself', () => {
    const sources = sourcesOf(
      [set(1, 5, 0, 3), set(2, 4, 1)],
      [batch(7, 'folder', 9, 3), batch(8, 'test-set', 10), batch(9, 'folder', 0)],
    );
    expect(sources.map(({ id, count }) => [id, count])).toEqual([
      ['d2 test', 10],
      ['d1 train', 50],
      ['d2 train', 40],
      ['d1 unlabelled', 3],
      ['b7', 12],
    ]);
  });
});

describe('queryOf', () => {
  const [test, unlabelled, scans] = sourcesOf([set(1, 0, 1, 3)], [batch(7, 'folder', 12)]);

  it.each([
    [test, 4, { kind: 'data', dataSetId: 1, split: 'test', label: 4 }],
    [test, null, { kind: 'data', dataSetId: 1, split: 'test' }],
    // Nothing there has a label to ask for.
    [unlabelled, 4, { kind: 'data', dataSetId: 1, split: 'unlabelled' }],
    [scans, 4, { kind: 'batch', batchId: 7, order: 'path', label: 4 }],
  ])('%o with label %s', (source, label, query) => {
    expect(queryOf(source!, label)).toEqual(query);
  });
});
