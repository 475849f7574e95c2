import { Scratch, type GreyPicture } from './picture.ts';

/** Part of a picture, in pixels. */
export interface Rectangle {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** For each output pixel the first input pixel and its run of weights, which add up to 1. */
interface Taps {
  first: Int32Array;
  /** `length` output pixels x `count` weights. */
  weights: Float32Array;
  count: number;
}

const floats = new Scratch((length) => new Float32Array(length));

/**
 * Resamples a part of a picture to width x height with a separable triangle filter: its support grows with the scale when it shrinks, so that
 * every input pixel counts (antialiasing), and it is bilinear when it enlarges. Pixels beyond the part do not count.
 */
export function resample(source: GreyPicture, part: Rectangle, width: number, height: number): GreyPicture {
  const across = triangleTaps(part.width, width);
  const down = triangleTaps(part.height, height);
  const rows = floats.take(part.height * width);
  for (let y = 0; y < part.height; y++)
    filterRow(source.data, (part.top + y) * source.width + part.left, across, rows, y * width, width);
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) filterColumns(rows, down, y, data, width);
  return { width, height, data };
}

export const whole = ({ width, height }: GreyPicture): Rectangle => ({ left: 0, top: 0, width, height });

function filterRow(
  source: Uint8Array,
  start: number,
  { first, weights, count }: Taps,
  target: Float32Array,
  offset: number,
  width: number,
): void {
  for (let x = 0, tap = 0; x < width; x++) {
    const from = start + first[x]!;
    let sum = 0;
    for (let k = 0; k < count; k++) sum += source[from + k]! * weights[tap++]!;
    target[offset + x] = sum;
  }
}

function filterColumns(
  rows: Float32Array,
  { first, weights, count }: Taps,
  y: number,
  target: Uint8Array,
  width: number,
): void {
  const from = first[y]! * width;
  const tap = y * count;
  for (let x = 0; x < width; x++) {
    let sum = 0.5;
    for (let k = 0, at = from + x; k < count; k++, at += width) sum += rows[at]! * weights[tap + k]!;
    target[y * width + x] = sum > 255 ? 255 : sum;
  }
}

function triangleTaps(from: number, to: number): Taps {
  const scale = from / to;
  const radius = Math.max(1, scale);
  const count = Math.min(from, Math.ceil(2 * radius) + 1);
  const first = new Int32Array(to);
  const weights = new Float32Array(to * count);
  for (let out = 0; out < to; out++) {
    const centre = (out + 0.5) * scale - 0.5;
    const start = Math.max(0, Math.min(from - count, Math.ceil(centre - radius)));
    first[out] = start;
    let sum = 0;
    for (let k = 0; k < count; k++) {
      const weight = Math.max(0, 1 - Math.abs(start + k - centre) / radius);
      weights[out * count + k] = weight;
      sum += weight;
    }
    for (let k = 0; k < count; k++) weights[out * count + k]! /= sum;
  }
  return { first, weights, count };
}
