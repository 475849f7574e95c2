import { describe, expect, it } from 'vitest';
import { TILE_BYTES } from '../../shared/domain.ts';
import { measuredConfidence } from '../../shared/contract/confidence.ts';
import { randomStream } from '../tensor/random.ts';
import {
  calibrationError,
  errorRejectCurve,
  fitTemperature,
  measureConfidence,
  reliability,
} from './confidence.ts';
import { softmax } from './scores.ts';

const CLASSES = 10;

/** Scores, and labels drawn from their softmax at a temperature. */
function drawn(count: number, temperature: number): { scores: Float32Array; labels: Uint8Array } {
  const random = randomStream(3, 'confidence test');
  const scores = Float32Array.from({ length: count * CLASSES }, () => 4 * random.normal());
  const probabilities = softmax(scores.slice(), CLASSES, temperature);
  const labels = Uint8Array.from({ length: count }, (_, row) => {
    let left = random.uniform();
    for (let label = 0; label < CLASSES - 1; label++)
      if ((left -= probabilities[row * CLASSES + label]!) < 0) return label;
    return CLASSES - 1;
  });
  return { scores, labels };
}

/** Mean negative log-likelihood, written out. */
function loss(scores: Float32Array, labels: Uint8Array, temperature: number): number {
  let sum = 0;
  labels.forEach((label, row) => {
    const values = [...scores.subarray(row * CLASSES, (row + 1) * CLASSES)].map((z) => z / temperature);
    sum += Math.log(values.reduce((total, z) => total + Math.exp(z), 0)) - values[label]!;
  });
  return sum / labels.length;
}

describe('the temperature', () => {
  it.each([0.5, 1, 2.5])('%f is found again in labels that were drawn with it', (temperature) => {
    const { scores, labels } = drawn(20_000, temperature);
    expect(Math.abs(fitTemperature(scores, labels) / temperature - 1)).toBeLessThan(0.03);
  });

  it('is where the likelihood is largest', () => {
    const { scores, labels } = drawn(500, 1.7);
    const fitted = fitTemperature(scores, labels);
    const best = loss(scores, labels, fitted);
    for (const factor of [0.5, 0.9, 0.999, 1.001, 1.1, 2])
      expect(loss(scores, labels, fitted * factor)).toBeGreaterThan(best);
  });

  it('stays in bounds for scores that say nothing of the labels, or the opposite', () => {
    const { scores, labels } = drawn(300, 1);
    const opposite = scores.map((score) => -score);
    const fitted = fitTemperature(opposite, labels);
    expect(fitted).toBeGreaterThan(10);
    expect(fitted).toBeLessThanOrEqual(50);
    expect(fitTemperature(new Float32Array(3000), labels)).toBeGreaterThan(0);
  });

  it('is 1 where every digit is read right: no finite one is best', () => {
    const scores = new Float32Array(20);
    scores[3] = scores[17] = 5;
    expect(fitTemperature(scores, Uint8Array.of(3, 7))).toBe(1);
  });
});

describe('reliability', () => {
  it('puts a confidence into the bin that it closes', () => {
    const bins = reliability([
      { confidence: 1, correct: true },
      { confidence: 14 / 15, correct: false },
      { confidence: 0.95, correct: false },
    ]);
    expect(bins).toHaveLength(15);
    expect(bins[14]).toEqual({ count: 2, confidence: 0.975, accuracy: 0.5 });
    expect(bins[13]).toEqual({ count: 1, confidence: 14 / 15, accuracy: 0 });
    expect(bins[0]).toEqual({ count: 0, confidence: null, accuracy: null });
    expect(calibrationError(bins)).toBeCloseTo((2 * 0.475 + 14 / 15) / 3, 12);
  });
});

