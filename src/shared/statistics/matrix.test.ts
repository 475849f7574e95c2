import { describe, expect, it } from 'vitest';
import { cellValue, columnTotals, correctCount, matrixCells, rowTotals } from './matrix.ts';

const counts = [
  [90, 10, 0],
  [0, 50, 0],
  [40, 0, 0],
];

describe('matrixCells', () => {
  const cells = matrixCells(counts, 'counts');
  it('gives shares of row and column', () => {
    expect(cells[0]![1]).toMatchObject({ count: 10, rowShare: 0.1, columnShare: 10 / 60 });
    expect(cells[2]![0]!.rowShare).toBe(1);
  });
  it('divides nothing by zero', () => expect(cells[1]![2]!.columnShare).toBe(0));
  it('leaves the diagonal out of the scale, which ends at the largest mistake', () => {
    expect(cells.map((row) => row.map(({ intensity }) => intensity))).toEqual([
      [0, 0.5, 0],
      [0, 0, 0],
      [1, 0, 0],
    ]);
  });
  it('scales what the mode shows', () => {
    const byColumn = matrixCells(counts, 'column');
    expect(cellValue(byColumn[2]![0]!, 'column')).toBeCloseTo(40 / 130, 12);
    expect(byColumn[2]![0]!.intensity).toBe(1);
  });
  it('has no scale when nothing is wrong', () => {
    const perfect = matrixCells(
      [
        [5, 0],
        [0, 7],
      ],
      'row',
    ).flat();
    expect(perfect.every(({ intensity }) => intensity === 0)).toBe(true);
  });
});

it('adds up', () => {
  expect(rowTotals(counts)).toEqual([100, 50, 40]);
  expect(columnTotals(counts)).toEqual([130, 60, 0]);
  expect(correctCount(counts)).toBe(140);
});
