import { expect, it } from 'vitest';
import { randomStream } from '../tensor/random.ts';
import { nearest, umapPlaces } from './umap.ts';

const WIDTH = 20;
const EACH = 60;

/** Three clouds in 20 dimensions, one after the other. */
function clouds(): Float32Array {
  const random = randomStream(7, 'clouds');
  return Float32Array.from({ length: 3 * EACH * WIDTH }, (_, at) => {
    const cloud = Math.floor(at / (EACH * WIDTH));
    return random.normal() + ((at % WIDTH) % 3 === cloud ? 4 : 0);
  });
}

it('keeps clouds apart, the same way every time', () => {
  const shares: number[] = [];
  const places = umapPlaces(clouds(), WIDTH, (done, total) => shares.push(done / total));
  expect(umapPlaces(clouds(), WIDTH, () => undefined)).toEqual(places);
  const { indices } = nearest(places, 2, 2, () => undefined);
  const alike = indices.filter(([own, other]) => Math.floor(own! / EACH) === Math.floor(other! / EACH));
  expect(alike.length).toBeGreaterThan(0.99 * indices.length);
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
  expect(shares.at(-1)).toBeGreaterThan(0.9);
  expect(shares.at(-1)).toBeLessThan(1);
});

it('finds the nearest by distance, itself first', () => {
  const { indices, distances } = nearest(Float32Array.of(0, 10, 11, 3), 1, 3, () => undefined);
  expect(indices).toEqual([
    [0, 3, 1],
    [1, 2, 3],
    [2, 1, 3],
    [3, 0, 1],
  ]);
  expect(distances[2]).toEqual([0, 1, 8]);
});

it.each([0, 1, 2, 3, 4, 5, 20])('places %i digits, few as they are', (count) => {
  const places = umapPlaces(clouds().subarray(0, count * WIDTH), WIDTH, () => undefined);
  expect(places.length).toBe(2 * count);
  expect(places.every(Number.isFinite)).toBe(true);
});

it('places digits that the model does not tell apart', () => {
  const places = umapPlaces(new Float32Array(50 * WIDTH).fill(1), WIDTH, () => undefined);
  expect(places.every(Number.isFinite)).toBe(true);
});
