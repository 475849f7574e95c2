import { estimateBackground, forEachRow } from './background.ts';
import type { GreyPicture } from './picture.ts';
import { inkRamp } from './threshold.ts';

/** Pictures below this size are tiles and cut-outs with an even background. */
const EVEN_BELOW = 48;

const histogram = new Int32Array(256);
const ramp = new Uint8Array(256);

/**
 * Ink on nothing from a picture whose ink is light: paper 0, full ink 255, soft edges between. The light's unevenness is
 * divided out, as it scales what paper and ink reflect. Null when there is no ink.
 */
export function inkOf(picture: GreyPicture): GreyPicture | null {
  const { width, height } = picture;
  const even = Math.max(width, height) < EVEN_BELOW;
  const data = even ? new Uint8Array(picture.data) : withoutBackground(picture);
  histogram.fill(0);
  for (let at = 0; at < data.length; at++) histogram[data[at]!]!++;
  const levels = inkRamp(histogram);
  if (!levels) return null;
  for (let level = 0; level < 256; level++)
    ramp[level] = Math.round(
      255 * Math.min(1, Math.max(0, (level - levels.paper) / (levels.ink - levels.paper))),
    );
  for (let at = 0; at < data.length; at++) data[at] = ramp[data[at]!]!;
  return { width, height, data };
}

/** Reflectance against the paper around: 0 as light as the background, 255 full ink. */
function withoutBackground(picture: GreyPicture): Uint8Array {
  const { width, height, data } = picture;
  const rest = new Uint8Array(data.length);
  forEachRow(estimateBackground(picture), width, height, (row, y) => {
    for (let x = 0, at = y * width; x < width; x++, at++) {
      const level = row[x]!;
      const above = data[at]! - level;
      if (above > 0) rest[at] = (255 * above) / (255 - level);
    }
  });
  return rest;
}
