import { createHash } from 'node:crypto';
import { TILE_BYTES } from '../../shared/domain.ts';
import type { LabelledTiles } from '../compute/types.ts';
import { breathe } from '../jobs/flow.ts';

/** Stands for "no label" in the hash. */
const NO_LABEL = 255;
const SLICE = 10_000 * TILE_BYTES;

/** SHA-256 over all tiles and then all labels, in order; digits may come in pieces. */
export class DataHash {
  readonly #hash = createHash('sha256');
  readonly #labels: number[] = [];

  /** `tiles` are N x 28 x 28, `labels` N. */
  add(tiles: Uint8Array, labels: ArrayLike<number | null>): void {
    this.#hash.update(tiles);
    for (let index = 0; index < labels.length; index++) this.#labels.push(labels[index] ?? NO_LABEL);
  }

  hex(): string {
    return this.#hash.update(Uint8Array.from(this.#labels)).digest('hex');
  }
}

/** The same for digits that are all there, without blocking for long. */
export async function hashDigits({ tiles, labels }: LabelledTiles): Promise<string> {
  const hash = createHash('sha256');
  for (let offset = 0; offset < tiles.length; offset += SLICE) {
    hash.update(tiles.subarray(offset, offset + SLICE));
    await breathe();
  }
  return hash.update(labels).digest('hex');
}
