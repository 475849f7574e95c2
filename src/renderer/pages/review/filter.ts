import type { DecisionAct, DigitQuery, DigitRow } from '../../../shared/contract/index.ts';

/** Which digits of a batch are shown. Label null stands for digits without a label. */
export type ReviewFilter =
  | { kind: 'all' }
  | { kind: 'cell'; label: number; predicted: number }
  | { kind: 'label'; label: number }
  | { kind: 'predicted'; predicted: number }
  | { kind: 'correct' }
  | { kind: 'misclassified' }
  | { kind: 'relabelled' }
  | { kind: 'unlabelled' }
  | { kind: 'suspected' }
  | MapFilter
  | { kind: DecidedKind };

/** Digits chosen on the map: what the engine calls them, and which they are. */
export interface MapFilter {
  kind: 'map';
  selection: string;
  refs: ReadonlySet<string>;
}

/** By decision; the queue holds what is open, then what is doubted. */
export const decidedKinds = ['queue', 'doubted', 'accepted', 'corrected', 'rejected'] as const;
export type DecidedKind = (typeof decidedKinds)[number];

export type BatchQuery = Extract<DigitQuery, { kind: 'batch' }>;

/** The query for the engine; the most doubtful digit comes first. */
export function queryOf(batchId: number, filter: ReviewFilter): BatchQuery {
  const query: BatchQuery = { kind: 'batch', batchId, order: 'doubt' };
  switch (filter.kind) {
    case 'all':
      return query;
    case 'cell':
      return { ...query, label: filter.label, predicted: filter.predicted };
    case 'label':
      return { ...query, label: filter.label };
    case 'predicted':
      return { ...query, predicted: filter.predicted };
    case 'unlabelled':
      return { ...query, label: null };
    case 'queue':
    case 'doubted':
    case 'accepted':
    case 'rejected':
      return { ...query, decided: filter.kind };
    case 'corrected':
      return { ...query, decided: 'relabelled' };
    case 'map':
      return { ...query, selection: filter.selection };
    default:
      return { ...query, only: filter.kind };
  }
}

/** Whether a digit belongs to what a filter shows; the engine's rule, needed to know what stays after a new label. */
export function matches(filter: ReviewFilter, row: DigitRow): boolean {
  if (filter.kind === 'rejected') return row.decision === 'rejected';
  if (row.decision === 'rejected') return false;
  switch (filter.kind) {
    case 'queue':
      return row.decision === null || row.decision === 'doubted';
    case 'corrected':
      return row.decision === 'relabelled';
    case 'doubted':
    case 'accepted':
      return row.decision === filter.kind;
    case 'all':
      return true;
    case 'map':
      return filter.refs.has(row.ref);
    case 'cell':
      return row.label === filter.label && row.predicted === filter.predicted;
    case 'label':
      return row.label === filter.label;
    case 'predicted':
      return row.predicted === filter.predicted;
    case 'unlabelled':
      return row.label === null;
    case 'correct':
      return row.label !== null && row.label === row.predicted;
    case 'misclassified':
      return row.label !== null && row.label !== row.predicted;
    case 'relabelled':
      return row.relabelled;
    case 'suspected':
      return row.label !== null && isSuspect(row) && (row.decision === null || row.decision === 'doubted');
  }
}

/** The label is suspected to be wrong, and another one than what was read still. */
export const isSuspect = ({ suspicion, label, predicted }: DigitRow): boolean =>
  suspicion !== undefined && label !== predicted;

export function sameFilter(a: ReviewFilter, b: ReviewFilter): boolean {
  return (
    a.kind === b.kind &&
    ('selection' in a ? a.selection : null) === ('selection' in b ? b.selection : null) &&
    ('label' in a ? a.label : null) === ('label' in b ? b.label : null) &&
    ('predicted' in a ? a.predicted : null) === ('predicted' in b ? b.predicted : null)
  );
}

/** What a click in the confusion table shows; row 0 and column 0 are the headers. */
export function filterAt(place: { row: number; column: number }): ReviewFilter {
  const { row, column } = place;
  if (row === 0 && column === 0) return { kind: 'all' };
  if (row === 0) return { kind: 'predicted', predicted: column - 1 };
  if (column === 0) return { kind: 'label', label: row - 1 };
  return { kind: 'cell', label: row - 1, predicted: column - 1 };
}

/** What to open a batch with: suspects where they were looked for, the mistakes where there are labels, the queue where there are none. */
export function firstFilter(counts: {
  labelled: number;
  unlabelled: number;
  misclassified: number;
  suspected: number;
}): ReviewFilter {
  if (counts.suspected > 0) return { kind: 'suspected' };
  if (counts.labelled === 0) return { kind: counts.unlabelled > 0 ? 'queue' : 'all' };
  return { kind: counts.misclassified > 0 ? 'misclassified' : 'all' };
}

/** The row once the engine has decided so; its rule. */
export function rowAfter(row: DigitRow, act: DecisionAct): DigitRow {
  const decided = (label: number | null, decision: DigitRow['decision']): DigitRow => ({
    ...row,
    label,
    decision,
  });
  switch (act.kind) {
    case 'accept':
      return decided(row.predicted, 'accepted');
    case 'label':
      return decided(act.label, act.label === row.predicted ? 'accepted' : 'relabelled');
    case 'doubt':
      return decided(row.label, 'doubted');
    case 'reject':
      return decided(null, 'rejected');
    case 'clear':
      return decided(null, null);
  }
}

/** What becomes of the digit decided about: it leaves the list, it goes to its end, or it stays in its place. */
export type Whereabouts = 'leaves' | 'ends' | 'stays';

export function whereabouts(filter: ReviewFilter, after: DigitRow, act: DecisionAct): Whereabouts {
  if (!matches(filter, after)) return 'leaves';
  return act.kind === 'doubt' && (filter.kind === 'queue' || filter.kind === 'doubted') ? 'ends' : 'stays';
}

/**
 * Where to go after a decision about the digit at `index` of `total`: to the next one, which has moved into its place where the digit
 * did not stay. From the end of a queue that is its beginning. Null when nothing is left.
 */
export function indexAfter(index: number, total: number, goes: Whereabouts): number | null {
  const left = goes === 'leaves' ? total - 1 : total;
  if (left <= 0) return null;
  if (goes === 'ends') return index < left - 1 ? index : 0;
  return Math.min(goes === 'stays' ? index + 1 : index, left - 1);
}
