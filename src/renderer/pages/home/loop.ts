import type { Batch, DataSet, Job, Model } from '../../../shared/contract/index.ts';

/** The work in its order; each step is a page. */
export const stepIds = ['data', 'train', 'classify', 'review'] as const;
export type StepId = (typeof stepIds)[number];

export interface ProjectContents {
  sets: readonly DataSet[];
  models: readonly Model[];
  batches: readonly Batch[];
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

export interface DataFigures {
  sets: number;
  digits: number;
  labelled: number;
  /** Labelled digits outside test splits. */
  trainable: number;
}

export function dataFigures(sets: readonly DataSet[]): DataFigures {
  const trainable = sum(sets.map(({ perClass }) => sum(perClass.train)));
  return {
    sets: sets.length,
    digits: sum(sets.map(({ total }) => total)),
    labelled: trainable + sum(sets.map(({ perClass }) => sum(perClass.test))),
    trainable,
  };
}

/** Highest validation accuracy of the models, 0 to 1; null where none was measured. */
export function bestAccuracy(models: readonly Model[]): number | null {
  const measured = models.flatMap(({ validationAccuracy }) => validationAccuracy ?? []);
  return measured.length === 0 ? null : Math.max(...measured);
}

export interface FolderFigures {
  folders: number;
  files: number;
  failed: number;
}

/** Folders that were classified, test sets left out. */
export function folderFigures(batches: readonly Batch[]): FolderFigures {
  const folders = batches.filter(({ kind }) => kind === 'folder');
  return {
    folders: folders.length,
    files: sum(folders.map(({ total }) => total)),
    failed: sum(folders.map(({ failed }) => failed)),
  };
}

export interface ReviewFigures {
  batch: Batch;
  /** Digits whose label is not what was read. */
  misread: number;
  unlabelled: number;
}

/** What there is to look at in the newest batch that has a digit; null without one. Batches come newest first. */
export function reviewFigures(batches: readonly Batch[]): ReviewFigures | null {
  const batch = batches.find(({ done, rejected }) => done + rejected > 0);
  if (batch === undefined) return null;
  const { done, rejected, labelled, accuracy } = batch;
  return {
    batch,
    misread: accuracy === null ? 0 : Math.round(labelled * (1 - accuracy)),
    unlabelled: Math.max(0, done + rejected - labelled),
  };
}

export interface LoopStep {
  id: StepId;
  /** What it works on is there. */
  possible: boolean;
  done: boolean;
  /** The one to do now. */
  next: boolean;
}

/** How far the project is. Reviewing has no end, so it stays the next step once everything else is done. */
export function loopSteps({ sets, models, batches }: ProjectContents): LoopStep[] {
  const { trainable } = dataFigures(sets);
  const read = reviewFigures(batches) !== null;
  const done: Record<StepId, boolean> = {
    data: trainable > 0 || models.length > 0,
    train: models.length > 0,
    classify: batches.some(({ kind }) => kind === 'folder'),
    review: false,
  };
  const possible: Record<StepId, boolean> = {
    data: true,
    train: trainable > 0,
    classify: models.length > 0,
    review: read,
  };
  const next = stepIds.find((id) => !done[id]);
  return stepIds.map((id) => ({ id, possible: possible[id], done: done[id], next: id === next }));
}

const kindOf: Record<StepId, Job['kind']> = {
  data: 'import',
  train: 'train',
  classify: 'classify',
  review: 'evaluate',
};

/** What runs in a step now. */
export const jobOf = (id: StepId, running: readonly Job[]): Job | null =>
  running.find(({ kind }) => kind === kindOf[id]) ?? null;
