import { expect, it } from 'vitest';
import { bytesOfColour, paintPoints, signOf } from './paint.ts';
import { faintOf, HIDDEN, kindsOf, NONE, RIGHT, rowAt, WRONG, type MapPoints } from './points.ts';
import { SUMMARY_SIDE, summaryOf } from './summary.ts';

const points: MapPoints = {
  ids: Uint32Array.of(5, 6, 7, 8, 9),
  places: new Float32Array(10),
  labels: Int8Array.of(3, 3, -1, -1, 4),
  predicted: Int8Array.of(3, 8, 2, 1, -1),
  confidence: Float32Array.of(0.5, 0.25, 0.75, 1, 0),
  // The fourth was rejected as no digit, the last has gone.
  decisions: Int8Array.of(0, -1, -1, 3, -1),
  flags: Uint8Array.of(1, 0, 0, 0, 0),
};

it('says what each point is, and hides what no list shows', () => {
  const all = { kind: 'all' } as const;
  expect([...kindsOf(points, 'label', all)]).toEqual([3, 3, NONE, HIDDEN, HIDDEN]);
  expect([...kindsOf(points, 'predicted', all)]).toEqual([3, 8, 2, HIDDEN, HIDDEN]);
  expect([...kindsOf(points, 'outcome', all)]).toEqual([RIGHT, WRONG, NONE, HIDDEN, HIDDEN]);
  expect(kindsOf(points, 'predicted', { kind: 'rejected' })[3]).toBe(1);
});

it('draws faint what a filter leaves out', () => {
  expect([...faintOf(points, { kind: 'misclassified' })].slice(0, 3)).toEqual([1, 0, 1]);
  const chosen = { kind: 'map', selection: '', refs: new Set(['i7']) } as const;
  expect([...faintOf(points, chosen)].slice(0, 3)).toEqual([1, 1, 0]);
  expect(rowAt(points, 0)).toEqual({
    ...{ ref: 'i5', label: 3, predicted: 3, confidence: 0.5, relabelled: true, decision: 'accepted' },
  });
});

it('paints points where they lie, those above over the others', () => {
  const picture = { data: new Uint8ClampedArray(4 * 100), width: 10, height: 10 };
  const sign = signOf('disc', 1.5);
  paintPoints(picture, {
    pixels: Float32Array.of(5, 5, 5, 5, 0, 0, 8, 8),
    kinds: Uint8Array.of(1, 0, 0, HIDDEN),
    faint: Uint8Array.of(0, 0, 1, 0),
    styles: [
      { sign, colour: [10, 20, 30] },
      { sign, colour: [200, 100, 0] },
    ],
    above: [1],
  });
  const at = (x: number, y: number): number[] => [
    ...picture.data.subarray(4 * (10 * y + x), 4 * (10 * y + x) + 4),
  ];
  expect(at(5, 5)).toEqual([200, 100, 0, 255]);
  expect(at(0, 0).slice(0, 3)).toEqual([10, 20, 30]);
  expect(at(0, 0)[3]).toBeLessThan(80);
  expect(at(8, 8)).toEqual([0, 0, 0, 0]);
  expect(bytesOfColour('#0a141e')).toEqual([10, 20, 30]);
});

it('paints 70,000 points in less than a frame or few', () => {
  const count = 70_000;
  const picture = { data: new Uint8ClampedArray(4 * 700 * 700), width: 700, height: 700 };
  const styles = Array.from({ length: 10 }, () => ({
    sign: signOf('disc', 1.6),
    colour: [1, 2, 3] as const,
  }));
  const painting = {
    pixels: Float32Array.from({ length: 2 * count }, (_, at) => (at * 7919) % 700),
    kinds: Uint8Array.from({ length: count }, (_, at) => at % 10),
    faint: new Uint8Array(count),
    ...{ styles, above: [] },
  };
  paintPoints(picture, painting);
  const began = performance.now();
  paintPoints(picture, painting);
  expect(performance.now() - began).toBeLessThan(500);
});

it('tells in numbers which classes lie among themselves', () => {
  const pixels = Float32Array.of(
    10,
    10,
    11,
    10,
    SUMMARY_SIDE - 5,
    5,
    SUMMARY_SIDE - 5,
    9,
    SUMMARY_SIDE - 5,
    6,
  );
  const rows = summaryOf(pixels, Uint8Array.of(1, 1, 2, 2, 7));
  expect(rows[1]).toEqual({ digit: 1, count: 2, together: 1, other: null });
  expect(rows[2]).toEqual({ digit: 2, count: 2, together: 0, other: 7 });
  expect(rows[3]).toEqual({ digit: 3, count: 0, together: null, other: null });
});
