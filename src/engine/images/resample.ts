import { bytesOf, get, kernels, layOut, put } from './kernels.ts';
import type { GreyPicture } from './picture.ts';

/** Part of a picture, in pixels. */
export interface Rectangle {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** For each output pixel the first input pixel and its run of weights, which add up to 1; as bytes for the kernel. */
interface Taps {
  /** Int32. */
  first: Uint8Array;
  /** Float32, output pixels x `count`. */
  weights: Uint8Array;
  count: number;
}

const FLOAT_BYTES = 4;
/** Output rows that the kernel works on at a time. */
const ROWS = 4;
/** Files of one size come in thousands, and their weights cost as much as a small picture; digits on them have some hundred sizes. */
const MOST_KEPT = 512;
const kept = new Map<number, Taps>();

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
  const down = tapsFor(part.height, height);
  const across = tapsFor(part.width, width);
  const stride = source.width;
  const rows = source.data.subarray(part.top * stride, (part.top + part.height) * stride);
  const [pixels, downFirst, downWeights, acrossFirst, acrossWeights, between, target] = layOut(
    rows.length,
    down.first.length,
    down.weights.length,
    across.first.length,
    across.weights.length,
    (part.width + 3) * ROWS * FLOAT_BYTES,
    width * height,
  );
  put(pixels, rows);
  put(downFirst, down.first);
  put(downWeights, down.weights);
  put(acrossFirst, across.first);
  put(acrossWeights, across.weights);
  kernels.resample(
    pixels + part.left,
    stride,
    part.width,
    invert ? 255 : 0,
    downFirst,
    downWeights,
    down.count,
    acrossFirst,
    acrossWeights,
    across.count,
    width,
    height,
    between,
    target,
  );
  return { width, height, data: get(target, width * height) };
}

export const whole = ({ width, height }: GreyPicture): Rectangle => ({ left: 0, top: 0, width, height });

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

/** Without the weights of 0 that every run has at its ends. */
function trimmed(first: Int32Array, weights: Float32Array, span: number, from: number): Taps {
  const skips = new Int32Array(first.length);
  let count = 1;
  for (let out = 0; out < first.length; out++) {
    let [skip, end] = [0, span];
    while (weights[out * span + skip] === 0) skip++;
    while (weights[out * span + end - 1] === 0) end--;
    skips[out] = skip;
    count = Math.max(count, end - skip);
  }
  const short = new Float32Array(first.length * count);
  for (let out = 0; out < first.length; out++) {
    const run = weights.subarray(out * span + skips[out]!, (out + 1) * span);
    const start = Math.min(first[out]! + skips[out]!, from - count);
    short.set(run.subarray(0, count), out * count + first[out]! + skips[out]! - start);
    first[out] = start;
  }
  return { first: bytesOf(first), weights: bytesOf(short), count };
}
