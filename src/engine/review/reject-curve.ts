import type { ErrorRejectPoint } from '../../shared/contract/index.ts';
import { ledgerRow } from '../batches/ledger.ts';
import { breathe, checkCancelled } from '../jobs/flow.ts';
import { errorRejectCurve } from '../models/confidence.ts';
import { sql, type Db } from '../project/sqlite.ts';

const CHUNK = 20_000;

/** The error-reject curve of a batch over its labelled digits, by their labels as they are now; empty without any. Throws `unknown-id`, `cancelled`. */
export async function batchRejectCurve(
  db: Db,
  batchId: number,
  signal?: AbortSignal,
): Promise<ErrorRejectPoint[]> {
  ledgerRow(db, batchId);
  const page = sql<{ id: number; confidence: number; correct: 0 | 1 }>(
    db,
    `SELECT id, confidence, label = digit AS correct FROM batch_item INDEXED BY batch_item_doubt
     WHERE batch_id = :batchId AND (confidence, id) > (:confidence, :id) AND label IS NOT NULL AND decision IS NOT 'rejected'
     ORDER BY confidence, id LIMIT ${CHUNK}`,
  );
  const answers: { confidence: number; correct: boolean }[] = [];
  for (let last = { confidence: -1, id: 0 }; ;) {
    checkCancelled(signal);
    const rows = page.all({ batchId, confidence: last.confidence, id: last.id });
    if (rows.length === 0) break;
    for (const { confidence, correct } of rows) answers.push({ confidence, correct: correct === 1 });
    last = rows.at(-1)!;
    await breathe();
  }
  return answers.length === 0 ? [] : errorRejectCurve(answers);
}
