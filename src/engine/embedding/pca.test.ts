import { expect, it } from 'vitest';
import { principalPlane } from './pca.ts';

const rounded = (values: Float32Array): number[] =>
  [...values].map((value) => Math.round(1e4 * value) / 1e4 + 0);

it('turns points so that the first axis carries most of their variance', () => {
  // A cross with arms of 2 and 1, centred on (5, 7), that stands on its head: variances 8/3 and 2/3.
  const { places, explained } = principalPlane(Float32Array.of(5, 9, 5, 5, 6, 7, 4, 7), 2);
  expect(rounded(places)).toEqual([2, 0, -2, 0, 0, 1, 0, -1]);
  expect(explained[0]).toBeCloseTo(0.8, 10);
  expect(explained[1]).toBeCloseTo(0.2, 10);
});

it('finds a plane in more dimensions, and keeps the distances within it', () => {
  // Spanned by (1, 2, 2) / 3 and (2, 1, -2) / 3, moved by 10.
  const plane = [
    [3, 0],
    [-3, 0],
    [0, 1],
    [0, -1],
    [3, 1],
    [-3, -1],
  ] as const;
  const points = plane.flatMap(([a, b]) => [
    10 + (a + 2 * b) / 3,
    10 + (2 * a + b) / 3,
    10 + (2 * a - 2 * b) / 3,
  ]);
  const { places, explained } = principalPlane(Float32Array.from(points), 3);
  expect(explained[0] + explained[1]).toBeCloseTo(1, 6);
  const distance = (a: number, b: number): number =>
    Math.hypot(places[2 * a]! - places[2 * b]!, places[2 * a + 1]! - places[2 * b + 1]!);
  for (let a = 0; a < plane.length; a++)
    for (let b = 0; b < a; b++)
      expect(distance(a, b)).toBeCloseTo(
        Math.hypot(plane[a]![0] - plane[b]![0], plane[a]![1] - plane[b]![1]),
        4,
      );
});

it('puts all digits in one place where the model sees no difference', () => {
  const { places, explained } = principalPlane(new Float32Array(12).fill(3), 4);
  expect([...places]).toEqual(new Array(6).fill(0));
  expect(explained).toEqual([0, 0]);
});

it('knows a single feature', () => {
  const { places, explained } = principalPlane(Float32Array.of(1, 2, 3), 1);
  expect(rounded(places)).toEqual([-1, 0, 0, 0, 1, 0]);
  expect(explained).toEqual([1, 0]);
});
