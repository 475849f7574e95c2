import { rejectionOf } from '../../shared/confidence/rejection.ts';
import type { RejectWish } from '../../shared/contract/confidence.ts';
import type { Batch, Job } from '../../shared/contract/index.ts';
import type { ModelCard } from '../../shared/contract/model-card.ts';
import type { NormalisationRecipe } from '../../shared/domain.ts';
import { StudioError } from '../../shared/errors.ts';
import {
  addFolderBatch,
  addDataSetBatch,
  ledgerRow,
  queueBatch,
  setBatchState,
  storedRejection,
  waitingBatches,
} from '../batches/ledger.ts';
import { checkNotEmpty } from '../batches/not-empty.ts';
import { runBatch } from '../batches/runner.ts';
import { getBatch } from '../batches/store.ts';
import { checkNormalisation } from '../datasets/normalisation.ts';
import { countLabelled, getDataSet } from '../datasets/store.ts';
import { batchJobOf } from '../jobs/batch-jobs.ts';
import type { JobControl } from '../jobs/registry.ts';
import { runFolds } from '../label-errors/run-folds.ts';
import { readModel } from '../models/store.ts';
import { getModel, modelFolderName } from '../project/models.ts';
import type { Project } from '../project/store.ts';
import type { EngineContext } from './context.ts';

/** Least time between two notices that a running batch has more rows, in milliseconds. */
const NOTICE_INTERVAL = 1_000;

/** Classifies a folder, in its turn. Throws what `rejectionOf` throws, `unknown-id`, `model-…`, `folder-empty`. */
export async function startClassify(
  engine: EngineContext,
  {
    folder,
    modelId,
    name,
    reject,
    ...options
  }: {
    folder: string;
    modelId: number;
    name: string;
    reject?: RejectWish;
    watch?: boolean;
    followLinks?: boolean;
  },
): Promise<{ job: Job; batch: Batch }> {
  const { writable: project } = engine;
  const { db } = project;
  const card = await cardOf(project, modelId);
  const rejection = rejectionOf(card, reject);
  if (!options.watch) await checkNotEmpty(folder);
  // It may have been removed meanwhile.
  getModel(db, modelId);
  const root = Buffer.from(folder);
  const recipe = card.normalisation;
  const batchId = addFolderBatch(db, { name, source: folder, root, modelId, recipe, rejection, ...options });
  return { job: launchBatch(engine, project, batchId), batch: getBatch(db, batchId) };
}

/**
 * Classifies the folder of a batch again, in its turn; what has not changed is taken over. Throws what `rejectionOf` throws, `unknown-id`, `model-…`, `folder-empty`,
 * and `bad-request` for a batch of no folder, or one that is not at its end yet.
 */
export async function classifyAgain(
  engine: EngineContext,
  { batchId: againOf, name, reject }: { batchId: number; name: string; reject?: RejectWish | null },
): Promise<{ job: Job; batch: Batch }> {
  const { writable: project } = engine;
  const { db } = project;
  const row = ledgerRow(db, againOf);
  const { root, source, modelId, recipe: stored, threshold, rejection: why } = row;
  if (root === null || ['running', 'queued'].includes(getBatch(db, againOf).state))
    throw new StudioError('bad-request');
  const card = await cardOf(project, modelId);
  const kept = storedRejection(threshold, why);
  // What was wished for is another threshold where the model was measured anew.
  const asked = reject === undefined ? kept?.wish : reject;
  const rejection = reject === undefined && row.temperature === null ? kept : rejectionOf(card, asked);
  await checkNotEmpty(source);
  getModel(db, modelId);
  const recipe = JSON.parse(stored) as NormalisationRecipe;
  const batchId = addFolderBatch(db, {
    ...{ name, source, root, modelId, recipe, againOf, rejection },
    followLinks: row.followLinks === 1,
  });
  return { job: launchBatch(engine, project, batchId), batch: getBatch(db, batchId) };
}

