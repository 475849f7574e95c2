import { matrixModes } from '../../../shared/statistics/matrix.ts';

/** What stands in the place of the confusion matrix: it, in one of its modes, or the figures of each class. */
export const matrixViews = [...matrixModes, 'classes'] as const;
export type MatrixView = (typeof matrixViews)[number];

/** A place in the table with its headers: row 0 is the column headers, column 0 the row headers, (0, 0) shows all. */
export interface Place {
  row: number;
  column: number;
}

/** Where an arrow, Home, End, PageUp or PageDown key leads to; null for any other key. */
export function movePlace({ row, column }: Place, key: string, last = 10): Place | null {
  const within = (value: number): number => Math.min(Math.max(value, 0), last);
  switch (key) {
    case 'ArrowUp':
      return { row: within(row - 1), column };
    case 'ArrowDown':
      return { row: within(row + 1), column };
    case 'ArrowLeft':
      return { row, column: within(column - 1) };
    case 'ArrowRight':
      return { row, column: within(column + 1) };
    case 'Home':
      return { row, column: 0 };
    case 'End':
      return { row, column: last };
    case 'PageUp':
      return { row: 0, column };
    case 'PageDown':
      return { row: last, column };
    default:
      return null;
  }
}
