/** Rec. 601 luma in 16.16 fixed point; the weights add up to 65536, so equal channels keep their value exactly. */
const RED = 19595;
const GREEN = 38470;
const BLUE = 7471;
const HALF = 32768;

/** Above this mean opacity the picture brings its own paper; ink alone never covers so much of it. */
const PAPER_SHARE = 0.6;
/** Above this standard deviation the opaque pixels hold both ink and paper. */
const PAPER_SPREAD = 32;

export type Channels = 1 | 2 | 3 | 4;

/**
 * Grey from interleaved uint8 channels: 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha (not premultiplied).
 * Transparency is laid over a backdrop chosen from the opaque pixels.
 */
export function lumaOf(pixels: Uint8Array, channels: Channels): Uint8Array {
  if (channels === 1) return pixels;
  const count = pixels.length / channels;
  const luma = new Uint8Array(count);
  let opacity = 255;
  if (channels === 2)
    for (let pixel = 0, at = 0; pixel < count; pixel++, at += 2) {
      luma[pixel] = pixels[at]!;
      opacity &= pixels[at + 1]!;
    }
  else if (channels === 3)
    for (let pixel = 0, at = 0; pixel < count; pixel++, at += 3)
      luma[pixel] = weighted(pixels[at]!, pixels[at + 1]!, pixels[at + 2]!);
  else
    for (let pixel = 0, at = 0; pixel < count; pixel++, at += 4) {
      luma[pixel] = weighted(pixels[at]!, pixels[at + 1]!, pixels[at + 2]!);
      opacity &= pixels[at + 3]!;
    }
  if (opacity !== 255) layOverBackdrop(luma, pixels, channels);
  return luma;
}

const weighted = (red: number, green: number, blue: number): number =>
  (Math.imul(RED, red) + Math.imul(GREEN, green) + Math.imul(BLUE, blue) + HALF) >>> 16;

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
