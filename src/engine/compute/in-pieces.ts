import { TILE_BYTES } from '../../shared/domain.ts';
import { orCancelled } from '../jobs/flow.ts';
import type { Gate } from '../jobs/gate.ts';

/** Digits that are read at a time. */
const PIECE = 2_000;

export interface PiecesControl {
  signal?: AbortSignal | undefined;
  /** Closed while it is paused. */
  gate?: Gate | undefined;
  /** Digits read and in all. */
  onProgress?: ((done: number, total: number) => void) | undefined;
}

/** What `read` gives for N x 28 x 28 bytes, asked for a piece at a time so that others get their turn. Throws `cancelled` and what `read` throws. */
export async function readInPieces(
  tiles: Uint8Array,
  read: (tiles: Uint8Array) => Promise<Float32Array>,
  { signal, gate, onProgress }: PiecesControl,
): Promise<Float32Array> {
  const total = tiles.length / TILE_BYTES;
  const parts: Float32Array[] = [];
  for (let start = 0; start < total; start += PIECE) {
    if (gate?.paused) await orCancelled(gate.opened(), signal);
    const end = Math.min(total, start + PIECE);
    parts.push(await orCancelled(read(tiles.subarray(start * TILE_BYTES, end * TILE_BYTES)), signal));
    onProgress?.(end, total);
  }
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((filled, part) => (all.set(part, filled), filled + part.length), 0);
  return all;
}
