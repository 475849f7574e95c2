import { CLASSES, TILE_BYTES } from '../../shared/domain.ts';
import { StudioError } from '../../shared/errors.ts';
import type { LabelledTiles } from '../compute/types.ts';
import { breathe } from '../jobs/flow.ts';
import { sql, type Db } from '../project/sqlite.ts';
import { countLabelled, getDataSet } from './store.ts';

const CHUNK = 2_000;

/**
 * Packs the labelled digits of a split that are not excluded, in the order of import: tiles N x 28 x 28 uint8, labels N. Digits that
 * came without a label and were given one later count as training digits. `ids` are those of the digits, N.
 */
export async function trainingSet(
  db: Db,
  dataSetId: number,
  split: 'train' | 'test',
): Promise<LabelledTiles & { ids: Uint32Array }> {
  const count = countLabelled(db, dataSetId, split);
  const tiles = new Uint8Array(count * TILE_BYTES);
  const labels = new Uint8Array(count);
  const ids = new Uint32Array(count);
  const statement = sql<{ id: number; label: number; pixels: Buffer }>(
    db,
    `SELECT digit.id, label, pixels FROM digit JOIN digit_tile ON digit_id = digit.id
     WHERE data_set_id = ? AND excluded = 0 AND digit.id > ? AND (split = 'test') = ? AND +label IS NOT NULL ORDER BY digit.id LIMIT ${CHUNK}`,
  );
  let filled = 0;
  for (let last = 0; filled < count;) {
    const rows = statement.all(dataSetId, last, split === 'test' ? 1 : 0).slice(0, count - filled);
    if (rows.length === 0) break;
    for (const { id, pixels, label } of rows) {
      tiles.set(pixels, filled * TILE_BYTES);
      ids[filled] = id;
      labels[filled++] = label;
    }
    last = rows.at(-1)!.id;
    await breathe();
  }
  return {
    tiles: tiles.subarray(0, filled * TILE_BYTES),
    labels: labels.subarray(0, filled),
    ids: ids.subarray(0, filled),
  };
}

/** The first training digit of each class that has one, N x 28 x 28. Throws `unknown-id`, `no-labels`. */
export function exampleTiles(db: Db, dataSetId: number): Uint8Array {
  const { name } = getDataSet(db, dataSetId);
  const first = sql<{ pixels: Buffer }>(
    db,
    `SELECT pixels FROM digit JOIN digit_tile ON digit_id = digit.id
     WHERE data_set_id = ? AND excluded = 0 AND label = ? AND split <> 'test' ORDER BY digit.id LIMIT 1`,
  );
  const found = Array.from({ length: CLASSES }, (_, label) => first.get(dataSetId, label)?.pixels ?? []);
  const tiles = Uint8Array.from(found.flatMap((pixels) => [...pixels]));
  if (tiles.length === 0) throw new StudioError('no-labels', { name });
  return tiles;
}
