import type { MeasuredSplit } from '../../shared/contract/confidence.ts';
import type { Job } from '../../shared/contract/index.ts';
import { StudioError } from '../../shared/errors.ts';
import { watchedBatchesOf } from '../batches/ledger.ts';
import { keepTemperature } from '../batches/temperature.ts';
import { checkNormalisation } from '../datasets/normalisation.ts';
import { getDataSet } from '../datasets/store.ts';
import { trainingSet } from '../datasets/training-set.ts';
import { checkCancelled } from '../jobs/flow.ts';
import { checkEnough, measureModel } from '../models/measure.ts';
import { readModel } from '../models/store.ts';
import { getModel, modelFolderName } from '../project/models.ts';
import type { EngineContext } from './context.ts';

/**
 * Measures a model's confidences on a split of a data set. What can be known before reading is refused at once. Throws `unknown-id`, `job-running`,
 * `normalisation-differs`, `too-few-digits`, `model-…`.
 */
export async function startMeasure(
  engine: EngineContext,
  { modelId, dataSetId, split }: { modelId: number; dataSetId: number; split: MeasuredSplit },
): Promise<Job> {
  const { writable: project, compute, jobs } = engine;
  const { db } = project;
  const { name: title } = getModel(db, modelId);
  getDataSet(db, dataSetId);
  const modelFolder = project.modelFolder(modelFolderName(db, modelId));
  const { card } = await readModel(modelFolder);
  // All of it may have been closed, removed or changed meanwhile.
  if (engine.writable !== project) throw new StudioError('no-project');
  getModel(db, modelId);
  const set = getDataSet(db, dataSetId);
  const { name } = set;
  checkNormalisation(db, dataSetId, { name: title, normalisation: card.normalisation });
  checkEnough(set, split, card);
  return jobs.start({ kind: 'measure', title, subject: modelId, unit: 'images' }, async (control) => {
    const { signal, gate, progress } = control;
    const train = await trainingSet(db, dataSetId, 'train');
    checkCancelled(signal);
    const test = split === 'test' ? await trainingSet(db, dataSetId, 'test') : null;
    const held: number[] = [];
    try {
      await measureModel({
        ...{ compute, modelFolder, data: { name, train, test }, split, signal, gate },
        onProgress: progress,
        async beforeWriting(temperature) {
          // They read beside other jobs: none is to be half way through an answer while the model changes.
          for (const batchId of watchedBatchesOf(db, modelId)) {
            await engine.watches.stop(batchId);
            held.push(batchId);
          }
          keepTemperature(db, modelId, temperature);
        },
      });
    } finally {
      if (db.open && !signal.aborted)
        for (const batchId of held) engine.watches.start(engine, project, batchId);
      engine.changed('models', 'batches');
    }
  });
}
