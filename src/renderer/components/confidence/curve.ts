import { promiseOf } from '../../../shared/confidence/rejection.ts';
import type { MeasuredConfidence, Promised, RejectWish } from '../../../shared/contract/index.ts';

/** A point of the error-reject curve as it is drawn: shares from 0 to 1. */
export interface CurvePoint extends Promised {
  threshold: number;
}

export const curvePoints = (measured: MeasuredConfidence): CurvePoint[] =>
  measured.curve.map((point) => ({ threshold: point.threshold, ...promiseOf(measured, point) }));

/** Index of the point that a threshold stands at: the last one that is not above it. */
export const indexOf = (points: readonly CurvePoint[], threshold: number): number =>
  Math.max(
    0,
    points.findLastIndex((point) => point.threshold <= threshold),
  );

/** Index of the point with the nearest share of rejected digits. */
export function nearest(points: readonly CurvePoint[], rejected: number): number {
  let best = 0;
  points.forEach((point, index) => {
    if (Math.abs(point.rejected - rejected) < Math.abs(points[best]!.rejected - rejected)) best = index;
  });
  return best;
}

/** Points that a page key passes. */
const PAGE = 10;

/** Where a key leads on the curve, as for any slider; null for other keys. Up and right reject more. */
export function stepBy(key: string, index: number, length: number): number | null {
  const steps: Record<string, number> = {
    ArrowRight: 1,
    ArrowUp: 1,
    ArrowLeft: -1,
    ArrowDown: -1,
    PageUp: PAGE,
    PageDown: -PAGE,
    Home: -length,
    End: length,
  };
  const step = steps[key];
  return step === undefined ? null : Math.min(Math.max(index + step, 0), length - 1);
}

/** What a point of the curve is wished as; the first one rejects nothing. */
export const wishAt = (points: readonly CurvePoint[], index: number): RejectWish | null =>
  index === 0 ? null : { threshold: points[index]!.threshold };

/** A share typed as a number, with decimal point or comma; `scale` 100 for per cent. Null for anything else. */
export function typedShare(typed: string, scale: 1 | 100): number | null {
  const text = typed.trim().replace(',', '.').replace(/\s*%$/, '');
  if (!/^(\d+\.?\d*|\.\d+)$/.test(text)) return null;
  const share = Number(text) / scale;
  return share <= 1 ? share : null;
}
