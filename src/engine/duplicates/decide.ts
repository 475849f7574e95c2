import {
  MOST_DECIDED,
  type DuplicateAction,
  type DuplicateDecision,
  type JournalState,
} from '../../shared/contract/index.ts';
import { StudioError } from '../../shared/errors.ts';
import { checkDataSet } from '../datasets/store.ts';
import { sql, transact, type Db } from '../project/sqlite.ts';
import { enterLabel, enterStep, journalState } from '../review/journal.ts';
import { digitRefOf } from '../review/refs.ts';
import { pairDigit, pairIds, pairRow } from './pairs.ts';
import { changeExclusion, setDecision, type Decision } from './replay.ts';

/**
 * Decides about pairs of a data set, as one step that one undo takes back. With a filter, about the first 10,000 that it shows. A pair that
 * an exclusion before it in the same step has settled is passed over. Throws `unknown-id`, and then nothing is changed.
 */
export function decideDuplicates(db: Db, { dataSetId, pairs, action }: DuplicateDecision): JournalState {
  transact(db, () => {
    checkDataSet(db, dataSetId);
    const ids = Array.isArray(pairs) ? pairs : pairIds(db, dataSetId, pairs, 0, MOST_DECIDED);
    for (const id of ids)
      if (pairRow(db, id)?.dataSetId !== dataSetId) throw new StudioError('unknown-id', { kind: 'pair', id });
    decide(db, ids, action);
  });
  return journalState(db);
}

function decide(db: Db, ids: readonly number[], action: DuplicateAction): void {
  switch (action) {
    case 'keep':
      return settle(db, 'keep', ids, 'keep');
    case 'relabel-first':
    case 'relabel-second':
      return ids.forEach((id) => relabel(db, id, action));
    case 'exclude-first':
    case 'exclude-second':
    case 'exclude-one':
      return exclude(db, ids, action);
    case 'reopen':
      return reopen(db, ids);
  }
}

const why = { reason: 'duplicate' };
const plain = <Kind extends string>(kind: Kind) => ({ kind, from: null, to: null });

/** Enters what is decided about pairs under a step of its own. */
function settle(db: Db, kind: 'keep' | 'reopen', ids: readonly number[], decision: Decision): void {
  const changed = ids.filter((id) => pairRow(db, id)!.decision !== decision);
  if (changed.length === 0) return;
  enterStep(db, { ...plain(kind), count: changed.length }, why, (entryId) => {
    for (const id of changed) enterDecision(db, entryId, id, decision);
  });
}

function enterDecision(db: Db, entryId: number, pairId: number, decision: Decision): void {
  sql(
    db,
    `INSERT INTO decision_change (entry_id, pair_id, from_decision, to_decision)
     VALUES (?, ?, (SELECT decision FROM duplicate_pair WHERE id = ?), ?)`,
  ).run(entryId, pairId, pairId, decision);
  setDecision(db, pairId, decision);
}

/** One of them takes the label of the other; where both have the same already, there is nothing to do. */
function relabel(db: Db, id: number, action: 'relabel-first' | 'relabel-second'): void {
  const pair = pairRow(db, id)!;
  const [changed, other] = action === 'relabel-first' ? [pair.first, pair.second] : [pair.second, pair.first];
  enterLabel(db, [digitRefOf(changed)], pairDigit(db, other).label, {
    ...why,
    more: (entryId) => enterDecision(db, entryId, id, 'relabel'),
  });
}

function exclude(
  db: Db,
  ids: readonly number[],
  action: 'exclude-first' | 'exclude-second' | 'exclude-one',
): void {
  const leaving = new Set<number>();
  for (const id of ids) {
    const { first, second } = pairRow(db, id)!;
    const [a, b] = [pairDigit(db, first), pairDigit(db, second)];
    if ([a, b].some((digit) => digit.excluded === 1 || leaving.has(digit.id))) continue;
    const leavesFirst =
      action === 'exclude-one' ? b.split === 'test' && a.split !== 'test' : action === 'exclude-first';
    leaving.add(leavesFirst ? first : second);
  }
  if (leaving.size === 0) return;
  enterStep(db, { ...plain('exclude'), count: leaving.size }, why, (entryId) => {
    for (const digitId of leaving) changeExclusion(db, entryId, digitId, 1);
  });
}

/** Brings excluded digits back and takes decisions away; a label that was changed stays. */
function reopen(db: Db, ids: readonly number[]): void {
  const pairs = ids.map((id) => pairRow(db, id)!);
  const decided = pairs.filter(({ decision }) => decision !== null);
  const back = new Set(
    pairs
      .flatMap(({ first, second }) => [pairDigit(db, first), pairDigit(db, second)])
      .filter(({ excluded }) => excluded === 1)
      .map(({ id }) => id),
  );
  if (decided.length + back.size === 0) return;
  enterStep(db, { ...plain('reopen'), count: ids.length }, why, (entryId) => {
    for (const { id } of decided) enterDecision(db, entryId, id, null);
    for (const digitId of back) changeExclusion(db, entryId, digitId, 0);
  });
}
