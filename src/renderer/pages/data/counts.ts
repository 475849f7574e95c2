import type { DataSet, ScanSummary } from '../../../shared/contract/index.ts';
import { CLASSES, type Split } from '../../../shared/domain.ts';

/** Which digits of a data set are shown; `all` is every split. */
export type SplitFilter = Split | 'all';

type Counted = Pick<ScanSummary | DataSet, 'perClass' | 'unlabelled'>;

export const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

export interface ClassRow {
  digit: number;
  train: number;
  test: number;
}

/** Labelled digits by class, 0 to 9. */
export const classRows = ({ perClass }: Counted): ClassRow[] =>
  Array.from({ length: CLASSES }, (_, digit) => ({
    digit,
    train: perClass.train[digit] ?? 0,
    test: perClass.test[digit] ?? 0,
  }));

/** The highest count of a class, 1 at least: what a full bar stands for. */
export const fullBar = (rows: readonly ClassRow[]): number =>
  Math.max(1, ...rows.map(({ train, test }) => train + test));

export interface SplitCount {
  split: SplitFilter;
  count: number;
}

/** The splits that hold a digit, after all of them; a set with one split has nothing to choose. */
export function splitCounts(counted: Counted): SplitCount[] {
  const splits: SplitCount[] = [
    { split: 'train', count: sum(counted.perClass.train) },
    { split: 'test', count: sum(counted.perClass.test) },
    { split: 'unlabelled', count: counted.unlabelled },
  ];
  const found = splits.filter(({ count }) => count > 0);
  if (found.length < 2) return [];
  return [{ split: 'all', count: sum(found.map(({ count }) => count)) }, ...found];
}
