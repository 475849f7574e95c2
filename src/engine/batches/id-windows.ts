import { breathe } from '../jobs/flow.ts';
import { single, type Db } from '../project/sqlite.ts';

/** Rows looked through before other calls are answered. */
const WINDOW = 10_000;

const OWNER = { batch_file: 'batch_id', batch_item: 'batch_id', digit: 'data_set_id' };

/** Ids of a batch's files or items, or of a data set's digits, in windows from `from` to before `to`, ascending; other calls are answered in between. */
export async function* idWindows(
  db: Db,
  table: keyof typeof OWNER,
  ownerId: number,
): AsyncGenerator<{ from: number; to: number }> {
  const last =
    single<number | null>(db, `SELECT MAX(id) FROM ${table} WHERE ${OWNER[table]} = ?`, ownerId) ?? 0;
  const first =
    single<number | null>(db, `SELECT MIN(id) FROM ${table} WHERE ${OWNER[table]} = ?`, ownerId) ?? 1;
  for (let from = first; from <= last; from += WINDOW) {
    yield { from, to: from + WINDOW };
    await breathe();
  }
}
