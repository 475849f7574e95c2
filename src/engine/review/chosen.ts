import { randomBytes } from 'node:crypto';
import { StudioError } from '../../shared/errors.ts';
import { sql, type Db } from '../project/sqlite.ts';

/** Selections kept: those that a user may still go back to. */
const KEPT = 16;

interface Chosen {
  batchId: number;
  /** By id. */
  ids: Uint32Array;
  /** By confidence, then by id. */
  byDoubt: Uint32Array;
}

/**
 * Digits of batches that were chosen one by one, on a map. The engine keeps them under an opaque name as long as the project is open: a hundred thousand ids
 * need not go to and fro with each page.
 */
export class ChosenDigits {
  readonly #sets = new Map<string, Chosen>();

  forget(): void {
    this.#sets.clear();
  }

  /** Throws `unknown-id` unless all of them are digits of that batch. */
  keep(db: Db, batchId: number, ids: readonly number[]): { selection: string; count: number } {
    const wanted = [...new Set(ids)];
    const byDoubt = sql<number>(
      db,
      `SELECT item.id FROM json_each(?) AS wanted CROSS JOIN batch_item AS item ON item.id = wanted.value
       WHERE item.batch_id = ? ORDER BY item.confidence, item.id`,
    )
      .pluck()
      .all(JSON.stringify(wanted), batchId) as number[];
    if (byDoubt.length !== wanted.length) {
      const known = new Set(byDoubt);
      throw new StudioError('unknown-id', { kind: 'digit', id: `i${wanted.find((id) => !known.has(id))}` });
    }
    const selection = `chosen-${randomBytes(16).toString('hex')}`;
    this.#sets.set(selection, {
      batchId,
      ids: Uint32Array.from(wanted).sort(),
      byDoubt: Uint32Array.from(byDoubt),
    });
    if (this.#sets.size > KEPT) this.#sets.delete(this.#sets.keys().next().value!);
    return { selection, count: byDoubt.length };
  }

  /** In the order of a query, without those rejected as no digit. Throws `unknown-id`. */
  list(db: Db, batchId: number, selection: string, order: 'doubt' | 'sure' | 'path'): Uint32Array {
    const chosen = this.#sets.get(selection);
    if (chosen?.batchId !== batchId)
      throw new StudioError('unknown-id', { kind: 'selection', id: selection });
    const rejected = new Set(
      sql<number>(
        db,
        `SELECT id FROM batch_item INDEXED BY batch_item_decided WHERE batch_id = ? AND decision = 'rejected'`,
      )
        .pluck()
        .all(batchId) as number[],
    );
    const list = order === 'path' ? chosen.ids : chosen.byDoubt;
    const left = rejected.size === 0 ? list.slice() : list.filter((id) => !rejected.has(id));
    return order === 'sure' ? left.reverse() : left;
  }
}
