import type { ConfusionMatrix } from '../domain.ts';

export const matrixModes = ['counts', 'row', 'column'] as const;
export type MatrixMode = (typeof matrixModes)[number];

export interface MatrixCell {
  label: number;
  predicted: number;
  count: number;
  /** Of all digits with this label, 0 to 1; 0 in an empty row. */
  rowShare: number;
  /** Of all digits read as this, 0 to 1; 0 in an empty column. */
  columnShare: number;
  /** Place on the colour scale, 0 to 1; 0 on the diagonal, which would drown the mistakes. */
  intensity: number;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

export const rowTotals = (counts: ConfusionMatrix): number[] => counts.map(sum);
export const columnTotals = (counts: ConfusionMatrix): number[] =>
  counts.map((_, column) => sum(counts.map((row) => row[column]!)));
export const correctCount = (counts: ConfusionMatrix): number => sum(counts.map((row, i) => row[i]!));

/** What a cell shows in a mode: a count, or a share of its row or column. */
export function cellValue(cell: MatrixCell, mode: MatrixMode): number {
  return mode === 'counts' ? cell.count : mode === 'row' ? cell.rowShare : cell.columnShare;
}

/**
 * The cells of a confusion matrix, row by row. The colour scale is the square root of the value over the largest mistake, so that single
 * mistakes can still be seen beside a frequent one.
 */
export function matrixCells(counts: ConfusionMatrix, mode: MatrixMode): MatrixCell[][] {
  const rows = rowTotals(counts);
  const columns = columnTotals(counts);
  const cells = counts.map((row, label) =>
    row.map((count, predicted) => ({
      label,
      predicted,
      count,
      rowShare: share(count, rows[label]!),
      columnShare: share(count, columns[predicted]!),
      intensity: 0,
    })),
  );
  const mistakes = cells.flat().filter(({ label, predicted }) => label !== predicted);
  const most = Math.max(...mistakes.map((cell) => cellValue(cell, mode)));
  if (most > 0) for (const cell of mistakes) cell.intensity = Math.sqrt(cellValue(cell, mode) / most);
  return cells;
}
