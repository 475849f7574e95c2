import type { Comparison } from '../../shared/contract/index.ts';
import type { CurvePoint } from '../../shared/domain.ts';
import { countLabelled, getDataSet } from '../datasets/store.ts';
import { getRun, runPoints } from '../project/runs.ts';
import { single, type Db } from '../project/sqlite.ts';
import { confusion } from '../review/confusion.ts';
import { classErrors, countDifference } from '../review/differences.ts';

/**
 * Puts runs side by side: their curves, and what their models make of one test split. `curveOf` gives the curve of a run that trains now.
 * Throws `unknown-id`.
 */
export function compareRuns(
  db: Db,
  runIds: readonly number[],
  dataSetId: number | null,
  curveOf: (runId: number) => readonly CurvePoint[] | null,
): Comparison {
  if (dataSetId !== null) getDataSet(db, dataSetId);
  const runs = runIds.map((runId) => {
    const { modelId } = getRun(db, runId);
    const batchId = modelId === null || dataSetId === null ? null : readBatch(db, modelId, dataSetId);
    return {
      runId,
      points: [...(curveOf(runId) ?? runPoints(db, runId))],
      modelId,
      batchId,
      classes: batchId === null ? null : classErrors(db, batchId),
    };
  });
  const read = runs.flatMap(({ runId, batchId }) => (batchId === null ? [] : [{ runId, batchId }]));
  const differences = read.flatMap((right) =>
    read
      .filter(({ runId }) => runId !== right.runId)
      .map((wrong) => ({
        right: right.runId,
        wrong: wrong.runId,
        count: countDifference(db, { right: right.batchId, wrong: wrong.batchId }),
      })),
  );
  return { runs, differences };
}

/** Whether a model has read every labelled digit that the test split of a data set has now. */
export function hasReadAll(db: Db, modelId: number, dataSetId: number): boolean {
  const batchId = readBatch(db, modelId, dataSetId);
  return batchId !== null && confusion(db, batchId).labelled === countLabelled(db, dataSetId, 'test');
}

/** The newest batch in which a model has read the whole test split of a data set. */
const readBatch = (db: Db, modelId: number, dataSetId: number): number | null =>
  single<number | null>(
    db,
    `SELECT MAX(id) FROM batch WHERE kind = 'test-set' AND folds IS NULL AND state = 'done' AND model_id = ? AND data_set_id = ?`,
    modelId,
    dataSetId,
  );
