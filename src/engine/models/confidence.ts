import type {
  ErrorRejectPoint,
  MeasuredConfidence,
  ReliabilityBin,
} from '../../shared/contract/confidence.ts';
import type { ModelCard } from '../../shared/contract/model-card.ts';
import type { LabelledTiles } from '../compute/types.ts';
import { sketchOf } from '../../shared/confidence/likeness.ts';
import { CLASSES, TILE_BYTES } from '../../shared/domain.ts';
import { argMax, otherScore, softmax } from './scores.ts';

/** Equal-width bins of the reliability diagram, as in Guo et al. 2017, section 2. */
const BINS = 15;
/** Points of the error-reject curve that are kept at most. */
const POINTS = 400;
/** Inverse temperatures that are looked at. */
const [FLATTEST, SHARPEST] = [1 / 50, 50];
const STEPS = 100;
const PRECISE = 1e-10;
const NONE = Number.NEGATIVE_INFINITY;

/**
 * The temperature T > 0 for which softmax(scores / T) gives the labels the largest likelihood (Guo et al. 2017, section 4.2); N x 10 scores,
 * N labels, `other` the score of a further class in every row. Newton's method on 1 / T, in which the negative log-likelihood is convex, kept between bounds by bisection. 1 where no finite T is
 * best: without digits, and when every digit is read right.
 */
export function fitTemperature(scores: Float32Array, labels: Uint8Array, other = NONE): number {
  if (!hasErrors(scores, labels, other)) return 1;
  let [low, high] = [FLATTEST, SHARPEST];
  let inverse = 1;
  for (let step = 0; step < STEPS; step++) {
    const { slope, curvature } = likelihoodAt(scores, labels, inverse, other);
    if (slope > 0) high = inverse;
    else low = inverse;
    const newton = inverse - slope / curvature;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - inverse) < PRECISE * inverse) return 1 / next;
    inverse = next;
  }
  return 1 / inverse;
}

const hasErrors = (scores: Float32Array, labels: Uint8Array, other: number): boolean =>
  labels.some((label, row) => {
    const values = rowOf(scores, row);
    return argMax(values) !== label || values[label]! < other;
  });

const rowOf = (values: Float32Array, row: number): Float32Array =>
  values.subarray(row * CLASSES, (row + 1) * CLASSES);

/** First and second derivative of the negative log-likelihood with respect to 1 / T. */
function likelihoodAt(
  scores: Float32Array,
  labels: Uint8Array,
  inverse: number,
  other: number,
): { slope: number; curvature: number } {
  let slope = 0;
  let curvature = 0;
  labels.forEach((label, row) => {
    const values = rowOf(scores, row);
    const largest = Math.max(values[argMax(values)]!, other);
    let [sum, first, second] = [0, 0, 0];
    for (const value of other === NONE ? values : [...values, other]) {
      const over = value - largest;
      const weight = Math.exp(inverse * over);
      sum += weight;
      first += weight * over;
      second += weight * over * over;
    }
    const mean = first / sum;
    slope += mean - (values[label]! - largest);
    curvature += second / sum - mean * mean;
  });
  return { slope, curvature };
}

/** One digit's answer: how sure it was, and whether it was right. */
interface Answer {
  confidence: number;
  correct: boolean;
}

/** N x 10 softmax outputs, N labels. */
const answersOf = (probabilities: Float32Array, labels: Uint8Array): Answer[] =>
  Array.from(labels, (label, row) => {
    const values = rowOf(probabilities, row);
    const digit = argMax(values);
    return { confidence: values[digit]!, correct: digit === label };
  });

/** Bins of equal width over 0 to 1, each open below and closed above; those without a digit have means of null. */
export function reliability(answers: readonly Answer[]): ReliabilityBin[] {
  const bins = Array.from({ length: BINS }, () => ({ count: 0, confidence: 0, correct: 0 }));
  for (const { confidence, correct } of answers) {
    const bin = bins[Math.max(0, Math.ceil(confidence * BINS) - 1)]!;
    bin.count++;
    bin.confidence += confidence;
    if (correct) bin.correct++;
  }
  return bins.map(({ count, confidence, correct }) => ({
    count,
    confidence: count === 0 ? null : confidence / count,
    accuracy: count === 0 ? null : correct / count,
  }));
}

/** Expected calibration error (Guo et al. 2017, eq. 3), 0 to 1. */
export function calibrationError(bins: readonly ReliabilityBin[]): number {
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  const gaps = bins.reduce(
    (sum, { count, confidence, accuracy }) => sum + count * Math.abs((confidence ?? 0) - (accuracy ?? 0)),
    0,
  );
  return total === 0 ? 0 : gaps / total;
}

/**
 * The error-reject curve: answers below a threshold are rejected. Of all thresholds those are kept that no other beats, that is, which
 * accepts as many digits with as small a share of errors: along them more is rejected and the share of errors falls. Counts are exact. Of more than `limit`
 * such thresholds some are left out evenly, the first and the last never.
 */
export function errorRejectCurve(answers: readonly Answer[], limit = POINTS): ErrorRejectPoint[] {
  const sorted = answers.toSorted((a, b) => a.confidence - b.confidence);
  let errors = sorted.filter(({ correct }) => !correct).length;
  const curve: ErrorRejectPoint[] = [{ threshold: 0, accepted: sorted.length, errors }];
  let least = errors / sorted.length;
  sorted.forEach(({ confidence, correct }, at) => {
    if (!correct) errors--;
    const next = sorted[at + 1];
    // Equal confidences are rejected together or not at all.
    if (!next || next.confidence === confidence) return;
    const accepted = sorted.length - at - 1;
    if (errors / accepted >= least) return;
    least = errors / accepted;
    curve.push({ threshold: next.confidence, accepted, errors });
  });
  if (curve.length <= limit) return curve;
  return Array.from(
    { length: limit },
    (_, at) => curve[Math.round((at * (curve.length - 1)) / (limit - 1))]!,
  );
}

/**
 * What a model's confidences are worth, from N >= 1 labelled digits that it was not trained with: N x 10 scores, N x 28 x 28 bytes. The curve holds for the
 * calibrated confidences as `softmax` gives them, to the last bit.
 */
export function measureConfidence(
  scores: Float32Array,
  { tiles, labels }: LabelledTiles,
  rejectClass = false,
): Omit<MeasuredConfidence, 'data' | 'split'> {
  const other = otherScore(rejectClass);
  const temperature = fitTemperature(scores, labels, other);
  const read = (t: number): Answer[] => answersOf(softmax(scores.slice(), CLASSES, t, other), labels);
  const calibrated = read(temperature);
  const [before, after] = [reliability(read(1)), reliability(calibrated)];
  return {
    digits: labels.length,
    temperature,
    before: { error: calibrationError(before), bins: before },
    after: { error: calibrationError(after), bins: after },
    curve: errorRejectCurve(calibrated),
    reference: {
      confidence: sketchOf(calibrated.map(({ confidence }) => confidence)),
      ink: sketchOf(inkOf(tiles)),
    },
  };
}

/** Mean byte of each of N x 28 x 28. */
export const inkOf = (tiles: Uint8Array): number[] =>
  Array.from({ length: tiles.length / TILE_BYTES }, (_, at) => {
    let sum = 0;
    for (let byte = at * TILE_BYTES; byte < (at + 1) * TILE_BYTES; byte++) sum += tiles[byte]!;
    return sum / TILE_BYTES;
  });

/** What scores are divided by before the softmax; 1 for a model that was not measured. */
export const temperatureOf = ({ confidence }: Pick<ModelCard, 'confidence'>): number =>
  confidence?.temperature ?? 1;
