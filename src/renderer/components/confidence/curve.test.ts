import { describe, expect, it } from 'vitest';
import type { MeasuredConfidence } from '../../../shared/contract/index.ts';
import { curvePoints, indexOf, nearest, stepBy, typedShare, wishAt } from './curve.ts';

const measured: MeasuredConfidence = {
  data: 'MNIST',
  split: 'validation',
  digits: 100,
  temperature: 1,
  before: { error: 0, bins: [] },
  after: { error: 0, bins: [] },
  curve: [
    { threshold: 0, accepted: 100, errors: 4 },
    { threshold: 0.5, accepted: 90, errors: 2 },
    { threshold: 0.8, accepted: 60, errors: 0 },
  ],
};
const points = curvePoints(measured);

it('has a share of rejected and wrong digits per point, and a bound above that', () => {
  expect(points.map(({ rejected }) => rejected)).toEqual([0, 0.1, 0.4]);
  expect(points.map(({ error }) => error)).toEqual([0.04, 2 / 90, 0]);
  expect(points.every(({ error, bound }) => bound > error)).toBe(true);
});

it.each([
  [0, 0],
  [0.49, 0],
  [0.5, 1],
  [0.79, 1],
  [1, 2],
])('a threshold of %f stands at point %d', (threshold, index) =>
  expect(indexOf(points, threshold)).toBe(index),
);

it.each([
  [-1, 0],
  [0.04, 0],
  [0.06, 1],
  [0.24, 1],
  [0.26, 2],
  [3, 2],
])('%f rejected is nearest to point %d', (rejected, index) => expect(nearest(points, rejected)).toBe(index));

it.each([
  ['ArrowRight', 1, 2],
  ['ArrowUp', 2, 2],
  ['ArrowLeft', 1, 0],
  ['ArrowDown', 0, 0],
  ['PageUp', 0, 2],
  ['PageDown', 2, 0],
  ['Home', 2, 0],
  ['End', 0, 2],
  ['a', 1, null],
])('%s leads from %d to %j', (key, from, to) => expect(stepBy(key, from, 3)).toBe(to));

it('the first point rejects nothing', () => {
  expect(wishAt(points, 0)).toBeNull();
  expect(wishAt(points, 2)).toEqual({ threshold: 0.8 });
});

describe('a typed share', () => {
  it.each([
    ['0.5', 100, 0.005],
    ['0,5', 100, 0.005],
    [' 3 % ', 100, 0.03],
    ['.25', 1, 0.25],
    ['1', 1, 1],
    ['100', 100, 1],
    ['101', 100, null],
    ['1.1', 1, null],
    ['-1', 100, null],
    ['1e-3', 1, null],
    ['', 1, null],
    ['half', 1, null],
  ] as const)('%j of %d is %j', (typed, scale, share) => {
    const found = typedShare(typed, scale);
    if (share === null) expect(found).toBeNull();
    else expect(found).toBeCloseTo(share, 12);
  });
});
