import type { Db } from '../project/sqlite.ts';

/** One kind of change that a journal's step can hold, in a table of its own. */
export interface ChangeTable {
  /** Its rows have `entry_id`, what was before and what is after. */
  table: string;
  /** Takes the changes of a step back, or makes them again; within a transaction. */
  replay(db: Db, entryId: number, action: 'undo' | 'redo'): void;
  /** SELECT of `digit_id`, `item_id`, `what`, `old` and `new` for each digit that step `:entryId` changed. */
  audited: string;
}
