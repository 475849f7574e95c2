import type { Batch, Job } from '../../shared/contract/index.ts';
import { checkFit } from '../../shared/models/fit.ts';
import { addDataSetBatch } from '../batches/ledger.ts';
import { getBatch } from '../batches/store.ts';
import { normalisationOfSet } from '../datasets/normalisation.ts';
import { countLabelled, getDataSet } from '../datasets/store.ts';
import { checkTrainable } from '../jobs/train-job.ts';
import { recipeOfModel } from '../label-errors/recipe.ts';
import { getModel } from '../project/models.ts';
import type { EngineContext } from './context.ts';
import { cardOf, launchBatch } from './launch-batches.ts';

/**
 * Reads training digits out of sample, in its turn: by models trained as the named one was. Throws `unknown-id`, `training-does-not-fit`,
 * `no-labels`, `too-few-digits`, `model-…`.
 */
export async function startFolds(
  engine: EngineContext,
  {
    dataSetId,
    modelId,
    folds,
    epochs,
  }: { dataSetId: number; modelId: number; folds: number; epochs?: number },
): Promise<{ job: Job; batch: Batch }> {
  const { writable: project } = engine;
  const { db } = project;
  const { name } = getDataSet(db, dataSetId);
  checkTrainable(db, dataSetId);
  const card = await cardOf(project, modelId);
  const parameters = recipeOfModel(card, epochs === undefined ? {} : { epochs });
  checkFit(parameters);
  const batchId = addDataSetBatch(db, {
    name: `${name} · ${getModel(db, modelId).name}`,
    source: name,
    dataSetId,
    modelId,
    // The folds' models are trained with these digits, and own how they were read, whatever the named one does.
    recipe: normalisationOfSet(db, dataSetId),
    count: countLabelled(db, dataSetId, 'train'),
    folds: { folds, parameters, hash: null },
  });
  return { job: launchBatch(engine, project, batchId), batch: getBatch(db, batchId) };
}
