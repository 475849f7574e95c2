import type {
  Decision,
  DecisionAct,
  DecisionChanges,
  DecisionCounts,
  JournalState,
} from '../../shared/contract/index.ts';
import { CLASSES } from '../../shared/domain.ts';
import { changeExclusion } from '../duplicates/replay.ts';
import { single, sql, transact, type Db } from '../project/sqlite.ts';
import { commonLabel, enterStep, journalState } from './journal.ts';
import { changeDecision, type Decided } from './item-decisions.ts';
import { changeLabel } from './labels.ts';
import { parseRef, unknownRef } from './refs.ts';

interface Item extends Decided {
  id: number;
  batchId: number;
  digitId: number | null;
  /** What was read. */
  digit: number;
  label: number | null;
  /** Of the digit of a data set that it stands for. */
  excluded: 0 | 1 | null;
}

interface Wanted {
  item: Item;
  label: number | null;
  decision: Decision | null;
}

/**
 * Decides about digits of batches, as one step that one undo takes back. Accepted, a digit gets what was read as its label. Rejected as no
 * digit, it loses its label and with it its place in all figures, and one of a data set is excluded there until something else is decided.
 * What is as wanted already is left alone; only doubt counts anew. Throws `unknown-id`, and then nothing is changed.
 */
export function decide(db: Db, changes: DecisionChanges, reason?: string | null): JournalState {
  transact(db, () => {
    const wanted = new Map<number, Wanted>();
    for (const { refs, act } of changes)
      for (const ref of refs) {
        const item = findItem(db, ref);
        wanted.set(item.id, { item, ...outcome(item, act) });
      }
    enter(db, changes, [...wanted.values()].filter(changesAnything), reason);
  });
  return journalState(db);
}

function findItem(db: Db, ref: string): Item {
  const item = sql<Item>(
    db,
    `SELECT item.id, batch_id AS batchId, digit_id AS digitId, digit, item.label, decision, decided_in AS decidedIn, excluded
     FROM batch_item AS item LEFT JOIN digit AS of_set ON of_set.id = digit_id WHERE item.id = ?`,
  ).get(parseRef(ref).id);
  if (!item) throw unknownRef(ref);
  return item;
}

function outcome({ digit, label }: Item, act: DecisionAct): Omit<Wanted, 'item'> {
  switch (act.kind) {
    case 'accept':
      return { label: digit, decision: 'accepted' };
    case 'label':
      return { label: act.label, decision: act.label === digit ? 'accepted' : 'relabelled' };
    case 'doubt':
      return { label, decision: 'doubted' };
    case 'reject':
      return { label: null, decision: 'rejected' };
    case 'clear':
      return { label: null, decision: null };
  }
}

const changesAnything = ({ item, label, decision }: Wanted): boolean =>
  item.label !== label || item.decision !== decision || decision === 'doubted';

function enter(db: Db, changes: DecisionChanges, wanted: readonly Wanted[], reason?: string | null): void {
  const first = wanted[0];
  if (first === undefined) return;
  const kind = changes.length === 1 ? changes[0]!.act.kind : 'sheet';
  const [from, to] = [commonLabel(wanted.map(({ item }) => item)), commonLabel(wanted)];
  const step = { kind: kind === 'label' ? 'relabel' : kind, count: wanted.length, from, to } as const;
  enterStep(db, step, { batchId: first.item.batchId, reason }, (entryId) => {
    for (const { item, label, decision } of wanted) {
      const { id, digitId } = item;
      // A label comes back after the decision that took the digit out of the figures is gone, and leaves before it is made.
      const relabel = (): void => {
        if (item.label !== label)
          changeLabel(
            db,
            entryId,
            { digitId, itemId: digitId === null ? id : null, label: item.label },
            label,
          );
      };
      relabel();
      if (item.decision !== decision || decision === 'doubted') changeDecision(db, entryId, item, decision);
      const excluded = decision === 'rejected' ? 1 : 0;
      const lifts = excluded === 1 || item.decision === 'rejected';
      if (digitId !== null && lifts && item.excluded !== excluded)
        changeExclusion(db, entryId, digitId, excluded);
    }
  });
}

/** Digits of a batch by decision and reading. Costs the same for any number of digits. */
export function decisionCounts(db: Db, batchId: number): DecisionCounts {
  const none = (): number[] => new Array<number>(CLASSES).fill(0);
  const counts: DecisionCounts = {
    open: none(),
    accepted: none(),
    relabelled: none(),
    doubted: none(),
    rejected: none(),
  };
  const cells = sql<{ digit: number; count: number }>(
    db,
    'SELECT digit, SUM(count) AS count FROM batch_cell WHERE batch_id = ? GROUP BY digit',
  ).all(batchId);
  for (const { digit, count } of cells) counts.open[digit]! += count;
  const decided = sql<{ decision: Decision; digit: number; count: number }>(
    db,
    'SELECT decision, digit, count FROM batch_decision WHERE batch_id = ?',
  ).all(batchId);
  for (const { decision, digit, count } of decided) {
    counts[decision][digit] = count;
    // Those rejected are in no cell.
    if (decision !== 'rejected') counts.open[digit]! -= count;
  }
  return counts;
}

/** Digits about which this was decided; with `digit`, those read as it. */
export const decidedTotal = (db: Db, batchId: number, decision: Decision, digit?: number): number =>
  single(
    db,
    `SELECT COALESCE(SUM(count), 0) FROM batch_decision WHERE batch_id = :batchId AND decision = :decision AND digit = COALESCE(:digit, digit)`,
    { batchId, decision, digit: digit ?? null },
  );

/** Digits about which nothing is decided; with `digit`, those read as it. */
export const openTotal = (db: Db, batchId: number, digit?: number): number =>
  decisionCounts(db, batchId).open.reduce(
    (sum, count, read) => (digit === undefined || read === digit ? sum + count : sum),
    0,
  );
