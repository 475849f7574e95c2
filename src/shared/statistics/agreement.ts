import type { ConfusionMatrix } from '../domain.ts';
import { columnTotals, correctCount, rowTotals } from './matrix.ts';

/** How well digits of one class are found; shares from 0 to 1, null where there is nothing to divide by. */
export interface ClassFigures {
  /** Of the digits read as this class, those that are of it. */
  precision: number | null;
  /** Of the digits of this class, those that were read as it. */
  recall: number | null;
  /** Harmonic mean of the two. */
  f1: number | null;
  /** Digits of this class. */
  support: number;
}

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/** Precision, recall, F1 and support of each class; rows are labels, columns readings. */
export function classFigures(counts: ConfusionMatrix): ClassFigures[] {
  const [labelled, read] = [rowTotals(counts), columnTotals(counts)];
  return counts.map((row, digit) => {
    const right = row[digit]!;
    return {
      precision: share(right, read[digit]!),
      recall: share(right, labelled[digit]!),
      f1: share(2 * right, read[digit]! + labelled[digit]!),
      support: labelled[digit]!,
    };
  });
}

/** Unweighted means over the classes that have a value; null without any. */
export function macroMeans(figures: readonly ClassFigures[]): Omit<ClassFigures, 'support'> {
  const mean = (of: 'precision' | 'recall' | 'f1'): number | null => {
    const known = figures.flatMap((one) => one[of] ?? []);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
  };
  return { precision: mean('precision'), recall: mean('recall'), f1: mean('f1') };
}

/** Agreement beyond chance between labels and readings (Cohen 1960, eq. 1), at most 1; null where chance alone would agree on everything. */
export function cohenKappa(counts: ConfusionMatrix): number | null {
  const [labelled, read] = [rowTotals(counts), columnTotals(counts)];
  const total = labelled.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const observed = correctCount(counts) / total;
  const expected = labelled.reduce((sum, count, digit) => sum + (count / total) * (read[digit]! / total), 0);
  return expected === 1 ? null : (observed - expected) / (1 - expected);
}
