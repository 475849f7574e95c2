import { bytesOf, get, kernels, layOut, put } from './kernels.ts';
import type { GreyPicture } from './picture.ts';

/** Cells along the long side. A stroke narrower than three cells, nearly a third of the picture, is never taken for background. */
const CELLS = 10;
/** Background is what this share of a cell's pixels lies below; ink and specks lie above. */
const QUANTILE = 0.25;

const FLOAT_BYTES = 4;

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
  const raw = quantilesOf(picture, cell, size);
  const levels = new Float32Array(size);
  const spare = new Float32Array(size);
  overNeighbours(raw, spare, columns, rows, 'least');
  overNeighbours(spare, levels, columns, rows, 'greatest');
  continueSlopes(levels, raw, columns, rows);
  smooth(levels, spare, columns, rows);
  return { columns, rows, cell, levels: spare };
}

/** Per cell. */
function quantilesOf({ width, height, data }: GreyPicture, cell: number, cells: number): Float32Array {
  const [pixels, target] = layOut(data.length, cells * FLOAT_BYTES);
  put(pixels, data);
  kernels.cellQuantiles(pixels, width, height, cell, QUANTILE, target);
  return new Float32Array(kernels.memory.buffer, target, cells).slice();
}

/**
 * At the border the opening cuts off the top of a slope, such as the darkness of a corner: the slope further in goes on, up to
 * what is there.
 */
function continueSlopes(levels: Float32Array, raw: Float32Array, columns: number, rows: number): void {
  const rise = (at: number, step: number): number => Math.max(0, levels[at - step]! - levels[at - 2 * step]!);
  const lift = (at: number, step: number): void => {
    levels[at] = Math.max(levels[at]!, Math.min(raw[at]!, levels[at]! + rise(at, step)));
  };
  if (columns > 2)
    for (let row = 0; row < rows; row++) {
      lift(row * columns, -1);
      lift((row + 1) * columns - 1, 1);
    }
  if (rows > 2)
    for (let column = 0; column < columns; column++) {
      lift(column, -columns);
      lift((rows - 1) * columns + column, columns);
    }
}

/** Means over 3 x 3 cells; at the border along it alone, as a mean with what lies further in would flatten a slope. */
function smooth(from: Float32Array, to: Float32Array, columns: number, rows: number): void {
  for (let row = 0, at = 0; row < rows; row++)
    for (let column = 0; column < columns; column++, at++) {
      const across = column > 0 && column < columns - 1 ? 1 : 0;
      const down = row > 0 && row < rows - 1 ? 1 : 0;
      let sum = 0;
      for (let y = -down; y <= down; y++)
        for (let x = -across; x <= across; x++) sum += from[at + y * columns + x]!;
      to[at] = sum / ((2 * across + 1) * (2 * down + 1));
    }
}

/** The least of each cell and its neighbours, or the greatest. */
function overNeighbours(
  from: Float32Array,
  to: Float32Array,
  columns: number,
  rows: number,
  wanted: 'least' | 'greatest',
): void {
  const greatest = wanted === 'greatest';
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      let value = from[row * columns + column]!;
      for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++)
        for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
          const other = from[y * columns + x]!;
          if (greatest ? other > value : other < value) value = other;
        }
      to[row * columns + column] = value;
    }
}

/**
 * Reflectance of a picture against the paper around: 0 as light as the background or darker, 255 full ink. The background is bilinear between
 * the centres of the cells, and goes on in the same direction beyond the outermost of them.
 */
export function againstBackground(
  { width, height, data }: GreyPicture,
  { columns, rows, cell, levels }: Background,
): Uint8Array {
  const [pixels, grid, wide, target] = layOut(
    data.length,
    levels.byteLength,
    rows * (width + 3) * FLOAT_BYTES,
    data.length,
  );
  put(pixels, data);
  put(grid, bytesOf(levels));
  kernels.againstBackground(pixels, width, height, grid, columns, rows, cell, wide, target);
  return get(target, data.length);
}

/** Of a brightness against a background's. */
export const reflectance = (brightness: number, level: number): number =>
  brightness > level ? (255 * (brightness - level)) / (255 - level) : 0;
