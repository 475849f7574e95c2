import { expect, it } from 'vitest';
import { changedCells } from './changed-cells.ts';

it('a matrix gets better by more on its diagonal and fewer beside it', () => {
  const matrix = (changes: [number, number, number][]) => {
    const counts = Array.from({ length: 10 }, () => new Array<number>(10).fill(0));
    for (const [label, predicted, count] of changes) counts[label]![predicted] = count;
    return counts;
  };
  const cells = changedCells(
    matrix([
      [3, 3, 90],
      [3, 5, 8],
      [7, 7, 50],
      [7, 1, 1],
    ]),
    matrix([
      [3, 3, 94],
      [3, 5, 4],
      [7, 7, 49],
      [7, 1, 2],
    ]),
  );
  expect(cells[3]![3]).toEqual({ was: 90, is: 94, change: 4, better: true, weight: 1 });
  expect(cells[3]![5]).toEqual({ was: 8, is: 4, change: -4, better: true, weight: 1 });
  expect(cells[7]![7]).toMatchObject({ change: -1, better: false, weight: 0.5 });
  expect(cells[7]![1]).toMatchObject({ change: 1, better: false, weight: 0.5 });
  expect(cells[0]![0]).toMatchObject({ change: 0, weight: 0 });
});
