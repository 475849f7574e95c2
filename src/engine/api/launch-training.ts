import { randomUUID } from 'node:crypto';
import type { Job, Run } from '../../shared/contract/index.ts';
import { digitsPerStep, type TrainingParameters } from '../../shared/domain.ts';
import { checkFit } from '../../shared/models/fit.ts';
import { countLabelled } from '../datasets/store.ts';
import { RunFeed } from '../jobs/run-feed.ts';
import { checkTrainable, runTrainingJob } from '../jobs/train-job.ts';
import type { Project } from '../project/store.ts';
import { addRun, getRun, listRuns } from '../project/runs.ts';
import { hasReadAll } from '../training/compare.ts';
import { currentVersion } from '../versions/versions.ts';
import type { EngineContext } from './context.ts';
import { startEvaluate } from './launch-batches.ts';

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

/** Trains a run, from where its feed ends. */
export function launchTraining(engine: EngineContext, project: Project, runId: number, feed: RunFeed): Job {
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
