import { expect, it } from 'vitest';
import { classFigures, cohenKappa, macroMeans } from './agreement.ts';

/** Ten classes, all empty but the first two. */
const matrix = (rows: [number, number][]) =>
  Array.from({ length: 10 }, (_, label) => {
    const row = new Array<number>(10).fill(0);
    const [zero, one] = rows[label] ?? [0, 0];
    row[0] = zero;
    row[1] = one;
    return row;
  });

it('precision looks down a column, recall along a row', () => {
  const [zero, one, two] = classFigures(
    matrix([
      [8, 2],
      [4, 6],
    ]),
  );
  expect(zero).toEqual({ precision: 8 / 12, recall: 0.8, f1: 16 / 22, support: 10 });
  expect(one).toEqual({ precision: 6 / 8, recall: 0.6, f1: 12 / 18, support: 10 });
  expect(two).toEqual({ precision: null, recall: null, f1: null, support: 0 });
});

it('means leave out classes without a value', () => {
  const figures = classFigures(
    matrix([
      [8, 2],
      [4, 6],
    ]),
  );
  expect(macroMeans(figures).recall).toBeCloseTo(0.7, 12);
  expect(macroMeans(classFigures(matrix([])))).toEqual({ precision: null, recall: null, f1: null });
});

it('kappa is Cohen’s: 0 for chance, 1 for perfect agreement, and worked by hand in between', () => {
  expect(
    cohenKappa(
      matrix([
        [25, 25],
        [25, 25],
      ]),
    ),
  ).toBeCloseTo(0, 12);
  expect(
    cohenKappa(
      matrix([
        [7, 0],
        [0, 3],
      ]),
    ),
  ).toBe(1);
  // Observed 0.7, by chance 0.5 x 0.6 + 0.5 x 0.4.
  expect(
    cohenKappa(
      matrix([
        [20, 5],
        [10, 15],
      ]),
    ),
  ).toBeCloseTo(0.4, 12);
  expect([cohenKappa(matrix([])), cohenKappa(matrix([[5, 0]]))]).toEqual([null, null]);
});
