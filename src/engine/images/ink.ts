import { againstBackground, estimateBackground, reflectance } from './background.ts';
import { get, kernels, layOut, put } from './kernels.ts';
import type { GreyPicture } from './picture.ts';
import { inkRamp } from './threshold.ts';

/** Pictures below this size are tiles and cut-outs with an even background. */
const EVEN_BELOW = 48;

/** Four of 256 counts: the kernel counts in turns. */
const HISTOGRAM_BYTES = 4 * 256 * 4;
const levels = new Int32Array(256);
const table = new Uint8Array(256);

/**
 * Ink on nothing from a picture whose ink is light: paper 0, full ink 255, soft edges between. The light's unevenness is
 * divided out, as it scales what paper and ink reflect. Null when there is no ink.
 */
export function inkOf(picture: GreyPicture): GreyPicture | null {
  const { width, height } = picture;
  if (Math.max(width, height) < EVEN_BELOW) return inkBy(picture, (level) => level);
  const background = estimateBackground(picture);
  // A scanner's light is even: what it does to a brightness is the same everywhere.
  const [first] = background.levels;
  if (background.levels.every((level) => level === first))
    return inkBy(picture, (level) => Math.trunc(reflectance(level, first!)));
  return inkBy({ width, height, data: againstBackground(picture, background) }, (level) => level);
}

/** @param flatten what a brightness of the picture is without its background: 0 to 255, whole */
function inkBy({ width, height, data }: GreyPicture, flatten: (level: number) => number): GreyPicture | null {
  const [pixels, counts, map] = layOut(data.length, HISTOGRAM_BYTES, 256);
  put(pixels, data);
  kernels.histogram(pixels, data.length, counts);
  const histogram = new Int32Array(kernels.memory.buffer, counts, 256);
  levels.fill(0);
  for (let level = 0; level < 256; level++) levels[flatten(level)]! += histogram[level]!;
  const ramp = inkRamp(levels);
  if (!ramp) return null;
  for (let level = 0; level < 256; level++)
    table[level] = Math.round(
      255 * Math.min(1, Math.max(0, (flatten(level) - ramp.paper) / (ramp.ink - ramp.paper))),
    );
  put(map, table);
  kernels.lookUp(pixels, data.length, map);
  return { width, height, data: get(pixels, data.length) };
}
