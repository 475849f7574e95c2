/** Ink and paper by brightness: what is at or below `paper` is background, what is at or above `ink` is full ink. */
export interface InkRamp {
  paper: number;
  ink: number;
}

/** Noise of the paper that is cut off, in standard deviations. */
const NOISE = 3;
/** Full ink is where this share of the ink pixels, edges and all, is reached. */
const FULL_INK = 0.7;
/** Ink so close to full is left as it is. */
export const ALMOST_FULL = 250;
/** Less contrast than this is no ink. */
const MIN_CONTRAST = 10;
/** Weak contrast must stand out of the paper's own spread: two halves of plain noise differ by 2.7 of it, of an even slope by 3.5. */
const WEAK_CONTRAST = 40;
const MIN_SEPARATION = 4;

/** Splits a histogram of 256 levels into background and ink (Otsu 1979); null when it holds no ink. */
export function inkRamp(histogram: Int32Array): InkRamp | null {
  const threshold = otsu(histogram);
  if (threshold === null) return null;
  const paper = momentsOf(histogram, 0, threshold);
  const ink = momentsOf(histogram, threshold + 1, 255);
  const contrast = ink.mean - paper.mean;
  if (contrast < MIN_CONTRAST) return null;
  if (contrast < WEAK_CONTRAST && contrast < MIN_SEPARATION * paper.deviation) return null;
  const level = quantile(histogram, 0, threshold, 0.5 * paper.count);
  // The half of the paper that is darker than its median holds no edges of strokes: its width is the noise alone.
  const full = quantile(histogram, threshold + 1, 255, FULL_INK * ink.count);
  const noise = level - quantile(histogram, 0, threshold, 0.16 * paper.count);
  return {
    paper: Math.min(level + NOISE * noise, threshold),
    ink: full >= ALMOST_FULL ? 255 : full,
  };
}

/** The threshold with the greatest variance between the two classes; null for a single level. */
function otsu(histogram: Int32Array): number | null {
  const all = momentsOf(histogram, 0, 255);
  let count = 0;
  let sum = 0;
  let best = 0;
  let first: number | null = null;
  let last = 0;
  for (let level = 0; level < 255; level++) {
    count += histogram[level]!;
    sum += level * histogram[level]!;
    if (count === 0 || count === all.count) continue;
    const distance = sum / count - (all.sum - sum) / (all.count - count);
    const between = count * (all.count - count) * distance * distance;
    if (between > best) {
      best = between;
      first = level;
    }
    if (between === best) last = level;
  }
  // Levels that nothing lies between are equally good: the middle of them.
  return first === null ? null : (first + last) >> 1;
}

function momentsOf(
  histogram: Int32Array,
  from: number,
  to: number,
): { count: number; sum: number; mean: number; deviation: number } {
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (let level = from; level <= to; level++) {
    const pixels = histogram[level]!;
    count += pixels;
    sum += pixels * level;
    squares += pixels * level * level;
  }
  const mean = sum / count;
  return { count, sum, mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
}

/** The level that `count` pixels, counted from `from`, lie at or below. */
function quantile(histogram: Int32Array, from: number, to: number, count: number): number {
  for (let level = from; level < to; level++) {
    count -= histogram[level]!;
    if (count <= 0) return level;
  }
  return to;
}
