import { describe, expect, it } from 'vitest';
import { axisTop, smooth, spreadLabels, tickDigits } from './series.ts';

describe('smooth', () => {
  it('leaves a constant line as it is from the first point on', () => {
    const line = Array.from({ length: 20 }, (_, x) => ({ x, y: 0.3 }));
    for (const { y } of smooth(line, 8)) expect(y).toBeCloseTo(0.3, 12);
  });
  it('takes most of a jitter away and keeps x', () => {
    const jitter = Array.from({ length: 200 }, (_, x) => ({ x, y: x % 2 }));
    const tail = smooth(jitter, 20).slice(100);
    expect(tail.every(({ y }) => Math.abs(y - 0.5) < 0.03)).toBe(true);
    expect(tail[0]!.x).toBe(100);
  });
  it('follows a steep start without lag', () => {
    const falling = Array.from({ length: 40 }, (_, x) => ({ x, y: 2 * Math.exp(-x / 4) }));
    const lag = smooth(falling, 20)[4]!.y - falling[4]!.y;
    expect(lag).toBeLessThan(0.3);
  });
  it('does nothing for a window of one', () => {
    const line = [
      { x: 0, y: 4 },
      { x: 1, y: -2 },
    ];
    expect(smooth(line, 1)).toEqual(line);
  });
});

describe('axisTop', () => {
  it('lets the first steep values run out of the picture, but no validation value', () => {
    const falling = Array.from({ length: 100 }, (_, i) => (i < 10 ? 2.3 : 0.2));
    expect(axisTop(falling, [])).toBe(0.2);
    expect(axisTop(falling, [0.9])).toBeCloseTo(1, 12);
  });
  it('shows all while there is little', () => expect(axisTop([2.3], [])).toBe(2.5));
});

describe('spreadLabels', () => {
  it('leaves labels alone that have room', () =>
    expect(spreadLabels([10, 40, 90], 12, 0, 100)).toEqual([10, 40, 90]));
  it('keeps the gap and the order, in the order of the input', () => {
    const [a, b, c] = spreadLabels([52, 50, 51], 10, 0, 100);
    expect(b! + 10).toBeLessThanOrEqual(c!);
    expect(c! + 10).toBeLessThanOrEqual(a!);
  });
  it('stays within the picture', () => {
    expect(spreadLabels([99, 100, 98], 10, 0, 100)).toEqual([90, 100, 80]);
    expect(spreadLabels([-5, -3], 10, 0, 100)).toEqual([0, 10]);
  });
});

it.each([
  [1, 0],
  [0.1, 1],
  [0.05, 2],
  [2.5, 1],
  [0.1 + 0.2, 1],
])('writes steps of %d with %d digits', (step, digits) => expect(tickDigits(step)).toBe(digits));
