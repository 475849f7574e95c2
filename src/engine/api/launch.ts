import { randomUUID } from 'node:crypto';
import { rejectionOf } from '../../shared/confidence/rejection.ts';
import type { RejectWish } from '../../shared/contract/confidence.ts';
import type { Batch, Job, Run } from '../../shared/contract/index.ts';
import type { ModelCard } from '../../shared/contract/model-card.ts';
import { digitsPerStep, type NormalisationRecipe, type TrainingParameters } from '../../shared/domain.ts';
import { StudioError } from '../../shared/errors.ts';
import { checkFit } from '../../shared/models/fit.ts';
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
import { beginImport, runImport } from '../datasets/import.ts';
import { countLabelled, getDataSet } from '../datasets/store.ts';
import { batchJobOf } from '../jobs/batch-jobs.ts';
import { computes, parseJobId, type JobControl } from '../jobs/registry.ts';
import { RunFeed } from '../jobs/run-feed.ts';
import { checkTrainable, resumeFeed, runTrainingJob } from '../jobs/train-job.ts';
import { runFolds } from '../label-errors/run-folds.ts';
import { readModel } from '../models/store.ts';
import { getModel, modelFolderName } from '../project/models.ts';
import { purge, purgeFolds, purgeMaps, purgeModels, purgeRuns } from '../project/purge.ts';
import type { Project } from '../project/store.ts';
import { addRun, getRun, listRuns } from '../project/runs.ts';
import { hasReadAll } from '../training/compare.ts';
import { currentVersion } from '../versions/versions.ts';
import type { EngineContext } from './context.ts';
import type { ScannedSource } from './scans.ts';

/** Least time between two notices that a running batch has more rows, in milliseconds. */
const NOTICE_INTERVAL = 1_000;

/** Begins an import. Throws `job-running`. */
export function startImport(engine: EngineContext, { total, ...source }: ScannedSource, name: string): Job {
  const { jobs, reader, writable: project } = engine;
  const { db } = project;
  jobs.checkFree('import');
  const dataSetId = beginImport(db, source, name);
  const unit = source.kind === 'folder' ? 'files' : 'images';
  return jobs.start(
    { kind: 'import', title: name, subject: dataSetId, unit, total },
    async ({ signal, progress }) => {
      try {
        await runImport({
          db,
          dataSetId,
          source,
          reader,
          signal,
          onProgress: (done) => progress(done, total),
        });
      } finally {
        // What a failed import had brought.
        purgeLater(project);
        engine.changed('data');
      }
    },
  );
}

/** Throws `training-does-not-fit`, `unknown-id`, `no-labels`, `too-few-digits`, `job-running`. */
export function startTraining(
  engine: EngineContext,
  {
    dataSetId,
    name,
    parameters,
    retrainOf,
  }: { dataSetId: number; name: string; parameters: TrainingParameters; retrainOf?: number },
): { job: Job; run: Run } {
  const { writable: project } = engine;
  const { db } = project;
  checkFit(parameters);
  checkTrainable(db, dataSetId);
  engine.jobs.checkFree('train');
  const runId = addRun(db, {
    ...{ name, dataSetId, parameters, modelFolder: randomUUID() },
    dataVersion: currentVersion(db, dataSetId),
    retrainOf: retrainOf ?? null,
  });
  const job = launchTraining(engine, project, runId, new RunFeed());
  return { job, run: getRun(db, runId) };
}

/** Trains with the recipe of a run once more, on its data set as it is now. Throws what `startTraining` throws. */
export function startRetraining(
  engine: EngineContext,
  { runId, name }: { runId: number; name: string },
): { job: Job; run: Run } {
  const { dataSetId, parameters } = getRun(engine.writable.db, runId);
  return startTraining(engine, { dataSetId, name, parameters, retrainOf: runId });
}

function launchTraining(engine: EngineContext, project: Project, runId: number, feed: RunFeed): Job {
  const { compute, options } = engine;
  const { name, parameters } = getRun(project.db, runId);
  const done = (feed.points.at(-1)?.step ?? 0) * digitsPerStep(parameters);
  const job = engine.jobs.start(
    { kind: 'train', title: name, subject: runId, unit: 'images', done },
    async (control) => {
      try {
        const onEpoch = (): void => engine.changed('runs');
        await runTrainingJob({
          project,
          runId,
          compute,
          studioVersion: options.version,
          feed,
          control,
          onEpoch,
          checkpointInterval: options.checkpointInterval,
        });
        await measureRetrained(engine, project, runId);
      } finally {
        engine.feeds.delete(runId);
        engine.changed('runs', 'models');
      }
    },
  );
  engine.feeds.set(runId, feed);
  engine.changed('runs');
  return job;
}

