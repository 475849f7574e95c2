import { Scratch, type GreyPicture } from './picture.ts';

/** Cells along the long side. A stroke narrower than three cells, nearly a third of the picture, is never taken for background. */
const CELLS = 10;
/** Background is what this share of a cell's pixels lies below; ink and specks lie above. */
const QUANTILE = 0.25;

const grids = new Scratch((length) => new Float32Array(length));
const rowMemory = new Scratch((length) => new Float32Array(length));
const histogram = new Int32Array(256);

/** Background brightness on a coarse grid over a picture whose ink is light. */
export interface Background {
  columns: number;
  rows: number;
  /** Pixels per cell side. */
  cell: number;
  levels: Float32Array;
}

/**
 * Estimates the illumination behind light ink: a low quantile per cell, then a morphological opening over 3 x 3 cells, which
 * removes strokes and leaves a slope as it is, then a little smoothing.
 */
export function estimateBackground(picture: GreyPicture): Background {
  const cell = Math.ceil(Math.max(picture.width, picture.height) / CELLS);
  const columns = Math.ceil(picture.width / cell);
  const rows = Math.ceil(picture.height / cell);
  const size = columns * rows;
  const buffers = grids.take(2 * size);
  const levels = buffers.subarray(0, size);
  const spare = buffers.subarray(size);
  for (let row = 0, at = 0; row < rows; row++)
    for (let column = 0; column < columns; column++, at++)
      levels[at] = cellQuantile(picture, column, row, cell);
  overNeighbours(levels, spare, columns, rows, (values) => Math.min(...values));
  overNeighbours(spare, levels, columns, rows, (values) => Math.max(...values));
  overNeighbours(
    levels,
    spare,
    columns,
    rows,
    (values) => values.reduce((sum, value) => sum + value) / values.length,
  );
  return { columns, rows, cell, levels: spare };
}

function cellQuantile(
  { width, height, data }: GreyPicture,
  column: number,
  row: number,
  cell: number,
): number {
  const right = Math.min(width, (column + 1) * cell);
  const bottom = Math.min(height, (row + 1) * cell);
  histogram.fill(0);
  for (let y = row * cell; y < bottom; y++)
    for (let x = column * cell; x < right; x++) histogram[data[y * width + x]!]!++;
  let left = QUANTILE * (right - column * cell) * (bottom - row * cell);
  let level = 0;
  while (level < 255 && (left -= histogram[level]!) > 0) level++;
  return level;
}

function overNeighbours(
  from: Float32Array,
  to: Float32Array,
  columns: number,
  rows: number,
  combine: (values: number[]) => number,
): void {
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const values: number[] = [];
      for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++)
        for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++)
          values.push(from[y * columns + x]!);
      to[row * columns + column] = combine(values);
    }
}

/** Calls back with the background of each row of pixels in turn: bilinear between the centres of the cells. */
export function forEachRow(
  { columns, rows, cell, levels }: Background,
  width: number,
  height: number,
  visit: (row: Float32Array, y: number) => void,
): void {
  const buffers = rowMemory.take(2 * width + columns);
  const row = buffers.subarray(0, width);
  const across = buffers.subarray(width, 2 * width);
  const line = buffers.subarray(2 * width);
  for (let x = 0; x < width; x++) across[x] = between(x, cell, columns);
  for (let y = 0; y < height; y++) {
    const v = between(y, cell, rows);
    const upper = Math.floor(v);
    const lower = Math.min(rows - 1, upper + 1);
    for (let column = 0; column < columns; column++) {
      const level = levels[upper * columns + column]!;
      line[column] = level + (v - upper) * (levels[lower * columns + column]! - level);
    }
    for (let x = 0; x < width; x++) {
      const u = across[x]!;
      const left = u | 0;
      const level = line[left]!;
      row[x] = left + 1 < columns ? level + (u - left) * (line[left + 1]! - level) : level;
    }
    visit(row, y);
  }
}

/** Where a pixel lies among the centres of `count` cells: 0 at the first, count - 1 at the last. */
const between = (at: number, cell: number, count: number): number =>
  Math.min(count - 1, Math.max(0, (at + 0.5) / cell - 0.5));
