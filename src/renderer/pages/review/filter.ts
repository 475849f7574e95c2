import type { DigitQuery, DigitRow } from '../../../shared/contract/index.ts';

/** Which digits of a batch are shown. Label null stands for digits without a label. */
export type ReviewFilter =
  | { kind: 'all' }
  | { kind: 'cell'; label: number; predicted: number }
  | { kind: 'label'; label: number }
  | { kind: 'predicted'; predicted: number }
  | { kind: 'correct' }
  | { kind: 'misclassified' }
  | { kind: 'relabelled' }
  | { kind: 'unlabelled' };

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
    default:
      return { ...query, only: filter.kind };
  }
}

/** Whether a digit belongs to what a filter shows; the engine's rule, needed to know what stays after a new label. */
export function matches(filter: ReviewFilter, row: DigitRow): boolean {
  switch (filter.kind) {
    case 'all':
      return true;
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
  }
}

export function sameFilter(a: ReviewFilter, b: ReviewFilter): boolean {
  return (
    a.kind === b.kind &&
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

/** What to open a batch with: the mistakes where there are labels, the queue of unlabelled digits where there are none. */
export function firstFilter(counts: {
  labelled: number;
  unlabelled: number;
  misclassified: number;
}): ReviewFilter {
  if (counts.labelled === 0) return { kind: counts.unlabelled > 0 ? 'unlabelled' : 'all' };
  return { kind: counts.misclassified > 0 ? 'misclassified' : 'all' };
}

/**
 * Where to go after the digit at `index` of `total` got a new label. A digit that no longer belongs leaves the list, and the
 * next one moves into its place. Null when nothing is left.
 */
export function indexAfterLabel(index: number, total: number, stays: boolean): number | null {
  const left = stays ? total : total - 1;
  if (left <= 0) return null;
  return Math.min(stays ? index + 1 : index, left - 1);
}
