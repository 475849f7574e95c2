import { TILE_BYTES, type NormalisationRecipe } from '../../shared/domain.ts';
import type { ReadFailure, ReadOutcome, ReadTile } from './types.ts';

/** Files to read, in order; paths are absolute bytes. */
export interface ReadRequest {
  chunk: number;
  paths: Uint8Array[];
  recipe: NormalisationRecipe;
}

/** Outcomes in the order of the paths, their tiles in one block: N x 28 x 28. */
export interface ReadAnswer {
  chunk: number;
  outcomes: (Omit<ReadTile, 'tile'> | ReadFailure)[];
  tiles: Uint8Array;
}

export function packAnswer(chunk: number, outcomes: readonly ReadOutcome[]): ReadAnswer {
  const done = outcomes.filter((outcome) => outcome.status === 'done');
  const tiles = new Uint8Array(done.length * TILE_BYTES);
  done.forEach(({ tile }, index) => tiles.set(tile, index * TILE_BYTES));
  return {
    chunk,
    tiles,
    outcomes: outcomes.map((outcome) => {
      if (outcome.status !== 'done') return outcome;
      const { tile: _, ...rest } = outcome;
      return rest;
    }),
  };
}

export function unpackAnswer({ outcomes, tiles }: ReadAnswer): ReadOutcome[] {
  let next = 0;
  return outcomes.map((outcome) => {
    if (outcome.status !== 'done') return outcome;
    const start = next++ * TILE_BYTES;
    return { ...outcome, tile: tiles.subarray(start, start + TILE_BYTES) };
  });
}
