import { TILE_BYTES } from '../../shared/domain.ts';
import type { Compute } from '../compute/types.ts';
import { checkCancelled, orCancelled } from '../jobs/flow.ts';
import { sql, type Db } from '../project/sqlite.ts';

/** Digits whose features are computed at once. */
const CHUNK = 1_000;

/** The tiles of digits of a batch, N x 28 x 28; blank for one that has gone. */
function tilesOf(db: Db, ids: Uint32Array): Uint8Array {
  const tiles = new Uint8Array(ids.length * TILE_BYTES);
  const rows = sql<{ at: number; pixels: Buffer | null }>(
    db,
    `SELECT wanted.key AS at, COALESCE(batch_tile.pixels, digit_tile.pixels) AS pixels
     FROM json_each(?) AS wanted CROSS JOIN batch_item AS item ON item.id = wanted.value
       LEFT JOIN batch_tile ON batch_tile.item_id = item.id LEFT JOIN digit_tile ON digit_tile.digit_id = item.digit_id`,
  ).all(JSON.stringify([...ids]));
  for (const { at, pixels } of rows) if (pixels !== null) tiles.set(pixels, at * TILE_BYTES);
  return tiles;
}

/** What the model's last layer looks at for digits of a batch, N x width. Throws what `Compute.features` throws, `cancelled`. */
export async function featuresOf(
  { db, compute, modelFolder }: { db: Db; compute: Compute; modelFolder: string },
  ids: Uint32Array,
  signal: AbortSignal,
  onDone: (done: number) => void,
): Promise<{ features: Float32Array<ArrayBuffer>; width: number }> {
  let features = new Float32Array();
  let width = 0;
  for (let from = 0; from < ids.length; from += CHUNK) {
    const chunk = ids.subarray(from, from + CHUNK);
    checkCancelled(signal);
    const part = await orCancelled(compute.features(modelFolder, tilesOf(db, chunk)), signal);
    if (from === 0) {
      width = part.length / chunk.length;
      features = new Float32Array(ids.length * width);
    }
    features.set(part, from * width);
    onDone(from + chunk.length);
  }
  return { features, width };
}
