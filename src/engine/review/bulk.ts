import {
  MOST_SELECTED,
  type BulkChange,
  type BulkResult,
  type DigitSelection,
} from '../../shared/contract/index.ts';
import { StudioError } from '../../shared/errors.ts';
import { sql, transact, type Db } from '../project/sqlite.ts';
import type { DigitLists } from './digit-lists.ts';
import { commonLabel, enterStep, findTarget, journalState } from './journal.ts';
import { changeLabels } from './labels.ts';
import { firstIds } from './page.ts';
import { changeSplits } from './splits.ts';
import { changeTags, checkTag, tagNamed } from './tags.ts';

/**
 * The digits of data sets that are selected. Throws `unknown-id`, `too-many-digits`, and `selection-changed` when the list is no longer the one
 * in which they were selected.
 */
export async function selectedIds(db: Db, selection: DigitSelection, lists: DigitLists): Promise<number[]> {
  if ('refs' in selection) {
    const ids = selection.refs.map((ref) => findTarget(db, ref).digitId);
    return [...new Set(ids)].filter((id) => id !== null);
  }
  const { query, ranges, total } = selection;
  const count = ranges.reduce((sum, { from, to }) => sum + to - from, 0);
  if (count > MOST_SELECTED) throw new StudioError('too-many-digits', { count, most: MOST_SELECTED });
  const end = Math.max(...ranges.map(({ to }) => to));
  const { ids, total: now } = await firstIds(db, query, end, lists);
  if (now !== total || end > now) throw new StudioError('selection-changed');
  return ranges.flatMap(({ from, to }) =>
    Array.from({ length: to - from }, (_, index) => ids[from + index]!),
  );
}

/** SQL: which of the digits are not yet as a change would have them. */
const UNLIKE = {
  label: 'label IS NOT :to',
  split: 'split <> :to',
  tag: 'NOT EXISTS (SELECT 1 FROM digit_tag WHERE tag_id = :to AND digit_id = digit.id)',
  untag: 'EXISTS (SELECT 1 FROM digit_tag WHERE tag_id = :to AND digit_id = digit.id)',
} satisfies Record<BulkChange['kind'], string>;

/**
 * Changes digits of data sets as one step that one undo takes back; those that are so already are left alone. Answers how many changed.
 * Throws `unknown-id`, and then nothing is changed.
 */
export function changeDigits(
  db: Db,
  ids: readonly number[],
  change: BulkChange,
  reason?: string,
): BulkResult {
  const changed = transact(db, () => {
    const { kind } = change;
    const to = valueOf(db, change);
    const found = sql<{ id: number; label: number | null }>(
      db,
      `SELECT digit.id, label FROM json_each(:ids) AS wanted CROSS JOIN digit ON digit.id = wanted.value WHERE ${UNLIKE[kind]}`,
    ).all({ ids: JSON.stringify(ids), to });
    if (found.length === 0) return 0;
    const labels =
      kind === 'label' ? { from: commonLabel(found), to: change.label } : { from: null, to: null };
    enterStep(db, { kind, count: found.length, ...labels }, { reason }, (entryId) => {
      const wanted = JSON.stringify(found.map(({ id }) => id));
      if (kind === 'label') changeLabels(db, entryId, wanted, change.label);
      else if (kind === 'split') changeSplits(db, entryId, wanted, change.split);
      else changeTags(db, entryId, wanted, Number(to), kind === 'tag' ? 1 : 0);
    });
    return found.length;
  });
  return { changed, journal: journalState(db) };
}

/** What the digits get, as the database has it: a label, a split, a tag's id. */
function valueOf(db: Db, change: BulkChange): number | string | null {
  switch (change.kind) {
    case 'label':
      return change.label;
    case 'split':
      return change.split;
    case 'tag':
      return tagNamed(db, change.name);
    case 'untag':
      checkTag(db, change.tagId);
      return change.tagId;
  }
}
