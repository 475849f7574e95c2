import type { Run } from '../../shared/contract/index.ts';
import {
  trainingParameters,
  type CurvePoint,
  type EpochMetrics,
  type TrainingParameters,
} from '../../shared/domain.ts';
import { StudioError, type ErrorCode, type ErrorParams } from '../../shared/errors.ts';
import { single, sql, transact, type Db } from './sqlite.ts';

interface RunRow {
  id: number;
  name: string;
  state: Run['state'];
  dataSetId: number;
  dataSetName: string;
  parameters: string;
  modelFolder: string;
  bestEpoch: number | null;
  testAccuracy: number | null;
  imagesPerSecond: number | null;
  modelId: number | null;
  startedAt: string;
  finishedAt: string | null;
  error: string | null;
  notes: string;
  stepsPerEpoch: number | null;
  seconds: number | null;
  dataVersion: number | null;
  retrainOf: number | null;
}

const SELECT = `SELECT run.id, run.name, run.state, data_set_id AS dataSetId, data_set.name AS dataSetName, run.parameters,
  model_folder AS modelFolder, best_epoch AS bestEpoch, run.test_accuracy AS testAccuracy, images_per_second AS imagesPerSecond,
  (SELECT id FROM model WHERE run_id = run.id AND removed_at IS NULL) AS modelId, started_at AS startedAt, finished_at AS finishedAt, error,
  notes, steps_per_epoch AS stepsPerEpoch, seconds, data_version AS dataVersion, retrain_of AS retrainOf
  FROM run JOIN data_set ON data_set.id = data_set_id`;

/** Answers the new run's id. `modelFolder` is where its best epoch will go, a name under models/. */
export function addRun(
  db: Db,
  run: {
    name: string;
    dataSetId: number;
    parameters: TrainingParameters;
    modelFolder: string;
    dataVersion?: number | null;
    /** The run whose recipe it repeats. */
    retrainOf?: number | null;
  },
): number {
  return Number(
    sql(
      db,
      `INSERT INTO run (name, state, data_set_id, parameters, model_folder, started_at, data_version, retrain_of) VALUES (?, 'running', ?, ?, ?, ?, ?, ?)`,
    ).run(
      run.name,
      run.dataSetId,
      JSON.stringify(run.parameters),
      run.modelFolder,
      new Date().toISOString(),
      run.dataVersion ?? null,
      run.retrainOf ?? null,
    ).lastInsertRowid,
  );
}

/** Newest first, without removed ones. */
export const listRuns = (db: Db): Run[] =>
  sql<RunRow>(db, `${SELECT} WHERE run.removed_at IS NULL ORDER BY run.id DESC`)
    .all()
    .map((row) => toRun(db, row));

/** Throws `unknown-id`, also for one that was removed. */
export const getRun = (db: Db, id: number): Run => toRun(db, findRun(db, id));

/** Name of the run's model folder under models/. Throws `unknown-id`. */
export const runModelFolder = (db: Db, id: number): string => findRun(db, id).modelFolder;

function findRun(db: Db, id: number): RunRow {
  const row = sql<RunRow>(db, `${SELECT} WHERE run.id = ? AND run.removed_at IS NULL`).get(id);
  if (!row) throw new StudioError('unknown-id', { kind: 'run', id });
  return row;
}

function toRun(db: Db, { modelFolder: _, parameters, error, ...row }: RunRow): Run {
  return {
    ...row,
    parameters: trainingParameters.parse(JSON.parse(parameters)),
    epochs: runEpochs(db, row.id),
    step: lastStep(db, row.id),
    error: storedError(error),
  };
}

/** An error as it was written with `errorText`. */
export const storedError = (text: string | null): { code: ErrorCode; params: ErrorParams } | null =>
  text === null ? null : (JSON.parse(text) as { code: ErrorCode; params: ErrorParams });

export const errorText = (error: StudioError | null): string | null =>
  error && JSON.stringify({ code: error.code, params: error.params });

export const runEpochs = (db: Db, runId: number): EpochMetrics[] =>
  sql<EpochMetrics>(
    db,
    `SELECT epoch, train_loss AS trainLoss, train_accuracy AS trainAccuracy, validation_loss AS validationLoss,
       validation_accuracy AS validationAccuracy, seconds FROM run_epoch WHERE run_id = ? ORDER BY epoch`,
  ).all(runId);

