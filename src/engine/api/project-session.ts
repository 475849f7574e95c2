import path from 'node:path';
import type { Job, ProjectInfo, Run } from '../../shared/contract/index.ts';
import { digitsPerStep } from '../../shared/domain.ts';
import { StudioError } from '../../shared/errors.ts';
import { canGoOn } from '../../shared/go-on.ts';
import { listBatches } from '../batches/store.ts';
import { listDataSets } from '../datasets/store.ts';
import { batchJobOf } from '../jobs/batch-jobs.ts';
import { jobId } from '../jobs/registry.ts';
import { markInterrupted } from '../project/interrupted.ts';
import { listRuns } from '../project/runs.ts';
import type { Db } from '../project/sqlite.ts';
import { signAs } from '../review/audit.ts';
import {
  createProject,
  isProject,
  openProject,
  openProjectReadOnly,
  type Project,
} from '../project/store.ts';
import type { EngineContext } from './context.ts';
import { startWatches } from './watches.ts';
import { queueWaiting } from './launch-batches.ts';
import { purgeLater, purgeRunsLater, startImport } from './launch.ts';

/** Digits in MNIST's four files. */
const MNIST_TOTAL = 70_000;

/** Opens a project in place of the one that is open, which stays when the new one cannot be opened. */
export const switchTo = (
  engine: EngineContext,
  folder: string,
  make: (folder: string) => Project = openOrLook,
): Promise<ProjectInfo> => engine.inTurn(() => replaceProject(engine, folder, make));

/** What another studio has open is only looked at. */
function openOrLook(folder: string): Project {
  try {
    return openProject(folder);
  } catch (error) {
    if (!(error instanceof StudioError && error.code === 'project-locked')) throw error;
    return openProjectReadOnly(folder);
  }
}

/** Opens a project that is only looked at for changes. Throws `no-project`, `project-locked`. */
export const takeOver = (engine: EngineContext): Promise<ProjectInfo> =>
  engine.inTurn(async () => {
    const { folder, readOnly } = engine.open;
    return readOnly ? replaceProject(engine, folder, openProject, true) : engine.open.info();
  });

async function replaceProject(
  engine: EngineContext,
  folder: string,
  make: (folder: string) => Project,
  again = false,
): Promise<ProjectInfo> {
  if (engine.project?.folder === folder && !again) return engine.project.info();
  const project = make(folder);
  await releaseProject(engine);
  if (!project.readOnly) markInterrupted(project.db);
  engine.project = project;
  signAs(project.db, () => engine.settings.get().reviewer);
  if (!project.readOnly) {
    queueWaiting(engine, project);
    startWatches(engine, project);
  }
  await engine.recent.opened(folder, project.info().name);
  if (project.readOnly) followChanges(engine, project);
  else {
    purgeRunsLater(project);
    purgeLater(project);
  }
  engine.changed('project', 'data', 'runs', 'models', 'batches', 'labels');
  return project.info();
}

/** How often it is looked whether the other studio has changed something, in milliseconds. */
const LOOK_INTERVAL = 1_000;

/** Tells clients when another process has written to a project, as long as that is open. */
function followChanges(engine: EngineContext, { db }: Project): void {
  const version = (): unknown => db.pragma('data_version', { simple: true });
  let last = version();
  const timer = setInterval(() => {
    if (!db.open) return clearInterval(timer);
    const now = version();
    if (now === last) return;
    last = now;
    engine.changed('data', 'runs', 'models', 'batches', 'labels');
  }, LOOK_INTERVAL).unref();
}

/** Closes the open project, if there is one; what runs in it is interrupted and can be resumed later. */
export const closeProject = (engine: EngineContext): Promise<void> =>
  engine.inTurn(async () => {
    // What another studio of the same user has open is not ours to close.
    if (!engine.project) return;
    await releaseProject(engine);
    await engine.recent.closed();
    engine.changed('project');
  });

async function releaseProject(engine: EngineContext): Promise<void> {
  const { project } = engine;
  // First, so that nothing begins in it any more.
  engine.project = null;
  await Promise.all([engine.jobs.close(), engine.watches.close()]);
  engine.feeds.clear();
  engine.digitLists.clear();
  engine.digitLists.chosen.forget();
  engine.neighbours.forget();
  engine.maps.forget();
  project?.close();
}

/** "Try it with MNIST": the sample project, made when it is not there, with MNIST in it or on its way. */
export const openSample = (engine: EngineContext): Promise<ProjectInfo> =>
  engine.inTurn(async () => {
    const folder = path.join(engine.options.userData, 'sample');
    const info = await replaceProject(engine, folder, () =>
      isProject(folder) ? openOrLook(folder) : createProject(folder, 'MNIST'),
    );
    const importing = engine.jobs.list().some(({ kind, state }) => kind === 'import' && state === 'running');
    if (!importing && !info.readOnly && listDataSets(engine.open.db).length === 0)
      startImport(engine, { kind: 'mnist', folder: engine.options.mnist, total: MNIST_TOTAL }, 'MNIST');
    return info;
  });

/** Jobs of this session, and those of earlier ones that can go on. In the order of their starts. */
export function allJobs({ project, jobs }: EngineContext): Job[] {
  if (!project) return jobs.list();
  const runs = listRuns(project.db);
  const listed = new Set(runs.map(({ id }) => id));
  // A training whose run was removed cannot go on.
  const current = jobs.list().filter(({ kind, subject }) => kind !== 'train' || listed.has(subject));
  const known = new Set(current.map(({ id }) => id));
  return [...unfinishedJobs(project.db, runs).filter(({ id }) => !known.has(id)), ...current];
}

function unfinishedJobs(db: Db, runs: readonly Run[]): Job[] {
  const trainings = runs.filter(canGoOn).map((run): Job => {
    const { id: subject, name: title, state, startedAt, error } = run;
    const digits = digitsPerStep(run.parameters);
    const done = run.step * digits;
    // Runs of older studios did not keep it; their curves end with an epoch.
    const stepsPerEpoch = run.stepsPerEpoch ?? (run.epochs.length > 0 ? run.step / run.epochs.length : 0);
    const total = stepsPerEpoch * run.parameters.epochs * digits;
    const id = jobId('train', subject);
    return {
      ...atRest,
      id,
      kind: 'train',
      title,
      state,
      subject,
      done,
      total,
      unit: 'images',
      startedAt,
      error,
    };
  });
  const batches = listBatches(db)
    .filter(canGoOn)
    .map((batch): Job => {
      const kind = batchJobOf(batch.kind);
      const unit = batch.kind === 'folder' ? 'files' : 'images';
      const { id: subject, name: title, state, startedAt, total, queued, error } = batch;
      const id = jobId(kind, subject);
      return {
        ...atRest,
        id,
        kind,
        title,
        state,
        subject,
        done: total - queued,
        total,
        unit,
        startedAt,
        error,
      };
    });
  return [...trainings, ...batches].sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
}

const atRest = { paused: false, rate: null, secondsLeft: null };
