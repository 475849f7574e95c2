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
  /** `length` output pixels x `count` weights, of single precision. */
  weights: Float64Array;
  count: number;
}

/** Runs up to this length are written out below: they cover a shrinking to half and all enlarging. */
const SHORT = 5;
/** Files of one size come in thousands, and their weights cost as much as a small picture. */
const MOST_KEPT = 64;
const kept = new Map<number, Taps>();
const floats = new Scratch((length) => new Float32Array(length));

/**
 * Resamples a part of a picture to width x height with a separable triangle filter: its support grows with the scale when it shrinks, so that
 * every input pixel counts (antialiasing), and it is bilinear when it enlarges. Pixels beyond the part do not count.
 *
 * @param invert the negative of the picture is resampled
 */
export function resample(
  source: GreyPicture,
  part: Rectangle,
  width: number,
  height: number,
  invert = false,
): GreyPicture {
  const across = tapsFor(part.width, width);
  const down = tapsFor(part.height, height);
  const rows = floats.take(part.height * width);
  const flip = invert ? 255 : 0;
  for (let y = 0; y < part.height; y++)
    filterRow(source.data, (part.top + y) * source.width + part.left, flip, across, rows, y * width);
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) filterColumns(rows, down, y, data, width);
  return { width, height, data };
}

export const whole = ({ width, height }: GreyPicture): Rectangle => ({ left: 0, top: 0, width, height });

function filterRow(
  source: Uint8Array,
  start: number,
  flip: number,
  { first, weights, count }: Taps,
  target: Float32Array,
  offset: number,
): void {
  if (count === SHORT) {
    for (let x = 0, tap = 0; x < first.length; x++, tap += SHORT) {
      const from = start + first[x]!;
      target[offset + x] =
        (source[from]! ^ flip) * weights[tap]! +
        (source[from + 1]! ^ flip) * weights[tap + 1]! +
        (source[from + 2]! ^ flip) * weights[tap + 2]! +
        (source[from + 3]! ^ flip) * weights[tap + 3]! +
        (source[from + 4]! ^ flip) * weights[tap + 4]!;
    }
    return;
  }
  for (let x = 0, tap = 0; x < first.length; x++) {
    let from = start + first[x]!;
    let sum = 0;
    for (const end = tap + count; tap < end; tap++, from++) sum += (source[from]! ^ flip) * weights[tap]!;
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
  const to = y * width;
  if (count === SHORT) {
    const [a, b, c, d, e] = [
      weights[tap]!,
      weights[tap + 1]!,
      weights[tap + 2]!,
      weights[tap + 3]!,
      weights[tap + 4]!,
    ];
    for (let x = 0, at = from; x < width; x++, at++) {
      const sum =
        0.5 +
        rows[at]! * a +
        rows[at + width]! * b +
        rows[at + 2 * width]! * c +
        rows[at + 3 * width]! * d +
        rows[at + 4 * width]! * e;
      target[to + x] = sum > 255 ? 255 : sum;
    }
    return;
  }
  for (let x = 0; x < width; x++) {
    let sum = 0.5;
    for (let k = 0, at = from + x; k < count; k++, at += width) sum += rows[at]! * weights[tap + k]!;
    target[to + x] = sum > 255 ? 255 : sum;
  }
}

function tapsFor(from: number, to: number): Taps {
  const key = from * 2 ** 20 + to;
  const known = kept.get(key);
  if (known) return known;
  if (kept.size === MOST_KEPT) kept.clear();
  const taps = triangleTaps(from, to);
  kept.set(key, taps);
  return taps;
}

function triangleTaps(from: number, to: number): Taps {
  const scale = from / to;
  const radius = Math.max(1, scale);
  const span = Math.min(from, Math.ceil(2 * radius) + 1);
  const weights = new Float32Array(to * span);
  const first = new Int32Array(to);
  for (let out = 0; out < to; out++) {
    const centre = (out + 0.5) * scale - 0.5;
    const start = Math.max(0, Math.min(from - span, Math.ceil(centre - radius)));
    first[out] = start;
    let sum = 0;
    for (let k = 0; k < span; k++) {
      const weight = Math.max(0, 1 - Math.abs(start + k - centre) / radius);
      weights[out * span + k] = weight;
      sum += weight;
    }
    for (let k = 0; k < span; k++) weights[out * span + k]! /= sum;
  }
  return trimmed(first, weights, span, from);
}

/** Without the weights of 0 that every run has at its ends, and no run shorter than is written out. */
function trimmed(first: Int32Array, weights: Float32Array, span: number, from: number): Taps {
  const skips = new Int32Array(first.length);
  let count = Math.min(from, SHORT);
  for (let out = 0; out < first.length; out++) {
    let [skip, end] = [0, span];
    while (weights[out * span + skip] === 0) skip++;
    while (weights[out * span + end - 1] === 0) end--;
    skips[out] = skip;
    count = Math.max(count, end - skip);
  }
  const short = new Float64Array(first.length * count);
  for (let out = 0; out < first.length; out++) {
    const run = weights.subarray(out * span + skips[out]!, (out + 1) * span);
    const start = Math.min(first[out]! + skips[out]!, from - count);
    short.set(run.subarray(0, count), out * count + first[out]! + skips[out]! - start);
    first[out] = start;
  }
  return { first, weights: short, count };
}
