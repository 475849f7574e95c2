import type { GreyPicture } from './picture.ts';

export type InkTone = 'dark' | 'light';

/** Longest side of the sample that is looked at. */
const SAMPLE = 32;
/** Smaller pictures are no photographs: their background is even. */
const EVEN_BELOW = 24;
const BORDER_WEIGHT = 0.5;

/**
 * Whether the ink is darker or lighter than its background. Ink is the minority: against the mean of its surroundings it
 * deviates strongly and seldom, the background weakly and often, which is the sign of the third moment. Slow changes of the light
 * fall out with the surroundings. What lies at the border, mostly background, has a smaller say: it may be a frame.
 */
export function inkTone(picture: GreyPicture): InkTone {
  const sample = sampled(picture);
  const side = Math.max(sample.width, sample.height);
  const detail = againstSurroundings(sample, side < EVEN_BELOW ? side : Math.ceil(side / 4));
  let squares = 0;
  let cubes = 0;
  let border = 0;
  let borderCount = 0;
  const { width, height } = sample;
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++) {
      const value = detail[at]!;
      squares += value * value;
      cubes += value * value * value;
      if (x === 0 || y === 0 || x === width - 1 || y === height - 1) {
        border += value;
        borderCount++;
      }
    }
  const deviation = Math.sqrt(squares / detail.length);
  if (deviation === 0) return 'dark';
  const skewness = cubes / detail.length / deviation ** 3;
  return skewness - (BORDER_WEIGHT * border) / borderCount / deviation > 0 ? 'light' : 'dark';
}

/** Every n-th pixel: keeps the shares of ink and background, thin strokes included. */
function sampled(picture: GreyPicture): GreyPicture {
  const step = Math.max(1, Math.max(picture.width, picture.height) / SAMPLE);
  const width = Math.max(1, Math.floor(picture.width / step));
  const height = Math.max(1, Math.floor(picture.height / step));
  const data = new Uint8Array(width * height);
  for (let y = 0, at = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * picture.height) / height) * picture.width;
    for (let x = 0; x < width; x++, at++)
      data[at] = picture.data[row + Math.floor(((x + 0.5) * picture.width) / width)]!;
  }
  return { width, height, data };
}

/** Each pixel minus the mean of the window around it, by a table of sums. */
function againstSurroundings({ width, height, data }: GreyPicture, radius: number): Float64Array {
  const stride = width + 1;
  const sums = new Float64Array(stride * (height + 1));
  for (let y = 0; y < height; y++)
    for (let x = 0, row = 0; x < width; x++) {
      row += data[y * width + x]!;
      sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1]! + row;
    }
  const detail = new Float64Array(width * height);
  for (let y = 0; y < height; y++) {
    const top = Math.max(0, y - radius) * stride;
    const bottom = Math.min(height, y + radius + 1) * stride;
    for (let x = 0; x < width; x++) {
      const left = Math.max(0, x - radius);
      const right = Math.min(width, x + radius + 1);
      const sum = sums[bottom + right]! - sums[top + right]! - sums[bottom + left]! + sums[top + left]!;
      const area = ((bottom - top) / stride) * (right - left);
      detail[y * width + x] = data[y * width + x]! - sum / area;
    }
  }
  return detail;
}
