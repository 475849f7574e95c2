import sharp, { type Sharp } from 'sharp';
import { TILE_BYTES, TILE_SIDE } from '../../shared/domain.ts';
import type { GreyPicture } from './picture.ts';

/** A copy of the tile at a place in N x 28 x 28. */
export const tileOf = (tiles: Uint8Array, index: number): Uint8Array =>
  new Uint8Array(tiles.subarray(index * TILE_BYTES, (index + 1) * TILE_BYTES));

export const asPicture = (data: Uint8Array, side = TILE_SIDE): GreyPicture => ({
  width: side,
  height: data.length / side,
  data,
});

/** A grey picture for sharp to write in some format. */
export const asSharp = ({ width, height, data }: GreyPicture): Sharp =>
  sharp(data, { raw: { width, height, channels: 1 } }).toColourspace('b-w');

/** White paper with a tile's digit in black, `scale` times as large, in the middle of a picture `margin` pixels larger at each side. */
export async function scanOf(tile: Uint8Array, scale = 5, margin = 30): Promise<GreyPicture> {
  const side = TILE_SIDE * scale;
  const enlarged = await asSharp(asPicture(tile)).resize(side, side, { kernel: 'cubic' }).toBuffer();
  const { data, info } = await sharp(enlarged, { raw: { width: side, height: side, channels: 1 } })
    .extend({ top: margin, bottom: margin, left: margin, right: margin, background: '#000' })
    .negate()
    .toColourspace('b-w')
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(data) };
}

/**
 * A scan as a hand-held camera sees it: the light falls off from one corner to the other and towards the edges, black is dark grey,
 * and the sensor adds noise (Gaussian, by a generator of its own so that it is the same each time).
 */
export function photographed({ width, height, data }: GreyPicture, noise = 6): GreyPicture {
  const random = uniform(width * height);
  const photo = new Uint8Array(data.length);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++) {
      const [u, v] = [x / width, y / height];
      const light = 0.95 - 0.3 * u - 0.15 * v - 0.3 * ((u - 0.5) ** 2 + (v - 0.5) ** 2);
      const reflectance = 0.15 + (0.85 * data[at]!) / 255;
      const gaussian = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
      photo[at] = Math.min(255, Math.max(0, Math.round(255 * light * reflectance + noise * gaussian)));
    }
  return { width, height, data: photo };
}

/** Numbers in [0, 1) from a seed (mulberry32). */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Pearson's correlation of two tiles' pixels. */
export function correlation(a: Uint8Array, b: Uint8Array): number {
  const mean = (values: Uint8Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [both, squaresA, squaresB] = [0, 0, 0];
  a.forEach((value, at) => {
    both += (value - meanA) * (b[at]! - meanB);
    squaresA += (value - meanA) ** 2;
    squaresB += (b[at]! - meanB) ** 2;
  });
  return both / Math.sqrt(squaresA * squaresB);
}

/** Centre of mass of a tile, in pixels from the middle of the first. */
export function massCentre(tile: Uint8Array): { x: number; y: number } {
  let [mass, x, y] = [0, 0, 0];
  tile.forEach((value, at) => {
    mass += value;
    x += value * (at % TILE_SIDE);
    y += value * Math.floor(at / TILE_SIDE);
  });
  return { x: x / mass, y: y / mass };
}
