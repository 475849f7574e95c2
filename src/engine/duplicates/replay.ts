import { sql, type Db } from '../project/sqlite.ts';
import type { ChangeTable } from '../review/change-table.ts';

/** What a person decided about a pair; null: nothing, or it is open again. */
export type Decision = 'keep' | 'relabel' | null;

export const setExcluded = (db: Db, digitId: number, excluded: 0 | 1): void =>
  void sql(db, 'UPDATE digit SET excluded = ? WHERE id = ?').run(excluded, digitId);

export const setDecision = (db: Db, pairId: number, decision: Decision): void =>
  void sql(db, 'UPDATE duplicate_pair SET decision = ? WHERE id = ?').run(decision, pairId);

/** Enters an exclusion under a step, or its end, and makes it; within a transaction. */
export function changeExclusion(db: Db, entryId: number, digitId: number, excluded: 0 | 1): void {
  sql(db, 'INSERT INTO exclusion_change (entry_id, digit_id, excluded) VALUES (?, ?, ?)').run(
    entryId,
    digitId,
    excluded,
  );
  setExcluded(db, digitId, excluded);
}

export const exclusions: ChangeTable = {
  table: 'exclusion_change',
  replay(db, entryId, action) {
    const changes = sql<{ digitId: number; excluded: 0 | 1 }>(
      db,
      'SELECT digit_id AS digitId, excluded FROM exclusion_change WHERE entry_id = ?',
    ).all(entryId);
    for (const { digitId, excluded } of changes)
      setExcluded(db, digitId, action === 'undo' ? (excluded ? 0 : 1) : excluded);
  },
  audited: `SELECT digit_id, NULL AS item_id, 'use' AS what, IIF(excluded, 'used', 'excluded') AS old, IIF(excluded, 'excluded', 'used') AS new
    FROM exclusion_change WHERE entry_id = :entryId`,
};

const auditedDigit = (side: 'first' | 'second'): string =>
  `SELECT ${side}_id AS digit_id, NULL AS item_id, 'duplicate' AS what, from_decision AS old, to_decision AS new
   FROM decision_change JOIN duplicate_pair ON duplicate_pair.id = pair_id WHERE entry_id = :entryId`;

export const pairDecisions: ChangeTable = {
  table: 'decision_change',
  replay(db, entryId, action) {
    const changes = sql<{ pairId: number; from: Decision; to: Decision }>(
      db,
      `SELECT pair_id AS pairId, from_decision AS "from", to_decision AS "to" FROM decision_change WHERE entry_id = ?`,
    ).all(entryId);
    for (const { pairId, from, to } of changes) setDecision(db, pairId, action === 'undo' ? from : to);
  },
  audited: `${auditedDigit('first')} UNION ALL ${auditedDigit('second')}`,
};
