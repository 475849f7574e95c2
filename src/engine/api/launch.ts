import type { Job } from '../../shared/contract/index.ts';
import { StudioError } from '../../shared/errors.ts';
import { getBatch } from '../batches/store.ts';
import { beginImport, runImport } from '../datasets/import.ts';
import { computes, parseJobId } from '../jobs/registry.ts';
import { checkTrainable, resumeFeed } from '../jobs/train-job.ts';
import { purge, purgeFolds, purgeMaps, purgeModels, purgeRuns } from '../project/purge.ts';
import type { Project } from '../project/store.ts';
import { getRun } from '../project/runs.ts';
import type { EngineContext } from './context.ts';
import { launchBatch } from './launch-batches.ts';
import { launchTraining } from './launch-training.ts';
import type { ScannedSource } from './scans.ts';

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
  if (!computes(kind) || kind === 'measure') throw new StudioError('bad-request');
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