/** Before and after are compared on test digits: queues the reading of those that either model has not read yet. */
async function measureRetrained(engine: EngineContext, { db }: Project, runId: number): Promise<void> {
  const { retrainOf, dataSetId, modelId } = getRun(db, runId);
  if (retrainOf === null || countLabelled(db, dataSetId, 'test') === 0) return;
  const before = listRuns(db).find(({ id }) => id === retrainOf)?.modelId ?? null;
  for (const id of [before, modelId])
    if (id !== null && !hasReadAll(db, id, dataSetId))
      // The comparison says what is missing, and offers to read it.
      await startEvaluate(engine, { dataSetId, modelId: id }).catch(() => undefined);
}

/** Classifies a folder, in its turn. Throws what `rejectionOf` throws, `unknown-id`, `model-…`, `folder-empty`. */
export async function startClassify(
  engine: EngineContext,
  {
    folder,
    modelId,
    name,
    reject,
    watch,
  }: { folder: string; modelId: number; name: string; reject?: RejectWish; watch?: boolean },
): Promise<{ job: Job; batch: Batch }> {
  const { writable: project } = engine;
  const { db } = project;
  const card = await cardOf(project, modelId);
  const rejection = rejectionOf(card, reject);
  if (!watch) await checkNotEmpty(folder);
  // It may have been removed meanwhile.
  getModel(db, modelId);
  const root = Buffer.from(folder);
  const recipe = card.normalisation;
  const batchId = addFolderBatch(db, { name, source: folder, root, modelId, recipe, rejection, watch });
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
  const { root, source, modelId, recipe: stored, threshold, rejection: why } = ledgerRow(db, againOf);
  if (root === null || ['running', 'queued'].includes(getBatch(db, againOf).state))
    throw new StudioError('bad-request');
  const card = await cardOf(project, modelId);
  const rejection = reject === undefined ? storedRejection(threshold, why) : rejectionOf(card, reject);
  await checkNotEmpty(source);
  getModel(db, modelId);
  const recipe = JSON.parse(stored) as NormalisationRecipe;
  const batchId = addFolderBatch(db, { name, source, root, modelId, recipe, againOf, rejection });
  return { job: launchBatch(engine, project, batchId), batch: getBatch(db, batchId) };
}

/** Reads a test split with a model, in its turn. Throws what `rejectionOf` throws, `unknown-id`, `no-labels`, `model-…`. */
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
  const recipe = card.normalisation;
  const rejection = rejectionOf(card, reject);
  const title = `${name} · ${getModel(db, modelId).name}`;
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

/** Goes on with a job that was interrupted, cancelled or failed, a batch in its turn. Throws `unknown-id`, `job-running`, `bad-request`. */
export async function resumeJob(engine: EngineContext, id: string): Promise<Job> {
  const { writable: project, jobs } = engine;
  const { kind, subject } = parseJobId(id);
  if (kind === 'train') {
    jobs.checkFree(kind);
    const run = getRun(project.db, subject);
    if (run.state === 'done') throw new StudioError('bad-request');
    checkTrainable(project.db, run.dataSetId);
    const feed = await resumeFeed(project, subject);
    jobs.checkFree(kind);
    return launchTraining(engine, project, subject, feed);
  }
  if (!computes(kind)) throw new StudioError('bad-request');
  const { state } = getBatch(project.db, subject);
  if (state === 'done' || state === 'running') throw new StudioError('bad-request');
  // It keeps its place.
  if (state === 'queued' && !jobs.isFree(kind)) throw new StudioError('bad-request');
  return launchBatch(engine, project, subject);
}

/** Deletes the runs that were removed the last time that the project was open, behind the scenes. */
export function purgeRunsLater(project: Project): void {
  purgeRuns(project).catch((error: unknown) => console.error(error));
}

/** Deletes what is out of sight, behind the scenes. */
export function purgeLater(project: Project): void {
  purgeFolds(project)
    .then(() => purgeMaps(project))
    .then(() => purge(project.db))
    .then(() => purgeModels(project))
    .catch((error: unknown) => console.error(error));
}
