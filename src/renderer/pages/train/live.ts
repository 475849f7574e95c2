import type { TrainEvent } from '../../../shared/contract/index.ts';
import {
  digitsPerStep,
  type CurvePoint,
  type EpochMetrics,
  type TrainingParameters,
} from '../../../shared/domain.ts';
import { hasRejectClass } from '../../../shared/models/used.ts';

export type Progress = Omit<Extract<TrainEvent, { type: 'progress' }>, 'type'>;
type EndState = Extract<TrainEvent, { type: 'end' }>['state'];

/** What is known about one run while it is watched. Never changed in place. */
export interface LiveRun {
  points: readonly CurvePoint[];
  epochs: readonly EpochMetrics[];
  progress: Progress | null;
  end: EndState | null;
}

export const nothingYet: LiveRun = { points: [], epochs: [], progress: null, end: null };

/** The state after one event of `training.watch`. */
export function afterEvent(live: LiveRun, event: TrainEvent): LiveRun {
  switch (event.type) {
    case 'history':
      return { ...nothingYet, points: event.points, epochs: event.epochs };
    case 'points':
      return {
        ...live,
        points: [...live.points.filter(({ step }) => step <= event.after), ...event.points],
      };
    case 'epoch':
      return {
        ...live,
        epochs: [...live.epochs.filter(({ epoch }) => epoch < event.metrics.epoch), event.metrics],
      };
    case 'progress': {
      const { type: _, ...progress } = event;
      return { ...live, progress, end: null };
    }
    case 'end':
      return { ...live, end: event.state };
  }
}

/** Steps of one epoch for `digits` labelled training digits, the validation share set aside. */
export function expectedSteps(
  digits: number,
  parameters: Pick<
    TrainingParameters,
    'validationShare' | 'nonDigits' | 'batchSize' | 'optimiser' | 'architecture' | 'loss'
  >,
): number {
  const left = digits - Math.round(digits * parameters.validationShare);
  const others = hasRejectClass(parameters) ? Math.round(left * parameters.nonDigits) : 0;
  return Math.max(1, Math.ceil((left + others) / digitsPerStep(parameters)));
}

/**
 * Steps of one epoch: from the engine while it trains, else as expected from the data set; where that is gone, from the
 * curve, which ends with the last epoch of a finished run.
 */
export function stepsPerEpoch(live: LiveRun, expected: number | null): number {
  const last = live.points.at(-1)?.step ?? 0;
  const drawn = Math.max(1, Math.round(last / Math.max(1, live.epochs.length)));
  return live.progress?.stepsPerEpoch ?? expected ?? drawn;
}

export interface Figures {
  validationAccuracy: number | null;
  /** Against the epoch before, in shares of 1. */
  accuracyChange: number | null;
  validationLoss: number | null;
  lossChange: number | null;
  /** Epochs done, with the part of the one at work. */
  epoch: number;
}

/** The figures above the charts. */
export function figuresOf(live: LiveRun): Figures {
  const last = live.epochs.at(-1);
  const before = live.epochs.at(-2);
  const change = (key: 'validationAccuracy' | 'validationLoss'): number | null =>
    last?.[key] == null || before?.[key] == null ? null : last[key] - before[key];
  const finished = live.epochs.length;
  const epoch = live.progress === null ? finished : live.progress.step / live.progress.stepsPerEpoch;
  return {
    validationAccuracy: last?.validationAccuracy ?? null,
    accuracyChange: change('validationAccuracy'),
    validationLoss: last?.validationLoss ?? null,
    lossChange: change('validationLoss'),
    epoch: live.end === null ? Math.max(epoch, finished) : finished,
  };
}
