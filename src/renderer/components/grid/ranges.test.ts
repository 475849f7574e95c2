import { expect, it } from 'vitest';
import { countIn, hasPlace, rangeBetween, togglePlace, withRange, type Ranges } from './ranges.ts';

const pairs = (ranges: Ranges): number[][] => ranges.map(({ from, to }) => [from, to]);

it('joins ranges that touch or overlap, and keeps the others apart and in order', () => {
  const two = withRange(withRange([], { from: 10, to: 12 }), { from: 2, to: 4 });
  expect(pairs(two)).toEqual([
    [2, 4],
    [10, 12],
  ]);
  expect(pairs(withRange(two, { from: 4, to: 6 }))).toEqual([
    [2, 6],
    [10, 12],
  ]);
  expect(pairs(withRange(two, { from: 3, to: 10 }))).toEqual([[2, 12]]);
});

it('takes a place out, or puts it in', () => {
  const one = [{ from: 2, to: 5 }];
  expect(pairs(togglePlace(one, 3))).toEqual([
    [2, 3],
    [4, 5],
  ]);
  expect(pairs(togglePlace(one, 2))).toEqual([[3, 5]]);
  expect(pairs(togglePlace([{ from: 2, to: 3 }], 2))).toEqual([]);
  expect(pairs(togglePlace(one, 5))).toEqual([[2, 6]]);
});

it('counts and finds places, ends included', () => {
  const ranges = [rangeBetween(7, 3)];
  expect(countIn(ranges)).toBe(5);
  expect([2, 3, 7, 8].map((place) => hasPlace(ranges, place))).toEqual([false, true, true, false]);
});
