import { CLASSES } from '../../../../shared/domain.ts';
import { PointIndex } from './pointIndex.ts';

/** What the map says about one class, in numbers. */
export interface ClassOnMap {
  digit: number;
  count: number;
  /** Share whose nearest neighbour on the map is of the same class, 0 to 1; null for a class of none. */
  together: number | null;
  /** The other class that is nearest most often; null for none. */
  other: number | null;
}

/** Side of the square in which neighbours are looked for, and how far, in its own units. */
const SIDE = 2_000;

/** @param pixels N x 2, within a square of `SUMMARY_SIDE`. @param kinds classes of each point; others do not count. */
export function summaryOf(pixels: Float32Array, kinds: Uint8Array): ClassOnMap[] {
  const counted = (at: number): boolean => kinds[at]! < CLASSES;
  const index = new PointIndex(pixels, SIDE, SIDE, counted);
  const pairs = Array.from({ length: CLASSES }, () => new Array<number>(CLASSES).fill(0));
  const counts = new Array<number>(CLASSES).fill(0);
  for (let at = 0; at < kinds.length; at++) {
    if (!counted(at)) continue;
    const own = kinds[at]!;
    counts[own]!++;
    const other = neighbourOf(index, pixels, at);
    if (other !== null) pairs[own]![kinds[other]!]!++;
  }
  return pairs.map((row, digit) => {
    const others = row.map((count, other) => (other === digit ? 0 : count));
    const most = Math.max(...others);
    const found = row.reduce((sum, count) => sum + count, 0);
    return {
      digit,
      count: counts[digit]!,
      together: found === 0 ? null : row[digit]! / found,
      other: most === 0 ? null : others.indexOf(most),
    };
  });
}

function neighbourOf(index: PointIndex, pixels: Float32Array, at: number): number | null {
  for (let within = 8; within < 2 * SIDE; within *= 4) {
    const found = index.nearest(pixels[2 * at]!, pixels[2 * at + 1]!, within, at);
    if (found !== null) return found;
  }
  return null;
}

export const SUMMARY_SIDE = SIDE;
