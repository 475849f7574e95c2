import { describe, expect, it } from 'vitest';
import { mosaicLayout, placeAt, tileAfterKey } from './mosaic.ts';
import {
  extentOf,
  filterTiles,
  kernelsOfFilter,
  limitOf,
  mapTiles,
  outlineOf,
  squaredDistances,
  unpack,
  weightTiles,
} from './tiles.ts';

const counted = (size: number): Float32Array => Float32Array.from({ length: size }, (_, at) => at);

describe('tiles', () => {
  it('finds a unit of a map in height x width x maps', () => {
    const tiles = mapTiles([2, 3, 4], counted(24));
    expect(tiles.value(1, 1, 2)).toBe((1 * 3 + 2) * 4 + 1);
    expect(extentOf(tiles, 3)).toEqual({ low: 3, mean: 13, high: 23 });
    expect(limitOf(tiles)).toBe(23);
  });

  it('stacks the kernels of a filter, with a seam between them and nothing where it is not connected', () => {
    const kernel = { shape: [2, 2, 3, 2], values: counted(24) };
    const tiles = filterTiles(kernel, [[0, 2], [1]]);
    expect([tiles.count, tiles.height, tiles.width]).toEqual([2, 8, 2]);
    // Row 1, column 0 of the kernel over map 2.
    expect(tiles.value(0, 7, 0)).toBe((2 * 3 + 2) * 2);
    expect(tiles.value(0, 2, 0)).toBeNull();
    expect([tiles.value(0, 3, 0), tiles.value(1, 0, 0)]).toEqual([null, null]);
    const { tiles: own, maps } = kernelsOfFilter(kernel, [[0, 2], [1]], 0);
    expect([maps, own.count, own.value(1, 1, 0)]).toEqual([[0, 2], 2, (2 * 3 + 2) * 2]);
  });

  it('turns weights: units down, inputs across', () => {
    const tiles = weightTiles({ shape: [3, 2], values: counted(6) });
    expect([tiles.height, tiles.width, tiles.value(0, 1, 2)]).toEqual([2, 3, 5]);
  });

  it('takes packed numbers apart', () => {
    expect(unpack(counted(5).buffer as ArrayBuffer, [2, 3]).map((part) => [...part])).toEqual([
      [0, 1],
      [2, 3, 4],
    ]);
  });

  it('measures squared distances', () => {
    expect(
      squaredDistances(
        [1, -1],
        [
          [1, -1],
          [-1, 1],
          [1, 1],
        ],
      ),
    ).toEqual([0, 8, 4]);
  });

  it('draws a line around ink, at the edge too', () => {
    expect(outlineOf(Uint8Array.from([255, 0, 0, 0]), 2)).toBe('M0 0h1M0 0v1M1 0v1M0 1h1');
  });
});

describe('mosaic', () => {
  const six = { count: 6, tile: { width: 28, height: 28 }, gap: 8, least: 1, most: 24 };

  it('is as large as it fits, in whole multiples', () => {
    const layout = mosaicLayout({ ...six, room: { width: 540, height: 420 } });
    expect(layout).toMatchObject({ columns: 3, rows: 2, scale: 6 });
    expect(layout.width).toBeLessThanOrEqual(540);
    expect(layout.height).toBeLessThanOrEqual(420);
    const larger = (layout.scale + 1) * 28;
    const columns = Math.floor((540 + 8) / (larger + 8));
    expect(Math.ceil(6 / columns) * (larger + 8) - 8).toBeGreaterThan(420);
  });

  it('reaches below the room rather than become smaller than it may', () => {
    const layout = mosaicLayout({ ...six, count: 60, least: 3, room: { width: 200, height: 100 } });
    expect(layout).toMatchObject({ scale: 3, columns: 2, rows: 30 });
  });

  it('finds the pixel under the pointer, and none in a gap', () => {
    const layout = mosaicLayout({ ...six, room: { width: 540, height: 420 } });
    const at = (x: number, y: number) => placeAt(layout, six.tile, 6, x, y);
    expect(at(0, 0)).toEqual({ tile: 0, row: 0, column: 0 });
    expect(at(176 + 13, 176 + 7)).toEqual({ tile: 4, row: 1, column: 2 });
    expect(at(170, 5)).toBeNull();
    expect(at(-3, 5)).toBeNull();
    expect(placeAt(layout, six.tile, 4, 176 + 13, 176 + 7)).toBeNull();
  });

  it('walks by keys and stays inside', () => {
    const layout = mosaicLayout({ ...six, room: { width: 540, height: 420 } });
    const after = (at: number, key: string) => tileAfterKey(layout, 6, at, key);
    expect([
      after(0, 'ArrowRight'),
      after(1, 'ArrowDown'),
      after(4, 'ArrowDown'),
      after(0, 'ArrowLeft'),
    ]).toEqual([1, 4, 4, 0]);
    expect([after(2, 'End'), after(2, 'Home'), after(2, 'Enter')]).toEqual([5, 0, null]);
  });
});
