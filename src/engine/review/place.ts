import type { DigitPlace } from '../../shared/contract/index.ts';
import type { Split } from '../../shared/domain.ts';
import { single, sql, type Db } from '../project/sqlite.ts';
import { findTarget } from './journal.ts';
import { digitPlace } from './list-place.ts';

interface DigitRow {
  set: number;
  split: Split;
  excluded: 0 | 1;
}

/** Where a digit stands in its split, or an item in its batch over a folder; null for one that is left out there. Throws `unknown-id`. */
export function placeOf(db: Db, ref: string): DigitPlace | null {
  const { digitId, batchId } = findTarget(db, ref);
  if (digitId !== null) {
    const found = 'SELECT data_set_id AS "set", split, excluded FROM digit WHERE id = ?';
    const { set, split, excluded } = sql<DigitRow>(db, found).get(digitId)!;
    if (excluded !== 0) return null;
    const before =
      'SELECT COUNT(*) FROM digit WHERE data_set_id = ? AND excluded = 0 AND split = ? AND id < ?';
    return { in: { kind: 'data', dataSetId: set, split }, index: single(db, before, set, split, digitId) };
  }
  const index = digitPlace(db, { kind: 'batch', batchId: batchId!, order: 'path' }, ref);
  return index === null ? null : { in: { kind: 'batch', batchId: batchId! }, index };
}
