import { againstBackground, estimateBackground, reflectance } from './background.ts';
import type { GreyPicture } from './picture.ts';
import { inkRamp } from './threshold.ts';

/** Pictures below this size are tiles and cut-outs with an even background. */
const EVEN_BELOW = 48;

const histogram = new Int32Array(256);
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
  histogram.fill(0);
  for (let at = 0; at < data.length; at++) histogram[data[at]!]!++;
  levels.fill(0);
  for (let level = 0; level < 256; level++) levels[flatten(level)]! += histogram[level]!;
  const ramp = inkRamp(levels);
  if (!ramp) return null;
  for (let level = 0; level < 256; level++)
    table[level] = Math.round(
      255 * Math.min(1, Math.max(0, (flatten(level) - ramp.paper) / (ramp.ink - ramp.paper))),
    );
  const ink = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at++) ink[at] = table[data[at]!]!;
  return { width, height, data: ink };
}
