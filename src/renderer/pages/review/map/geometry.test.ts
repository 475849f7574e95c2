import { describe, expect, it } from 'vitest';
import { cornersOf, fitOf, isInside, pointAhead, pointsInside, toPixels } from './geometry.ts';
import { PointIndex } from './pointIndex.ts';

const all = (): boolean => true;

describe('a lasso', () => {
  /** Like a U: the notch from above is outside. */
  const u = [0, 0, 4, 0, 4, 8, 6, 8, 6, 0, 10, 0, 10, 12, 0, 12];
  it.each([
    [2, 2, true],
    [5, 4, false],
    [5, 10, true],
    [8, 1, true],
    [-1, 5, false],
    [11, 5, false],
  ])('has %d, %d inside: %s', (x, y, inside) => expect(isInside(x, y, u)).toBe(inside));

  it('takes those inside that it may take', () => {
    const pixels = Float32Array.of(2, 2, 5, 4, 5, 10, 8, 1);
    expect(pointsInside(pixels, u, all)).toEqual([0, 2, 3]);
    expect(pointsInside(pixels, u, (at) => at !== 2)).toEqual([0, 3]);
    expect(pointsInside(pixels, cornersOf({ left: 4, top: 3, right: 6, bottom: 11 }), all)).toEqual([1, 2]);
  });
});

describe('an arrow key', () => {
  const pixels = Float32Array.of(0, 0, 10, 1, 4, 5, 30, 0, 0, -7, -3, 20);
  it.each([
    // What is nearer lies more aside than ahead.
    ['ArrowRight', 1],
    ['ArrowUp', 4],
    ['ArrowDown', 2],
    // Nothing within 45 degrees: what there is.
    ['ArrowLeft', 5],
  ] as const)('%s goes to the nearest point there', (key, wanted) =>
    expect(pointAhead(pixels, 0, key, all)).toBe(wanted),
  );
  it('leaps, passes what is hidden, and stays where nothing is ahead', () => {
    expect(pointAhead(pixels, 0, 'ArrowRight', all, 15)).toBe(3);
    expect(pointAhead(pixels, 0, 'ArrowRight', (at) => at !== 1)).toBe(3);
    expect(pointAhead(pixels, 3, 'ArrowRight', all)).toBeNull();
  });
});

it('fits a plane into the room with one scale, upwards up', () => {
  const places = Float32Array.of(0, 0, 4, 0, 4, 2);
  const pixels = toPixels(places, fitOf(places, 60, 60, 10));
  expect([...pixels]).toEqual([10, 40, 50, 40, 50, 20]);
  expect([...toPixels(Float32Array.of(3, 3), fitOf(Float32Array.of(3, 3), 60, 40, 10))]).toEqual([30, 20]);
});

it('finds the point under the pointer among a thousand as a search through all would', () => {
  const pixels = Float32Array.from({ length: 2_000 }, (_, at) => ((at * 7919) % 4001) / 10);
  const index = new PointIndex(pixels, 400, 400, (at) => at % 5 !== 0);
  for (let look = 0; look < 50; look++) {
    const [x, y] = [(look * 131) % 400, (look * 57) % 400];
    let [best, least]: [number | null, number] = [null, 400];
    for (let at = 0; at < 1_000; at++) {
      const square = (pixels[2 * at]! - x) ** 2 + (pixels[2 * at + 1]! - y) ** 2;
      if (at % 5 !== 0 && square <= least) [best, least] = [at, square];
    }
    const found = index.nearest(x, y, 20);
    if (best === null) expect(found).toBeNull();
    else
      expect(Math.hypot(pixels[2 * found!]! - x, pixels[2 * found! + 1]! - y)).toBeCloseTo(
        Math.sqrt(least),
        4,
      );
  }
});
