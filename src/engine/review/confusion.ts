import type { Confusion } from '../../shared/contract/index.ts';
import { CLASSES } from '../../shared/domain.ts';
import { sql, type Db } from '../project/sqlite.ts';

/** Counts of a batch: rows are labels, columns what the model read. Costs the same for any number of digits. */
export function confusion(db: Db, batchId: number): Confusion {
  const counts = Array.from({ length: CLASSES }, () => new Array<number>(CLASSES).fill(0));
  let [labelled, correct, unlabelled] = [0, 0, 0];
  const cells = sql<{ label: number; digit: number; count: number }>(
    db,
    'SELECT label, digit, count FROM batch_cell WHERE batch_id = ?',
  ).all(batchId);
  for (const { label, digit, count } of cells) {
    if (label < 0) {
      unlabelled += count;
      continue;
    }
    counts[label]![digit] = count;
    labelled += count;
    if (label === digit) correct += count;
  }
  return { counts, labelled, unlabelled, accuracy: labelled > 0 ? correct / labelled : null };
}
