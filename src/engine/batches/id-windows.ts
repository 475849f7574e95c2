import { breathe } from '../jobs/flow.ts';
import { single, type Db } from '../project/sqlite.ts';

/** Rows looked through before other calls are answered. */
const WINDOW = 10_000;

/** Ids of a batch's files or items in windows from `from` to before `to`, ascending; other calls are answered in between. */
export async function* idWindows(
  db: Db,
  table: 'batch_file' | 'batch_item',
  batchId: number,
): AsyncGenerator<{ from: number; to: number }> {
  const last = single<number | null>(db, `SELECT MAX(id) FROM ${table} WHERE batch_id = ?`, batchId) ?? 0;
  const first = single<number | null>(db, `SELECT MIN(id) FROM ${table} WHERE batch_id = ?`, batchId) ?? 1;
  for (let from = first; from <= last; from += WINDOW) {
    yield { from, to: from + WINDOW };
    await breathe();
  }
}
