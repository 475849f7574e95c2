import { describe, expect, it } from 'vitest';
import { defaultParameters, losses, type TrainingParameters } from '../../shared/domain.ts';
import { loadTensorFlow, type Tensor } from '../tensor/load.ts';
import { lossFor } from './losses.ts';

const tf = loadTensorFlow();
/** Negated penalties of two digits. */
const rows = [
  [-3, -40, -20, -12, -9, -30, -31, -32, -33, -34],
  [-90, -85, -99, -95, -84, -100, -101, -97, -88, -93],
];
const labels = [0, 4];
const J = 10;

const definitions: Record<TrainingParameters['loss'], (scores: number[], label: number) => number> = {
  'cross-entropy': (scores, label) => logSum(scores) - scores[label]!,
  eq8: (scores, label) => -scores[label]!,
  eq9: (scores, label) => -scores[label]! + logSum([-J, ...scores]),
  mse: (scores, label) => scores.reduce((sum, score, at) => sum + (score - (at === label ? 1 : -1)) ** 2, 0),
};
const logSum = (values: number[]): number => {
  const largest = Math.max(...values);
  return largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0));
};

describe('lossFor', () => {
  it.each(losses)('%s is the mean of its definition over the batch, and has its slope', (kind) => {
    const loss = lossFor(tf, { ...defaultParameters, loss: kind, rubbish: J });
    const define = definitions[kind];
    const mean = (all: number[][]): number =>
      all.reduce((sum, scores, at) => sum + define(scores, labels[at]!), 0) / all.length;
    const { value, grad } = tf.valueAndGrad((x: Tensor) => loss(x as never, tf.tensor1d(labels, 'int32')))(
      tf.tensor2d(rows),
    );
    expect(value.dataSync()[0]! / mean(rows)).toBeCloseTo(1, 5);
    const slopes = grad.dataSync();
    rows.flat().forEach((_, at) => {
      const moved = (by: number): number =>
        mean(rows.map((row, r) => row.map((score, c) => (r * 10 + c === at ? score + by : score))));
      expect(slopes[at]).toBeCloseTo((moved(1e-4) - moved(-1e-4)) / 2e-4, 3);
    });
  });

  it('cross-entropy with a reject class has an eleventh score of 0, which label 10 stands for', () => {
    const near = [
      [2, -1, 0.5, 0, -3, -2, 1, 0, -1, -2],
      [-4, -1, -3, -2, -5, -4, -3, -2, -6, -4],
    ];
    const loss = lossFor(tf, { ...defaultParameters, nonDigits: 0.2 });
    const { value, grad } = tf.valueAndGrad((x: Tensor) => loss(x as never, tf.tensor1d([0, 10], 'int32')))(
      tf.tensor2d(near),
    );
    const sums = near.map((row) => logSum([...row, 0]));
    expect(value.dataSync()[0]).toBeCloseTo((sums[0]! - 2 + sums[1]!) / 2, 5);
    const shares = near.flatMap((row, at) => row.map((score) => Math.exp(score - sums[at]!)));
    grad
      .dataSync()
      .forEach((slope, at) => expect(slope).toBeCloseTo((shares[at]! - (at === 0 ? 1 : 0)) / 2, 5));
  });

  it('eq. 9 lets rubbish win against penalties beyond j: nothing is pushed further', () => {
    const loss = lossFor(tf, { ...defaultParameters, loss: 'eq9', rubbish: J });
    const grad = tf.grad((x: Tensor) => loss(x as never, tf.tensor1d([4], 'int32')))(tf.tensor2d([rows[1]!]));
    grad.dataSync().forEach((slope, at) => expect(slope).toBeCloseTo(at === 4 ? -1 : 0, 6));
  });
});
