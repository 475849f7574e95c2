import type { CurvePoint, EpochMetrics, TrainingParameters } from '../../../shared/domain.ts';
import { smooth, type Point } from '../../charts/series.ts';

/** Curves of one run over its epochs; losses in nats, errors in per cent. */
export interface RunCurves {
  /** As measured: of each point the least and the largest loss. */
  rawLoss: Point[];
  loss: Point[];
  validationLoss: Point[];
  trainError: Point[];
  validationError: Point[];
}

/** Whether a run's training loss and its validation loss, which is always cross-entropy, are the same measure. */
export const isCrossEntropy = ({ parameters }: { parameters: Pick<TrainingParameters, 'loss'> }): boolean =>
  parameters.loss === 'cross-entropy';

const errorPercent = (accuracy: number): number => 100 * (1 - accuracy);

function perEpoch(epochs: readonly EpochMetrics[], value: (metrics: EpochMetrics) => number | null): Point[] {
  return epochs.flatMap((metrics) => {
    const y = value(metrics);
    return y === null ? [] : [{ x: metrics.epoch, y }];
  });
}

/** Validation error of a run at each epoch, in per cent. */
export function validationErrors(epochs: readonly EpochMetrics[]): Point[] {
  return perEpoch(epochs, ({ validationAccuracy }) =>
    validationAccuracy === null ? null : errorPercent(validationAccuracy),
  );
}

/** Points to draw; the smoothing follows the number of points, so that a short run is not flattened. */
export function runCurves(
  points: readonly CurvePoint[],
  epochs: readonly EpochMetrics[],
  stepsPerEpoch: number,
): RunCurves {
  const at = (value: (point: CurvePoint) => number): Point[] =>
    points.map((point) => ({ x: point.step / stepsPerEpoch, y: value(point) }));
  const window = Math.max(1, Math.min(40, points.length / 25));
  return {
    rawLoss: points.flatMap(({ step, loss, low, high }) => {
      const x = step / stepsPerEpoch;
      return low === undefined || high === undefined
        ? [{ x, y: loss }]
        : [
            { x, y: low },
            { x, y: high },
          ];
    }),
    loss: smooth(
      at(({ loss }) => loss),
      window,
    ),
    validationLoss: perEpoch(epochs, ({ validationLoss }) => validationLoss),
    trainError: smooth(
      at(({ accuracy }) => errorPercent(accuracy)),
      window,
    ),
    validationError: validationErrors(epochs),
  };
}

interface Comparable {
  id: number;
  dataSetId: number;
  epochs: readonly EpochMetrics[];
}

/** The other run on the same data with the lowest validation error at any epoch; null when there is none. */
export function bestOther<T extends Comparable>(runs: readonly T[], current: Comparable): T | null {
  const lowest = (run: Comparable): number => Math.min(...validationErrors(run.epochs).map(({ y }) => y));
  const others = runs.filter(
    (run) => run.id !== current.id && run.dataSetId === current.dataSetId && Number.isFinite(lowest(run)),
  );
  return others.reduce<T | null>(
    (best, run) => (best === null || lowest(run) < lowest(best) ? run : best),
    null,
  );
}
