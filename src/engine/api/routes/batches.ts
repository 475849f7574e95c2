import { ledgerRow } from '../../batches/ledger.ts';
import { batchLikeness } from '../../batches/likeness.ts';
import { readModel } from '../../models/store.ts';
import { isModelThere, modelFolderName } from '../../project/models.ts';
import { batchSummary } from '../../batches/summary.ts';
import { batchRows, listBatches, removeBatch } from '../../batches/store.ts';
import { batchJobs } from '../../jobs/batch-jobs.ts';
import { os } from '../context.ts';
import { exportAsJob } from '../launch-export.ts';
import { checkNotFiled } from '../launch-filing.ts';
import { watchBatch } from '../watches.ts';
import { classifyAgain, startClassify, startEvaluate } from '../launch-batches.ts';
import { purgeLater } from '../launch.ts';
import { startFolds } from '../launch-folds.ts';

export const batches = {
  list: os.batches.list.handler(({ context: { engine } }) => listBatches(engine.open.db)),
  classify: os.batches.classify.handler(({ context: { engine }, input }) =>
    startClassify(engine, { ...input, folder: engine.grants.resolve(input.folder, 'read-folder') }),
  ),
  again: os.batches.again.handler(({ context: { engine }, input }) => classifyAgain(engine, input)),
  evaluate: os.batches.evaluate.handler(({ context: { engine }, input }) => startEvaluate(engine, input)),
  findLabelErrors: os.batches.findLabelErrors.handler(({ context: { engine }, input }) =>
    startFolds(engine, input),
  ),
  rows: os.batches.rows.handler(({ context: { engine }, input }) => batchRows(engine.open.db, input)),
  likeness: os.batches.likeness.handler(async ({ context: { engine }, input }) => {
    const { db, modelFolder } = engine.open;
    const { id, modelId, kind } = ledgerRow(db, input.batchId);
    // Other models read it, and none was measured.
    if (kind === 'folds' || !isModelThere(db, modelId)) return null;
    const { card } = await readModel(modelFolder(modelFolderName(db, modelId)));
    return batchLikeness(db, id, card.confidence?.reference);
  }),
  summary: os.batches.summary.handler(({ context: { engine }, input, signal }) =>
    batchSummary(engine.open.db, input.batchId, signal),
  ),
  export: os.batches.export.handler(async ({ context: { engine }, input }) => {
    const file = engine.grants.resolve(input.file, 'write-file');
    return { rows: await exportAsJob(engine, { ...input, file }), file };
  }),
  watch: os.batches.watch.handler(({ context: { engine }, input }) => watchBatch(engine, input)),
  remove: os.batches.remove.handler(async ({ context: { engine }, input }) => {
    engine.jobs.checkIdle(batchJobs, input.batchId);
    checkNotFiled(engine, input.batchId);
    engine.jobs.leaveQueue(batchJobs, input.batchId);
    await engine.watches.stop(input.batchId);
    removeBatch(engine.open.db, input.batchId);
    purgeLater(engine.open);
    engine.changed('batches', 'labels');
  }),
};
