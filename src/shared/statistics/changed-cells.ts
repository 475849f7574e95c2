import type { ConfusionMatrix } from '../domain.ts';

/** One cell of two confusion matrices, one taken from the other. */
export interface ChangedCell {
  was: number;
  is: number;
  change: number;
  /** More on the diagonal, or fewer beside it. */
  better: boolean;
  /** Place on the colour scale, 0 to 1; the diagonal has a scale of its own. */
  weight: number;
}

/** What becomes of each cell of a confusion matrix, row by row. */
export function changedCells(before: ConfusionMatrix, after: ConfusionMatrix): ChangedCell[][] {
  const changeAt = (label: number, predicted: number): number =>
    after[label]![predicted]! - before[label]![predicted]!;
  const places = before.flatMap((row, label) => row.map((_, predicted) => ({ label, predicted })));
  const most = (diagonal: boolean): number =>
    Math.max(
      1,
      ...places
        .filter(({ label, predicted }) => (label === predicted) === diagonal)
        .map(({ label, predicted }) => Math.abs(changeAt(label, predicted))),
    );
  const scales = { diagonal: most(true), beside: most(false) };
  return before.map((row, label) =>
    row.map((was, predicted) => {
      const diagonal = label === predicted;
      const change = changeAt(label, predicted);
      const weight = Math.sqrt(Math.abs(change) / (diagonal ? scales.diagonal : scales.beside));
      return { was, is: after[label]![predicted]!, change, better: diagonal === change > 0, weight };
    }),
  );
}