describe('the error-reject curve', () => {
  const random = randomStream(9, 'curve test');
  // Rounded, so that many are equal.
  const answers = Array.from({ length: 3_000 }, () => {
    const confidence = Math.round(random.uniform(0.2, 1) * 200) / 200;
    return { confidence, correct: random.uniform() < confidence };
  });
  const counted = (threshold: number): { accepted: number; errors: number } => {
    const accepted = answers.filter(({ confidence }) => confidence >= threshold);
    return { accepted: accepted.length, errors: accepted.filter(({ correct }) => !correct).length };
  };

  it('counts exactly, and leaves out only thresholds that another beats', () => {
    const curve = errorRejectCurve(answers);
    expect(curve[0]).toMatchObject({ threshold: 0, accepted: 3_000 });
    for (const { threshold, ...counts } of curve) expect(counted(threshold)).toEqual(counts);
    for (const { confidence } of answers) {
      const { accepted, errors } = counted(confidence);
      const beaten = curve.some(
        (point) => point.accepted >= accepted && point.errors / point.accepted <= errors / accepted,
      );
      expect(beaten).toBe(true);
    }
  });

  it.each([400, 7])('of at most %i points rejects ever more with ever fewer errors', (limit) => {
    const curve = errorRejectCurve(answers, limit);
    expect(curve.length).toBeLessThanOrEqual(limit);
    const whole = errorRejectCurve(answers);
    expect([curve[0], curve.at(-1)]).toEqual([whole[0], whole.at(-1)]);
    curve.slice(1).forEach((point, at) => {
      const before = curve[at]!;
      expect(point.threshold).toBeGreaterThan(before.threshold);
      expect(point.accepted).toBeLessThan(before.accepted);
      expect(point.errors / point.accepted).toBeLessThan(before.errors / before.accepted);
    });
  });
});

it('calibration leaves the answers and makes the confidences truer', () => {
  const { scores, labels } = drawn(20_000, 3);
  // Tiles of one byte value each: 0 to 199, as many of each.
  const tiles = Uint8Array.from(
    { length: labels.length * TILE_BYTES },
    (_, at) => Math.floor(at / TILE_BYTES) % 200,
  );
  const measured = measureConfidence(scores, { tiles, labels });
  expect(() => measuredConfidence.parse({ data: 'drawn', split: 'validation', ...measured })).not.toThrow();
  expect(measured.before.error).toBeGreaterThan(0.1);
  expect(measured.after.error).toBeLessThan(0.02);
  const right = (bins: typeof measured.after.bins): number =>
    bins.reduce((sum, { count, accuracy }) => sum + count * (accuracy ?? 0), 0);
  expect(right(measured.after.bins)).toBeCloseTo(right(measured.before.bins), 6);
  const { ink, confidence } = measured.reference!;
  expect([ink.count, confidence.count]).toEqual([20_000, 20_000]);
  expect(ink.points.map(({ value, below }) => below * 200 - value).every((off) => Math.abs(off) < 1e-9)).toBe(
    true,
  );
  expect(measured.curve[0]!.errors).toBe(20_000 - Math.round(right(measured.after.bins)));
});

it('a class beside the ten takes its share of the probability, and the temperature counts it', () => {
  const scores = Float32Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0, -1);
  const shares = softmax(scores.slice(), CLASSES, 2, 0);
  const sum = Math.exp(0.5) + 8 + Math.exp(-0.5) + 1;
  expect(shares[0]).toBeCloseTo(Math.exp(0.5) / sum, 6);
  expect(1 - shares.reduce((total, share) => total + share, 0)).toBeCloseTo(1 / sum, 6);

  // Three times as sharp as they should be: scores and labels drawn with the eleventh class, its rows left out.
  const random = randomStream(4, 'other');
  const [rows, labels]: [number[], number[]] = [[], []];
  while (labels.length < 4_000) {
    const row = Float32Array.from({ length: CLASSES }, () => 3 * random.normal());
    const probabilities = softmax(row.slice(), CLASSES, 3, 0);
    let left = random.uniform();
    const label = probabilities.findIndex((share) => (left -= share) < 0);
    if (label === -1) continue;
    rows.push(...row);
    labels.push(label);
  }
  const drawnScores = Float32Array.from(rows);
  const drawnLabels = Uint8Array.from(labels);
  const fitted = fitTemperature(drawnScores, drawnLabels, 0);
  const lossAt = (t: number): number => {
    const all = softmax(drawnScores.slice(), CLASSES, t, 0);
    return labels.reduce((total, label, row) => total - Math.log(all[row * CLASSES + label]!), 0);
  };
  for (const factor of [0.9, 1.1]) expect(lossAt(fitted)).toBeLessThan(lossAt(fitted * factor));
});
