import type { Decision } from '../../shared/contract/index.ts';
import { sql, type Db } from '../project/sqlite.ts';
import type { ChangeTable } from './change-table.ts';

/** A decision with the journal's step that made it; both null where there is none. */
export interface Decided {
  decision: Decision | null;
  decidedIn: number | null;
}

const write = (db: Db, itemId: number, { decision, decidedIn }: Decided): void =>
  void sql(db, 'UPDATE batch_item SET decision = ?, decided_in = ? WHERE id = ?').run(
    decision,
    decision === null ? null : decidedIn,
    itemId,
  );

/** Enters a decision about an item of a batch under a step and makes it; within a transaction. */
export function changeDecision(
  db: Db,
  entryId: number,
  item: Decided & { id: number },
  decision: Decision | null,
): void {
  sql(
    db,
    'INSERT INTO item_change (entry_id, item_id, from_decision, from_step, to_decision) VALUES (?, ?, ?, ?, ?)',
  ).run(entryId, item.id, item.decision, item.decidedIn, decision);
  write(db, item.id, { decision, decidedIn: entryId });
}

export const itemDecisions: ChangeTable = {
  table: 'item_change',
  replay(db, entryId, action) {
    const changes = sql<{
      itemId: number;
      from: Decision | null;
      step: number | null;
      to: Decision | null;
    }>(
      db,
      `SELECT item_id AS itemId, from_decision AS "from", from_step AS step, to_decision AS "to" FROM item_change WHERE entry_id = ?`,
    ).all(entryId);
    for (const { itemId, from, step, to } of changes)
      write(
        db,
        itemId,
        action === 'undo' ? { decision: from, decidedIn: step } : { decision: to, decidedIn: entryId },
      );
  },
  audited: `SELECT batch_item.digit_id, item_id, 'decision' AS what, from_decision AS old, to_decision AS new
    FROM item_change JOIN batch_item ON batch_item.id = item_id WHERE entry_id = :entryId`,
};
