import { TILE_BYTES, type NormalisationRecipe } from '../../shared/domain.ts';
import type {
  BoxOutcome,
  DigestOutcome,
  KnownFile,
  OriginalOutcome,
  ReadOutcome,
  ReadTile,
  StepsOutcome,
} from './types.ts';

/** What a reader does with a file: its tile for a model, or only if its content is new; the hash of its bytes; or, for the eye, the picture, the steps from it to the tile, or where in it the digit lies. */
export type ReaderTask = { /** Links are followed; without it they are refused. */ follow?: boolean } & (
  | { kind: 'tile'; recipe: NormalisationRecipe }
  | { kind: 'new'; recipe: NormalisationRecipe; known: Uint32Array }
  | { kind: 'digest' }
  | { kind: 'original' }
  | { kind: 'steps'; recipe: NormalisationRecipe }
  | { kind: 'box'; recipe: NormalisationRecipe }
);

export interface TaskOutcomes {
  tile: ReadOutcome;
  new: ReadOutcome | KnownFile;
  digest: DigestOutcome;
  original: OriginalOutcome;
  steps: StepsOutcome;
  box: BoxOutcome;
}
export type TaskOutcome = TaskOutcomes[keyof TaskOutcomes];

export type SentTask =
  | Exclude<ReaderTask, { kind: 'new' }>
  | { kind: 'new'; recipe: NormalisationRecipe; known: Uint32Array | null; follow?: boolean };

/** Files to work on, in order; paths are absolute bytes. */
export interface ReadRequest {
  chunk: number;
  paths: Uint8Array[];
  /** Of kind `new`: without prefixes where they are those of the last one. */
  task: SentTask;
}

/** Outcomes in the order of the paths, their tiles in one block: N x 28 x 28. */
export interface ReadAnswer {
  chunk: number;
  outcomes: (Omit<ReadTile, 'tile'> | Exclude<TaskOutcome, ReadTile>)[];
  tiles: Uint8Array;
  /** How long it worked on them. */
  milliseconds: number;
}

export function packAnswer(
  chunk: number,
  outcomes: readonly TaskOutcome[],
  milliseconds: number,
): ReadAnswer {
  const done = outcomes.filter((outcome) => 'tile' in outcome);
  const tiles = new Uint8Array(done.length * TILE_BYTES);
  done.forEach(({ tile }, index) => tiles.set(tile, index * TILE_BYTES));
  return {
    chunk,
    tiles,
    milliseconds,
    outcomes: outcomes.map((outcome) => {
      if (!('tile' in outcome)) return outcome;
      const { tile: _, ...rest } = outcome;
      return rest;
    }),
  };
}

export function unpackAnswer({ outcomes, tiles }: ReadAnswer): TaskOutcome[] {
  let next = 0;
  return outcomes.map((outcome) => {
    if (!('hash' in outcome)) return outcome;
    const start = next++ * TILE_BYTES;
    return { ...outcome, tile: tiles.subarray(start, start + TILE_BYTES) };
  });
}
