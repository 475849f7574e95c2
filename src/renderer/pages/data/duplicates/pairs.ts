import type {
  DuplicateFilter,
  DuplicatePage,
  DuplicatePair,
  DuplicateSummary,
} from '../../../../shared/contract/index.ts';
import { TILE_BYTES } from '../../../../shared/domain.ts';

/** A pair with the tiles of both digits, 28 x 28 each. */
export interface ShownPair extends DuplicatePair {
  tiles: [Uint8Array, Uint8Array];
}

export async function shownPairs({ total, rows, pixels }: DuplicatePage): Promise<{
  total: number;
  rows: ShownPair[];
}> {
  const bytes = new Uint8Array(await pixels.arrayBuffer());
  const tileAt = (index: number): Uint8Array => bytes.subarray(index * TILE_BYTES, (index + 1) * TILE_BYTES);
  return {
    total,
    rows: rows.map((row, at) => ({ ...row, tiles: [tileAt(2 * at), tileAt(2 * at + 1)] })),
  };
}

/** Pairs that a filter shows, by what the summary counts. */
export const countOf = (
  { counts }: DuplicateSummary,
  { labels, leak, match, state }: DuplicateFilter,
): number =>
  counts
    .filter(
      (cell) =>
        (labels === undefined || cell.same === (labels === 'same')) &&
        (leak === undefined || cell.leak === leak) &&
        (match === undefined || cell.exact === (match === 'exact')) &&
        (state === undefined || cell.open === (state === 'open')),
    )
    .reduce((sum, { count }) => sum + count, 0);

export const isOpen = ({ decision, first, second }: DuplicatePair): boolean =>
  decision === null && !first.excluded && !second.excluded;

/** How much two tiles differ, pixel by pixel. */
export const differenceOf = ([a, b]: ShownPair['tiles']): Uint8Array =>
  a.map((value, at) => Math.abs(value - b[at]!));
