import { TILE_BYTES, TILE_SIDE } from '../../shared/domain.ts';
import type { GreyPicture } from './picture.ts';

/** Side of the box that the ink fills, as in MNIST (LeCun et al. 1998, section III.A). */
export const BOX_SIDE = 20;
/** The pixel that the centre of mass falls on. */
const CENTRE = TILE_SIDE / 2;

/**
 * Whether a picture already is an MNIST tile, to be left as it is. Measured over MNIST's 70,000: the ink's long side is 20 pixels
 * (19 in 16 of them), its centre of mass lies within 0.52 pixels of (14, 14), at most 46 % of the pixels are inked, and each tile has
 * full black and full white.
 */
export function isTile({ width, height, data }: GreyPicture): boolean {
  if (width !== TILE_SIDE || height !== TILE_SIDE) return false;
  let [left, top, right, bottom, inked, peak] = [TILE_SIDE, TILE_SIDE, -1, -1, 0, 0];
  for (let y = 0, at = 0; y < TILE_SIDE; y++)
    for (let x = 0; x < TILE_SIDE; x++, at++) {
      const value = data[at]!;
      if (value === 0) continue;
      inked++;
      if (value > peak) peak = value;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  const side = Math.max(right - left, bottom - top) + 1;
  if (side < BOX_SIDE - 1 || side > BOX_SIDE || inked > TILE_BYTES / 2 || peak < 250) return false;
  const { x, y } = centreOfMass({ width, height, data });
  return Math.abs(x - CENTRE) <= 0.52 && Math.abs(y - CENTRE) <= 0.52;
}

/** In pixels, 0 at the middle of the first. */
function centreOfMass({ width, height, data }: GreyPicture): { x: number; y: number } {
  let [mass, sumX, sumY] = [0, 0, 0];
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++) {
      const value = data[at]!;
      mass += value;
      sumX += value * x;
      sumY += value * y;
    }
  return { x: sumX / mass, y: sumY / mass };
}

/** Puts a box of at most 20 x 20 onto an empty tile so that its centre of mass falls on the centre pixel. */
export const centred = (box: GreyPicture): Uint8Array => placed(box, centreOfMass(box));

/** Puts a picture of at most 28 x 28 into the middle of an empty tile. */
export const inTheMiddle = (picture: GreyPicture): Uint8Array =>
  placed(picture, { x: picture.width / 2, y: picture.height / 2 });

/** A box of which one place falls on the centre pixel, as far as the tile has room for it. */
function placed(box: GreyPicture, centre: { x: number; y: number }): Uint8Array {
  const tile = new Uint8Array(TILE_BYTES);
  const place = (at: number, length: number): number =>
    Math.min(TILE_SIDE - length, Math.max(0, Math.round(CENTRE - at)));
  const left = place(centre.x, box.width);
  const top = place(centre.y, box.height);
  for (let y = 0; y < box.height; y++)
    tile.set(box.data.subarray(y * box.width, (y + 1) * box.width), (top + y) * TILE_SIDE + left);
  return tile;
}
