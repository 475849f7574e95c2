import { TILE_BYTES } from '../../shared/domain.ts';
import type { LabelledTiles } from '../compute/types.ts';
import { breathe } from '../jobs/flow.ts';
import { randomStream } from '../tensor/random.ts';

export interface ValidationSplit {
  /** Positions in ascending order. */
  train: Uint32Array;
  validation: Uint32Array;
}

/**
 * Sets a share (0 to 0.5) of every class aside for validation, chosen by the seed alone. A class keeps at least one digit to train with.
 */
export function splitValidation(labels: Uint8Array, share: number, seed: number): ValidationSplit {
  const classes = new Map<number, number[]>();
  labels.forEach((label, position) => {
    const members = classes.get(label);
    if (members) members.push(position);
    else classes.set(label, [position]);
  });
  const heldOut = new Uint8Array(labels.length);
  for (const [label, members] of classes) {
    const count = Math.min(Math.round(members.length * share), members.length - 1);
    randomStream(seed, 'validation split', label).shuffle(members);
    for (const position of members.slice(0, count)) heldOut[position] = 1;
  }
  const positions = Uint32Array.from(labels.keys());
  return {
    train: positions.filter((position) => heldOut[position] === 0),
    validation: positions.filter((position) => heldOut[position] === 1),
  };
}

/** Copies the digits at these positions; gives way to the event loop every few megabytes. */
export async function pickTiles(source: LabelledTiles, positions: Uint32Array): Promise<LabelledTiles> {
  const tiles = new Uint8Array(positions.length * TILE_BYTES);
  const labels = new Uint8Array(positions.length);
  for (let at = 0; at < positions.length; at++) {
    const from = positions[at]! * TILE_BYTES;
    tiles.set(source.tiles.subarray(from, from + TILE_BYTES), at * TILE_BYTES);
    labels[at] = source.labels[positions[at]!]!;
    if (at % 8192 === 8191) await breathe();
  }
  return { tiles, labels };
}

/** The order in which an epoch (from 1) visits the training digits. */
export function epochOrder(count: number, seed: number, epoch: number): Uint32Array {
  return randomStream(seed, 'epoch order', epoch).shuffle(Uint32Array.from({ length: count }, (_, at) => at));
}
