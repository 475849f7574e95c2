import type { LayerSummary, MapShape } from '../../../shared/models/summary.ts';

/** Small pictures of the same size, with a number for each pixel; null where there is none. */
export interface Tiles {
  count: number;
  height: number;
  width: number;
  value(tile: number, row: number, column: number): number | null;
  /** Rows of one part and from one to the next, where a picture is made of parts. */
  parts?: { rows: number; step: number };
}

export interface Tensor {
  shape: readonly number[];
  values: Float32Array;
}

/** The maps of a layer's output, height x width x maps. */
export const mapTiles = ([height, width, maps]: MapShape, values: Float32Array): Tiles => ({
  count: maps,
  height,
  width,
  value: (map, row, column) => values[(row * width + column) * maps + map]!,
});

/** Some values as one picture, row by row. */
export const pictureOf = (values: ArrayLike<number>, width: number): Tiles => ({
  count: 1,
  height: values.length / width,
  width,
  value: (_, row, column) => values[row * width + column]!,
});

/** Rows of nothing between the kernels of one filter. */
const SEAM = 1;

/** Of a kernel row in the picture of a filter: which map before it belongs to, and the row in its kernel; null between two. */
export function kernelPlace(row: number, side: number): { from: number; row: number } | null {
  const at = row % (side + SEAM);
  return at >= side ? null : { from: Math.floor(row / (side + SEAM)), row: at };
}

/**
 * Kernels height x width x in x out, a picture for each filter: its kernels one below the other, in the order of the maps before. What is
 * not connected is left out.
 */
export function filterTiles(
  { shape, values }: Tensor,
  connections: readonly (readonly number[])[] | null,
): Tiles {
  const [side, width, maps, filters] = shape as [number, number, number, number];
  return {
    count: filters,
    height: maps * (side + SEAM) - SEAM,
    width,
    parts: { rows: side, step: side + SEAM },
    value(filter, row, column) {
      const place = kernelPlace(row, side);
      if (place === null || connections?.[filter]?.includes(place.from) === false) return null;
      return values[((place.row * width + column) * maps + place.from) * filters + filter]!;
    },
  };
}

/** The kernels of one filter beside each other, only those that are connected; `maps` says which. */
export function kernelsOfFilter(
  { shape, values }: Tensor,
  connections: readonly (readonly number[])[] | null,
  filter: number,
): { tiles: Tiles; maps: readonly number[] } {
  const [height, width, maps, filters] = shape as [number, number, number, number];
  const seen = connections?.[filter] ?? Array.from({ length: maps }, (_, map) => map);
  const value = (at: number, row: number, column: number): number =>
    values[((row * width + column) * maps + seen[at]!) * filters + filter]!;
  return { tiles: { count: seen.length, height, width, value }, maps: seen };
}

/** Weights in x units as one picture: units down, inputs across. */
export const weightTiles = ({ shape, values }: Tensor): Tiles => {
  const [inputs, units] = shape as [number, number];
  return {
    count: 1,
    height: units,
    width: inputs,
    value: (_, unit, input) => values[input * units + unit]!,
  };
};

/** The largest distance from 0. */
export function limitOf({ count, height, width, value }: Tiles): number {
  let limit = 0;
  for (let tile = 0; tile < count; tile++)
    for (let row = 0; row < height; row++)
      for (let column = 0; column < width; column++)
        limit = Math.max(limit, Math.abs(value(tile, row, column) ?? 0));
  return limit;
}

export interface Extent {
  low: number;
  mean: number;
  high: number;
}

/** Of one picture. */
export function extentOf({ height, width, value }: Tiles, tile: number): Extent {
  let [low, high, sum, count] = [Infinity, -Infinity, 0, 0];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const one = value(tile, row, column);
      if (one === null) continue;
      low = Math.min(low, one);
      high = Math.max(high, one);
      sum += one;
      count++;
    }
  }
  return count === 0 ? { low: 0, mean: 0, high: 0 } : { low, mean: sum / count, high };
}

/** The parts of a packed array of float32, one for each shape. */
export function unpack(buffer: ArrayBuffer, sizes: readonly number[]): Float32Array[] {
  let start = 0;
  return sizes.map((size) => {
    const part = new Float32Array(buffer, start, size);
    start += size * Float32Array.BYTES_PER_ELEMENT;
    return part;
  });
}

/** The tensors of a layer by the last part of their names: `kernel`, `bias`, … */
export function tensorsOf(
  { parameters }: LayerSummary,
  all: ReadonlyMap<string, Tensor>,
): Record<string, Tensor> {
  return Object.fromEntries(
    parameters.map(({ name }) => [name.slice(name.lastIndexOf('/') + 1), all.get(name)!]),
  );
}

/** The squared distance of some values to each row of centres, 10 x values. */
export const squaredDistances = (
  values: ArrayLike<number>,
  centres: readonly ArrayLike<number>[],
): number[] =>
  centres.map((centre) => Array.from(centre).reduce((sum, value, at) => sum + (values[at]! - value) ** 2, 0));

/** Lines around the ink of a 28 x 28 tile, as an SVG path in pixels. */
export function outlineOf(pixels: Uint8Array, side: number, ink = 128): string {
  const isInk = (row: number, column: number): boolean =>
    row >= 0 && column >= 0 && row < side && column < side && pixels[row * side + column]! >= ink;
  const lines: string[] = [];
  for (let row = 0; row <= side; row++) {
    for (let column = 0; column <= side; column++) {
      if (isInk(row, column) !== isInk(row - 1, column)) lines.push(`M${column} ${row}h1`);
      if (isInk(row, column) !== isInk(row, column - 1)) lines.push(`M${column} ${row}v1`);
    }
  }
  return lines.join('');
}
