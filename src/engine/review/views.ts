import { shownDigits, type GridView, type ShownDigits } from '../../shared/contract/index.ts';
import { StudioError } from '../../shared/errors.ts';
import { sql, transact, type Db } from '../project/sqlite.ts';

/** The named views of the grid, by name. One that a studio of another age wrote and this one cannot read is left out. */
export function listViews(db: Db): GridView[] {
  return sql<{ id: number; name: string; shown: string }>(
    db,
    'SELECT id, name, shown FROM grid_view WHERE removed_at IS NULL ORDER BY name',
  )
    .all()
    .flatMap(({ id, name, shown }) => {
      const { data } = shownDigits.safeParse(JSON.parse(shown));
      return data ? [{ id, name, shown: data }] : [];
    });
}

/** Keeps what is shown under a name; a view of that name becomes it. */
export function saveView(db: Db, name: string, shown: ShownDigits): GridView {
  return transact(db, () => {
    const there = idOf(db, name);
    const text = JSON.stringify(shown);
    if (there === null) {
      const { lastInsertRowid } = sql(db, 'INSERT INTO grid_view (name, shown) VALUES (?, ?)').run(
        name,
        text,
      );
      return { id: Number(lastInsertRowid), name, shown };
    }
    sql(db, 'UPDATE grid_view SET name = ?, shown = ? WHERE id = ?').run(name, text, there);
    return { id: there, name, shown };
  });
}

/** Throws `unknown-id`, and `view-exists` where another has the name. */
export function renameView(db: Db, id: number, name: string): void {
  transact(db, () => {
    const there = idOf(db, name);
    if (there !== null && there !== id) throw new StudioError('view-exists', { name });
    changed(id, sql(db, 'UPDATE grid_view SET name = ? WHERE id = ? AND removed_at IS NULL').run(name, id));
  });
}

/** Takes a view away until the project is opened the next time. Throws `unknown-id`. */
export function removeView(db: Db, id: number): void {
  const remove = 'UPDATE grid_view SET removed_at = ? WHERE id = ? AND removed_at IS NULL';
  changed(id, sql(db, remove).run(new Date().toISOString(), id));
}

/** Brings a removed view back. Throws `unknown-id`, and `view-exists` where another has its name by now. */
export function restoreView(db: Db, id: number): void {
  transact(db, () => {
    const name = sql<{ name: string }>(db, 'SELECT name FROM grid_view WHERE id = ?').get(id)?.name ?? '';
    const there = idOf(db, name);
    if (there !== null && there !== id) throw new StudioError('view-exists', { name });
    changed(id, sql(db, 'UPDATE grid_view SET removed_at = NULL WHERE id = ?').run(id));
  });
}

const idOf = (db: Db, name: string): number | null =>
  sql<{ id: number }>(db, 'SELECT id FROM grid_view WHERE name = ? AND removed_at IS NULL').get(name)?.id ??
  null;

function changed(id: number, { changes }: { changes: number }): void {
  if (changes === 0) throw new StudioError('unknown-id', { kind: 'view', id });
}
