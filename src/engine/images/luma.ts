import { get, kernels, layOut, put } from './kernels.ts';

/** Above this mean opacity the picture brings its own paper; ink alone never covers so much of it. */
const PAPER_SHARE = 0.6;
/** Above this standard deviation the opaque pixels hold both ink and paper. */
const PAPER_SPREAD = 32;

export type Channels = 1 | 2 | 3 | 4;

/**
 * Grey from interleaved uint8 channels (Rec. 601): 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha (not premultiplied).
 * Transparency is laid over a backdrop chosen from the opaque pixels.
 */
export function lumaOf(pixels: Uint8Array, channels: Channels): Uint8Array {
  if (channels === 1) return pixels;
  const luma = channels === 2 ? everySecond(pixels) : weighted(pixels, channels);
  const opaque = channels === 3 || isOpaque(pixels, channels);
  if (!opaque) layOverBackdrop(luma, pixels, channels);
  return luma;
}

/** Pixels at a time: what the kernels' memory has grown to, it keeps. */
const STRIP = 2 ** 20;

function weighted(pixels: Uint8Array, channels: 3 | 4): Uint8Array {
  const luma = new Uint8Array(pixels.length / channels);
  for (let start = 0; start < luma.length; start += STRIP) {
    const strip = pixels.subarray(start * channels, (start + STRIP) * channels);
    const count = strip.length / channels;
    const [source, target] = layOut(strip.length, count);
    put(source, strip);
    kernels.luma(source, count, channels, target);
    luma.set(get(target, count), start);
  }
  return luma;
}

function everySecond(pixels: Uint8Array): Uint8Array {
  const values = new Uint8Array(pixels.length / 2);
  for (let pixel = 0; pixel < values.length; pixel++) values[pixel] = pixels[2 * pixel]!;
  return values;
}

/** Whether the last channel is full everywhere. */
function isOpaque(pixels: Uint8Array, channels: 2 | 4): boolean {
  let opacity = 255;
  for (let at = channels - 1; at < pixels.length; at += channels) opacity &= pixels[at]!;
  return opacity === 255;
}

function layOverBackdrop(luma: Uint8Array, pixels: Uint8Array, channels: number): void {
  const weights = new Float64Array(256);
  for (let pixel = 0, at = channels - 1; pixel < luma.length; pixel++, at += channels)
    weights[luma[pixel]!]! += pixels[at]!;
  const backdrop = backdropFor(weights, luma.length);
  for (let pixel = 0, at = channels - 1; pixel < luma.length; pixel++, at += channels) {
    const alpha = pixels[at]!;
    luma[pixel] = Math.round((luma[pixel]! * alpha + backdrop * (255 - alpha)) / 255);
  }
}

/**
 * Ink alone on nothing gets the opposite of its own brightness. Where the opaque pixels hold paper and ink (a cut-out, rounded
 * corners), the paper goes on: their median.
 */
function backdropFor(weights: Float64Array, count: number): number {
  let total = 0;
  let sum = 0;
  let squares = 0;
  weights.forEach((weight, value) => {
    total += weight;
    sum += weight * value;
    squares += weight * value * value;
  });
  if (total === 0) return 255;
  const mean = sum / total;
  const spread = Math.sqrt(Math.max(0, squares / total - mean * mean));
  if (spread < PAPER_SPREAD && total / (255 * count) < PAPER_SHARE) return mean > 127 ? 0 : 255;
  let below = 0;
  return weights.findIndex((weight) => (below += weight) >= total / 2);
}
