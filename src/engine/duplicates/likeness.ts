import { TILE_BYTES, TILE_SIDE } from '../../shared/domain.ts';

/**
 * Two digits are near duplicates when at most this share of their ink differs. The same scan stored as JPEG, at half its size or
 * fainter stays below it nine times in ten; two digits that were written one after the other hardly ever do, save some of the thinnest ones.
 */
export const NEAR = 0.04;

/** Blocks of 4 x 4 pixels along a side. */
const SIDE = TILE_SIDE / 4;
export const BLOCKS = SIDE * SIDE;

/** Writes the ink of the 49 blocks of a tile to `sums` from `at` on; answers the ink of all. */
export function blockSums(tile: Uint8Array, sums: Uint16Array, at: number): number {
  let ink = 0;
  for (let block = 0; block < BLOCKS; block++) {
    const corner = Math.floor(block / SIDE) * 4 * TILE_SIDE + (block % SIDE) * 4;
    let sum = 0;
    for (let row = corner; row < corner + 4 * TILE_SIDE; row += TILE_SIDE)
      sum += tile[row]! + tile[row + 1]! + tile[row + 2]! + tile[row + 3]!;
    sums[at + block] = sum;
    ink += sum;
  }
  return ink;
}

/**
 * Whether the block sums at `a` and `b` differ by at most `limit`. Pixels differ by that much or more, so nothing near is lost.
 */
export function blocksAreNear(sums: Uint16Array, a: number, b: number, limit: number): boolean {
  let difference = 0;
  for (let block = 0; block < BLOCKS; block++) {
    difference += Math.abs(sums[a + block]! - sums[b + block]!);
    if (difference > limit) return false;
  }
  return true;
}

/**
 * Share of the ink of two tiles that differs, 0 to 1 (Bray and Curtis 1957), on squares of 2 x 2 pixels, which forgive a shift by part of a pixel.
 * 28 x 28 each.
 */
export function inkDifference(a: Uint8Array, b: Uint8Array): number {
  let [difference, ink] = [0, 0];
  for (let row = 0; row < TILE_BYTES; row += 2 * TILE_SIDE)
    for (let at = row; at < row + TILE_SIDE; at += 2) {
      const below = at + TILE_SIDE;
      const first = a[at]! + a[at + 1]! + a[below]! + a[below + 1]!;
      const second = b[at]! + b[at + 1]! + b[below]! + b[below + 1]!;
      difference += Math.abs(first - second);
      ink += first + second;
    }
  return ink === 0 ? 0 : difference / ink;
}

/** 53 bits of a tile's content: equal for equal tiles, and almost never for others. */
export function contentKey(tile: Uint8Array): number {
  let [a, b] = [0x811c9dc5, 0x9e3779b9];
  for (const byte of tile) {
    a = Math.imul(a ^ byte, 0x01000193);
    b = Math.imul(b ^ byte, 0x85ebca6b);
    b ^= b >>> 13;
  }
  return (a >>> 0) * 0x20_0000 + ((b >>> 0) & 0x1f_ffff);
}
