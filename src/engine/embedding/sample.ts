import { breathe } from '../jobs/flow.ts';
import { single, sql, type Db } from '../project/sqlite.ts';
import { randomStream } from '../tensor/random.ts';

const CHUNK = 20_000;

/**
 * The digits of a batch in the order of their ids; of more than `most`, a sample in which each has the same chance, the same one every time (selection
 * sampling: Knuth, volume 2, algorithm S).
 */
export async function sampleItems(
  db: Db,
  batchId: number,
  total: number,
  most: number,
): Promise<Uint32Array<ArrayBuffer>> {
  const ids = new Uint32Array(Math.min(total, most));
  const random = randomStream(1, 'map');
  const page = sql<number>(
    db,
    `SELECT id FROM batch_item INDEXED BY batch_item_batch WHERE batch_id = ? AND id > ? ORDER BY id LIMIT ${CHUNK}`,
  ).pluck();
  let [taken, seen, last] = [0, 0, 0];
  for (;;) {
    const rows = page.all(batchId, last) as number[];
    for (const id of rows) {
      if (taken === ids.length) return ids;
      if ((total - seen++) * random.uniform() < ids.length - taken) ids[taken++] = id;
      last = id;
    }
    if (rows.length < CHUNK) return ids.subarray(0, taken);
    await breathe();
  }
}

export const countItems = (db: Db, batchId: number): number =>
  single(db, 'SELECT COUNT(*) FROM batch_item INDEXED BY batch_item_batch WHERE batch_id = ?', batchId);
