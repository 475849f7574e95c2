import { TILE_BYTES } from '../../shared/domain.ts';
import type { LabelledTiles } from '../compute/types.ts';
import { breathe } from '../jobs/flow.ts';
import { randomStream } from '../tensor/random.ts';

export interface ValidationSplit {
  /** Positions in ascending order. */
  train: Uint32Array;
  validation: Uint32Array;
}

/** How many of the digits of one class a share sets aside: it leaves the class at least one. */
export const heldOutOf = (count: number, share: number): number =>
  Math.max(0, Math.min(Math.round(count * share), count - 1));

/**
 * Sets a share (0 to 0.5) of every class aside for validation, chosen by the seed alone. A class keeps at least one digit to train with.
 */
export function splitValidation(labels: Uint8Array, share: number, seed: number): ValidationSplit {
  const heldOut = new Uint8Array(labels.length);
  let validationCount = 0;
  for (const [label, members] of positionsByClass(labels)) {
    const count = heldOutOf(members.length, share);
    const random = randomStream(seed, 'validation split', label);
    for (let taken = 0; taken < count; taken++) {
      const other = taken + random.below(members.length - taken);
      heldOut[members[other]!] = 1;
      members[other] = members[taken]!;
    }
    validationCount += count;
  }
  const validation = new Uint32Array(validationCount);
  const train = new Uint32Array(labels.length - validationCount);
  for (let position = 0, validated = 0; position < labels.length; position++) {
    if (heldOut[position]) validation[validated++] = position;
    else train[position - validated] = position;
  }
  return { train, validation };
}

/** Ascending positions of the digits of each label that has some. */
export function positionsByClass(labels: Uint8Array): Map<number, Uint32Array> {
  const counts = new Uint32Array(256);
  for (const label of labels) counts[label]!++;
  const members = Array.from(counts, (count) => new Uint32Array(count));
  const filled = new Uint32Array(256);
  for (let position = 0; position < labels.length; position++) {
    const label = labels[position]!;
    members[label]![filled[label]!++] = position;
  }
  return new Map([...members.entries()].filter(([, positions]) => positions.length > 0));
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