/** Reads a test split with a model, in its turn. Throws what `rejectionOf` throws, `unknown-id`, `no-labels`, `normalisation-differs`, `model-…`. */
export async function startEvaluate(
  engine: EngineContext,
  { dataSetId, modelId, reject }: { dataSetId: number; modelId: number; reject?: RejectWish },
): Promise<{ job: Job; batch: Batch }> {
  const { writable: project } = engine;
  const { db } = project;
  const { name } = getDataSet(db, dataSetId);
  const count = countLabelled(db, dataSetId, 'test');
  if (count === 0) throw new StudioError('no-labels', { name });
  const card = await cardOf(project, modelId);
  const { normalisation: recipe } = card;
  const { name: modelName } = getModel(db, modelId);
  checkNormalisation(db, dataSetId, { name: modelName, normalisation: recipe });
  const rejection = rejectionOf(card, reject);
  const title = `${name} · ${modelName}`;
  const batchId = addDataSetBatch(db, {
    name: title,
    source: name,
    dataSetId,
    modelId,
    recipe,
    count,
    rejection,
  });
  return { job: launchBatch(engine, project, batchId), batch: getBatch(db, batchId) };
}

/** The model's card; its files are checked on the way, before a batch is made. */
export async function cardOf(project: Project, modelId: number): Promise<ModelCard> {
  const { card } = await readModel(project.modelFolder(modelFolderName(project.db, modelId)));
  return card;
}

/** Runs a batch now if nothing computes, or when its turn comes. */
export const launchBatch = (engine: EngineContext, project: Project, batchId: number): Job =>
  enterBatch(engine, project, batchId, engine.jobs.isFree('classify') ? 'start' : 'queue');

/** Brings the batches that waited when the project was closed into the queue again; nothing begins unasked. */
export function queueWaiting(engine: EngineContext, project: Project): void {
  for (const batchId of waitingBatches(project.db)) enterBatch(engine, project, batchId, 'keep');
}

/** `keep`: it is in the stored queue already. */
function enterBatch(
  engine: EngineContext,
  project: Project,
  batchId: number,
  how: 'start' | 'queue' | 'keep',
): Job {
  const { compute, reader } = engine;
  const { db } = project;
  const batch = ledgerRow(db, batchId);
  const modelFolder = project.modelFolder(modelFolderName(db, batch.modelId));
  const recipe = JSON.parse(batch.recipe) as NormalisationRecipe;
  const { name: title, total, queued } = batch;
  const kind = batchJobOf(batch.kind);
  const unit = batch.kind === 'folder' ? 'files' : 'images';
  // Digits that folds are trained with count, and these are not known yet.
  const known = batch.kind === 'folds' ? {} : { done: total - queued, total };
  const options = { kind, title, subject: batchId, unit, ...known } as const;
  const work = async ({ signal, gate, progress }: JobControl): Promise<void> => {
    let noticed = performance.now();
    const common = { db, batchId, compute, signal, gate };
    try {
      if (batch.kind === 'folds')
        await runFolds({
          ...common,
          folder: project.foldsFolder(batchId),
          studioVersion: engine.options.version,
          onProgress: progress,
          onRead: () => engine.changed('batches'),
        });
      else
        await runBatch({
          ...common,
          reader,
          modelFolder,
          recipe,
          onProgress(counts) {
            progress(counts.total - counts.queued, counts.listed ? counts.total : 0);
            if (performance.now() - noticed < NOTICE_INTERVAL) return;
            noticed = performance.now();
            engine.changed('batches');
          },
        });
      if (ledgerRow(db, batchId).watch === 'on') engine.watches.start(engine, project, batchId);
    } finally {
      engine.changed('batches');
    }
  };
  if (how === 'queue') queueBatch(db, batchId);
  const job =
    how === 'start'
      ? engine.jobs.start(options, work)
      : engine.jobs.queue(options, work, () => {
          setBatchState(db, batchId, 'cancelled');
          engine.changed('batches');
        });
  engine.changed('batches');
  return job;
}
