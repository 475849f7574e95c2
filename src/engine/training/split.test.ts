import { describe, expect, it } from 'vitest';
import { epochOrder, pickTiles, splitValidation } from './split.ts';

/** 1,000 labels: digit 0 six hundred times, 1 three hundred and ninety-nine times, 2 once. */
const labels = Uint8Array.from({ length: 1000 }, (_, at) => (at === 500 ? 2 : at % 5 < 3 ? 0 : 1));
const countsOf = (positions: Uint32Array): number[] =>
  [0, 1, 2].map((label) => positions.filter((position) => labels[position] === label).length);

describe('splitValidation', () => {
  it('takes the share of every class, and leaves each something to train with', () => {
    const { train, validation } = splitValidation(labels, 0.1, 1);
    const total = countsOf(Uint32Array.from(labels.keys()));
    expect(countsOf(validation)).toEqual([Math.round(total[0]! / 10), Math.round(total[1]! / 10), 0]);
    expect(countsOf(train)[2]).toBe(1);
    const all = [...train, ...validation].sort((a, b) => a - b);
    expect(all).toEqual([...labels.keys()]);
  });

  it('is chosen by the seed alone', () => {
    expect(splitValidation(labels, 0.3, 1)).toEqual(splitValidation(labels, 0.3, 1));
    expect(splitValidation(labels, 0.3, 2).validation).not.toEqual(
      splitValidation(labels, 0.3, 1).validation,
    );
  });

  it('takes nothing at share 0 and of a single digit', () => {
    expect(splitValidation(labels, 0, 1).validation).toHaveLength(0);
    expect(splitValidation(Uint8Array.of(4), 0.5, 1).train).toEqual(Uint32Array.of(0));
  });
});

it('pickTiles copies the digits at the given positions', async () => {
  const tiles = Uint8Array.from({ length: 3 * 784 }, (_, at) => Math.floor(at / 784) + 1);
  const picked = await pickTiles({ tiles, labels: Uint8Array.of(7, 8, 9) }, Uint32Array.of(2, 0));
  expect(picked.labels).toEqual(Uint8Array.of(9, 7));
  expect(picked.tiles).toEqual(Uint8Array.from({ length: 2 * 784 }, (_, at) => (at < 784 ? 3 : 1)));
});

describe('epochOrder', () => {
  it('visits every digit once, each epoch in an order of its own', () => {
    const orders = [epochOrder(100, 1, 1), epochOrder(100, 1, 2), epochOrder(100, 2, 1)];
    for (const order of orders) expect([...order].sort((a, b) => a - b)).toEqual([...Array(100).keys()]);
    expect(orders[1]).not.toEqual(orders[0]);
    expect(orders[2]).not.toEqual(orders[0]);
    expect(epochOrder(100, 1, 2)).toEqual(orders[1]);
  });
});
