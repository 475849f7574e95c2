import { sql, type Db } from '../project/sqlite.ts';

/** What a person decided about a pair; null: nothing, or it is open again. */
export type Decision = 'keep' | 'relabel' | null;

export const setExcluded = (db: Db, digitId: number, excluded: 0 | 1): void =>
  void sql(db, 'UPDATE digit SET excluded = ? WHERE id = ?').run(excluded, digitId);

export const setDecision = (db: Db, pairId: number, decision: Decision): void =>
  void sql(db, 'UPDATE duplicate_pair SET decision = ? WHERE id = ?').run(decision, pairId);

/** Takes the decisions of a journal's step back, or makes them again; within a transaction. */
export function replayDecisions(db: Db, entryId: number, action: 'undo' | 'redo'): void {
  const back = action === 'undo';
  const exclusions = sql<{ digitId: number; excluded: 0 | 1 }>(
    db,
    'SELECT digit_id AS digitId, excluded FROM exclusion_change WHERE entry_id = ?',
  ).all(entryId);
  for (const { digitId, excluded } of exclusions)
    setExcluded(db, digitId, back ? (excluded ? 0 : 1) : excluded);
  const decisions = sql<{ pairId: number; from: Decision; to: Decision }>(
    db,
    `SELECT pair_id AS pairId, from_decision AS "from", to_decision AS "to" FROM decision_change WHERE entry_id = ?`,
  ).all(entryId);
  for (const { pairId, from, to } of decisions) setDecision(db, pairId, back ? from : to);
}
