import fs from 'node:fs/promises';
import { digitsPerStep } from '../../shared/domain.ts';
import { StudioError } from '../../shared/errors.ts';
import type { Checkpoint, Compute, TrainListener } from '../compute/types.ts';
import { hashDigits } from '../datasets/hash.ts';
import { normalisationOfSet } from '../datasets/normalisation.ts';
import { countLabelled, getDataSet } from '../datasets/store.ts';
import { trainingSet } from '../datasets/training-set.ts';
import { addModel } from '../project/models.ts';
import * as runs from '../project/runs.ts';
import { storeError, transact, type Db } from '../project/sqlite.ts';
import type { Project } from '../project/store.ts';
import { loadCheckpoint, saveCheckpoint } from '../training/checkpoint.ts';
import { trainModel } from '../training/run.ts';
import { endState } from './end-state.ts';
import { checkCancelled } from './flow.ts';
import type { JobControl } from './registry.ts';
import { RunFeed } from './run-feed.ts';

export interface TrainingOptions {
  project: Project;
  runId: number;
  compute: Compute;
  studioVersion: string;
  feed: RunFeed;
  control: JobControl;
  /** A finished epoch was written. */
  onEpoch?: () => void;
  /** For tests: milliseconds between two checkpoints in the middle of an epoch. */
  checkpointInterval?: number | undefined;
}

/** Digits of one class or more that training needs at least. */
const NEEDED = 10;

/** Throws `unknown-id`, `no-labels` or `too-few-digits` when a data set cannot be trained with. */
export function checkTrainable(db: Db, dataSetId: number): void {
  const { name } = getDataSet(db, dataSetId);
  const count = countLabelled(db, dataSetId, 'train');
  if (count === 0) throw new StudioError('no-labels', { name });
  if (count < NEEDED) throw new StudioError('too-few-digits', { name, count, needed: NEEDED });
}

/** A feed that goes on where the run's last checkpoint stands; what lies after it is forgotten. */
export async function resumeFeed(project: Project, runId: number): Promise<RunFeed> {
  const { db } = project;
  const checkpoint = await loadCheckpoint(project.runFolder(runId));
  const steps = checkpoint ? (checkpoint.steps ?? runs.lastStep(db, runId)) : 0;
  runs.rewindRun(db, runId, checkpoint?.epoch ?? 0, steps);
  return new RunFeed(runs.runPoints(db, runId), runs.runEpochs(db, runId));
}

/**
 * Trains a run from its last checkpoint, or from the start, to the end: epochs, curve and checkpoints are kept as they come, the best
 * epoch becomes a model. Leaves the run `done`, or `cancelled`, `interrupted`, `failed`, and then throws what `trainModel` throws.
 */
export async function runTrainingJob(options: TrainingOptions): Promise<void> {
  const { project, runId, feed, control } = options;
  const { db } = project;
  runs.setRunState(db, runId, 'running');
  try {
    await train(options);
    feed.send({ type: 'end', state: 'done' });
  } catch (cause) {
    const failure = storeError(cause, project.folder);
    const { state, error } = endState(failure, control.signal);
    try {
      if (db.open) runs.setRunState(db, runId, state, error);
    } finally {
      feed.send({ type: 'end', state });
    }
    throw failure;
  }
}

async function train({
  project,
  runId,
  compute,
  studioVersion,
  feed,
  control,
  onEpoch,
  checkpointInterval,
}: TrainingOptions): Promise<void> {
  const { db } = project;
  const run = runs.getRun(db, runId);
  const checkpoint = await loadCheckpoint(project.runFolder(runId));
  const train = await trainingSet(db, run.dataSetId, 'train');
  checkCancelled(control.signal);
  const test = await trainingSet(db, run.dataSetId, 'test');
  const dataHash = await hashDigits(train);
  const keeper = new CheckpointKeeper(project.runFolder(runId), control.signal);
  const { epochs } = run.parameters;
  const digits = digitsPerStep(run.parameters);
  const { gate } = control;
  const [began, pausedBefore] = [performance.now(), gate.pausedSeconds];
  const progress = (): runs.RunProgress => ({
    points: feed.points,
    seconds: (run.seconds ?? 0) + (performance.now() - began) / 1000 - (gate.pausedSeconds - pausedBefore),
  });
  let { stepsPerEpoch: known } = run;
  const listener: TrainListener = {
    points: (points) => feed.add(points),
    progress({ step, stepsPerEpoch, imagesPerSecond, learningRate }) {
      if (known !== stepsPerEpoch) runs.setStepsPerEpoch(db, runId, (known = stepsPerEpoch));
      const secondsLeft = control.progress(step * digits, epochs * stepsPerEpoch * digits);
      feed.send({
        type: 'progress',
        step,
        stepsPerEpoch,
        epochs,
        imagesPerSecond,
        secondsLeft,
        learningRate,
      });
    },
    epoch(metrics, checkpoint) {
      // The store first: what it has beyond the checkpoint is forgotten at a resume, the other way round it would be missing.
      runs.enterEpoch(db, runId, metrics, progress(), checkpoint.bestEpoch);
      keeper.save(checkpoint);
      feed.send({ type: 'epoch', metrics });
      onEpoch?.();
    },
    checkpoint(checkpoint) {
      runs.enterProgress(db, runId, progress());
      keeper.save(checkpoint);
    },
  };
  const modelFolder = runs.runModelFolder(db, runId);
  const card = await keeper.guard(
    trainModel({
      compute,
      name: run.name,
      dataName: run.dataSetName,
      dataHash,
      train,
      test: test.labels.length > 0 ? test : null,
      parameters: run.parameters,
      normalisation: normalisationOfSet(db, run.dataSetId),
      studioVersion,
      modelFolder: project.modelFolder(modelFolder),
      ...(checkpoint && { resume: checkpoint }),
      listener,
      signal: keeper.signal,
      control: { gate, checkpointInterval },
    }),
  );
  transact(db, () => {
    const { bestEpoch, testAccuracy, imagesPerSecond } = card.metrics;
    runs.enterRunResult(db, runId, bestEpoch, testAccuracy, imagesPerSecond);
    addModel(db, card, modelFolder, runId);
    runs.setRunState(db, runId, 'done');
  });
  await fs.rm(project.runFolder(runId), { recursive: true, force: true });
}

/** Writes checkpoints one after the other; of those that wait only the newest. A failed write stops the training. */
class CheckpointKeeper {
  readonly #folder: string;
  readonly #stop = new AbortController();
  readonly signal: AbortSignal;
  #next: Checkpoint | null = null;
  #writing: Promise<void> | null = null;
  #failure: unknown = null;

  constructor(folder: string, signal: AbortSignal) {
    this.#folder = folder;
    this.signal = AbortSignal.any([signal, this.#stop.signal]);
  }

  save(checkpoint: Checkpoint): void {
    this.#next = checkpoint;
    this.#writing ??= this.#write();
  }

  /** The training's answer, once everything is written; a failed write counts before what it made the training throw. */
  async guard<Value>(training: Promise<Value>): Promise<Value> {
    const [result] = await Promise.allSettled([training]);
    await this.#writing;
    if (this.#failure) throw this.#failure;
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  }

  async #write(): Promise<void> {
    try {
      while (this.#next) {
        const checkpoint = this.#next;
        this.#next = null;
        await saveCheckpoint(this.#folder, checkpoint);
      }
    } catch (error) {
      this.#failure = error;
      this.#stop.abort();
    } finally {
      this.#writing = null;
    }
  }
}
