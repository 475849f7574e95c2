import { describe, expect, it } from 'vitest';
import { classRows, fullBar, splitCounts } from './counts.ts';

const zeros = new Array<number>(10).fill(0);
const only = (digit: number, count: number): number[] => zeros.with(digit, count);

describe('counts of a data set', () => {
  const counted = { perClass: { train: only(3, 50), test: only(3, 10).with(9, 70) }, unlabelled: 4 };

  it('stand in a row per class', () => {
    expect(classRows(counted)).toHaveLength(10);
    expect(classRows(counted)[3]).toEqual({ digit: 3, train: 50, test: 10 });
  });
  it('draw the largest class as a full bar, and nothing as an empty one', () => {
    expect(fullBar(classRows(counted))).toBe(70);
    expect(fullBar(classRows({ perClass: { train: zeros, test: zeros }, unlabelled: 9 }))).toBe(1);
  });
  it('offer the splits that hold a digit', () => {
    expect(splitCounts(counted)).toEqual([
      { split: 'all', count: 134 },
      { split: 'train', count: 50 },
      { split: 'test', count: 80 },
      { split: 'unlabelled', count: 4 },
    ]);
    expect(splitCounts({ ...counted, unlabelled: 0 }).map(({ split }) => split)).toEqual([
      'all',
      'train',
      'test',
    ]);
  });
  it('offer no choice where there is only one split', () => {
    expect(splitCounts({ perClass: { train: zeros, test: zeros }, unlabelled: 9 })).toEqual([]);
  });
});