export const runPoints = (db: Db, runId: number): CurvePoint[] =>
  sql<CurvePoint & { low: number | null; high: number | null }>(
    db,
    'SELECT step, loss, accuracy, low, high FROM run_point WHERE run_id = ? ORDER BY step',
  )
    .all(runId)
    .map(({ low, high, ...point }) => ({
      ...point,
      ...(low !== null && high !== null && { low, high }),
    }));

/** The step that the kept curve ends at, 0 without one. */
export const lastStep = (db: Db, runId: number): number =>
  single<number | null>(db, 'SELECT MAX(step) FROM run_point WHERE run_id = ?', runId) ?? 0;

/** What a run keeps with each checkpoint. */
export interface RunProgress {
  points: readonly CurvePoint[];
  /** At work since it was begun. */
  seconds: number;
}

/** Writes a finished epoch and the curve up to it, in one transaction. */
export function enterEpoch(
  db: Db,
  runId: number,
  metrics: EpochMetrics,
  progress: RunProgress,
  best: number,
): void {
  transact(db, () => {
    const { epoch, trainLoss, trainAccuracy, validationLoss, validationAccuracy, seconds } = metrics;
    sql(db, 'INSERT OR REPLACE INTO run_epoch VALUES (?, ?, ?, ?, ?, ?, ?)').run(
      runId,
      epoch,
      trainLoss,
      trainAccuracy,
      validationLoss,
      validationAccuracy,
      seconds,
    );
    replaceProgress(db, runId, progress);
    sql(db, 'UPDATE run SET best_epoch = ? WHERE id = ?').run(best, runId);
  });
}

/** Writes the curve up to now, in the middle of an epoch. */
export const enterProgress = (db: Db, runId: number, progress: RunProgress): void =>
  transact(db, () => replaceProgress(db, runId, progress));

function replaceProgress(db: Db, runId: number, { points, seconds }: RunProgress): void {
  sql(db, 'DELETE FROM run_point WHERE run_id = ?').run(runId);
  const enter = sql(
    db,
    'INSERT OR REPLACE INTO run_point (run_id, step, loss, accuracy, low, high) VALUES (?, ?, ?, ?, ?, ?)',
  );
  for (const { step, loss, accuracy, low, high } of points)
    enter.run(runId, step, loss, accuracy, low ?? null, high ?? null);
  sql(db, 'UPDATE run SET seconds = ? WHERE id = ?').run(seconds, runId);
}

/** Keeps how many steps an epoch of the run has. */
export function setStepsPerEpoch(db: Db, runId: number, steps: number): void {
  sql(db, 'UPDATE run SET steps_per_epoch = ? WHERE id = ?').run(steps, runId);
}

/** Throws `unknown-id`. */
export function setRunNotes(db: Db, runId: number, notes: string): void {
  findRun(db, runId);
  sql(db, 'UPDATE run SET notes = ? WHERE id = ?').run(notes, runId);
}

/** Forgets what lies after an epoch: training goes on from there and comes by it again. */
export function rewindRun(db: Db, runId: number, epoch: number, lastStep: number): void {
  transact(db, () => {
    sql(db, 'DELETE FROM run_epoch WHERE run_id = ? AND epoch > ?').run(runId, epoch);
    sql(db, 'DELETE FROM run_point WHERE run_id = ? AND step > ?').run(runId, lastStep);
  });
}

export function setRunState(
  db: Db,
  runId: number,
  state: Run['state'],
  error: StudioError | null = null,
): void {
  sql(db, 'UPDATE run SET state = ?, error = ?, finished_at = ? WHERE id = ?').run(
    state,
    errorText(error),
    state === 'running' ? null : new Date().toISOString(),
    runId,
  );
}

export function enterRunResult(
  db: Db,
  runId: number,
  best: number,
  test: number | null,
  rate: number | null,
): void {
  sql(db, 'UPDATE run SET best_epoch = ?, test_accuracy = ?, images_per_second = ? WHERE id = ?').run(
    best,
    test,
    rate,
    runId,
  );
}

/** Takes a run out of sight; the model that came from it stays. It goes for good with `purgeRuns`. Answers when. Throws `unknown-id`. */
export function removeRun(db: Db, runId: number): string {
  findRun(db, runId);
  const at = new Date().toISOString();
  sql(db, 'UPDATE run SET removed_at = ? WHERE id = ?').run(at, runId);
  return at;
}

/** Brings a removed run back. Throws `unknown-id`. */
export function restoreRun(db: Db, runId: number): void {
  const found = sql(db, `UPDATE run SET removed_at = NULL WHERE id = ? AND removed_at > ''`).run(runId);
  if (found.changes === 0) throw new StudioError('unknown-id', { kind: 'run', id: runId });
}
