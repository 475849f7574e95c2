import { beforeAll, describe, expect, it } from 'vitest';
import type { Forward } from '../models/forward.ts';
import { forwardPass } from '../models/forward.ts';
import { initialWeights } from '../models/initialise.ts';
import { defaultParameters } from '../../shared/domain.ts';
import { drawsOf } from '../tensor/draws.ts';
import { lenet5 } from '../../shared/models/family/lenet5.ts';
import { loadTensorFlow, type Tensor } from '../tensor/load.ts';
import { someDigits } from './digits.testing.ts';
import { lossFor, softmaxCrossEntropy } from './losses.ts';
import { batchGradients, type Batch, type BatchGradients } from './step.ts';

const tf = loadTensorFlow();
const COUNT = 8;
const draws = drawsOf(tf, tf.tensor1d([1, 0], 'int32'));
/** With cross-entropy, all weights trained, nothing distorted. */
const gradientsOf = (forward: Forward, shards: number, weights: Tensor[], batch: Batch): BatchGradients => {
  const loss = lossFor(tf, defaultParameters);
  const trainable = weights.map(() => true);
  return batchGradients(tf, { forward, loss, trainable, distort: null }, shards)(weights, batch, draws);
};
let batch: Batch;
beforeAll(async () => {
  const { tiles, labels } = await someDigits('train', COUNT);
  batch = {
    tiles: tf.tensor4d(Float32Array.from(tiles), [COUNT, 28, 28, 1]),
    labels: tf.tensor1d(Int32Array.from(labels), 'int32'),
  };
});

describe('softmaxCrossEntropy', () => {
  it('equals the definition, with its gradient', () => {
    const logits = [
      [2, -1, 0.5, 0, 0, 0, 0, 0, 0, 0],
      [100, 0, 0, 0, 0, 0, 0, 0, 0, -100],
    ];
    const labels = [2, 9];
    const probabilities = logits.map((row) => {
      const sum = row.reduce((total, value) => total + Math.exp(value), 0);
      return row.map((value) => Math.exp(value) / sum);
    });
    const expectedLoss = (-Math.log(probabilities[0]![2]!) + 200) / 2;
    const { value, grad } = tf.valueAndGrad((x: Tensor) =>
      softmaxCrossEntropy(tf, x as never, tf.tensor1d(labels, 'int32')),
    )(tf.tensor2d(logits));
    expect(value.dataSync()[0]).toBeCloseTo(expectedLoss, 4);
    const expected = probabilities.flatMap((row, at) =>
      row.map((probability, digit) => (probability - (digit === labels[at] ? 1 : 0)) / 2),
    );
    grad.dataSync().forEach((slope, at) => expect(slope).toBeCloseTo(expected[at]!, 6));
  });
});

describe('batchGradients', () => {
  it('gives softmax minus the label, where logits are the parameters themselves', () => {
    const sameForAll: Forward = ([bias]) => tf.ones([COUNT, 1]).mul(bias!);
    const labels = tf.fill([COUNT], 3, 'int32') as Batch['labels'];
    const values = Array.from({ length: 10 }, (_, at) => Math.sin(at));
    const { loss, correct, gradients } = gradientsOf(sameForAll, 1, [tf.tensor1d(values)], {
      ...batch,
      labels,
    });
    const sum = values.reduce((total, value) => total + Math.exp(value), 0);
    expect(loss.dataSync()[0]).toBeCloseTo(Math.log(sum) - values[3]!, 5);
    // The largest is another one.
    expect(correct.dataSync()[0]).toBe(0);
    gradients[0]!
      .dataSync()
      .forEach((value, at) => expect(value).toBeCloseTo(Math.exp(values[at]!) / sum - (at === 3 ? 1 : 0), 5));
  });

  it('counts a non-digit as read right where no score is above 0', () => {
    const forward: Forward = ([bias]) => tf.tensor2d([[-1], [1], [-1], [1]]).mul(bias!);
    const weights = [tf.tensor1d(Array.from({ length: 10 }, (_, at) => (at === 3 ? 2 : 0.5)))];
    const objective = { forward, loss: lossFor(tf, { ...defaultParameters, nonDigits: 0.2 }), distort: null };
    const four = { tiles: batch.tiles.slice(0, 4), labels: tf.tensor1d([10, 10, 3, 3], 'int32') };
    const counted = (rejects: boolean): number =>
      batchGradients(tf, { ...objective, trainable: [true], rejects }, 1)(
        weights,
        four,
        draws,
      ).correct.dataSync()[0]!;
    expect(counted(true)).toBe(2);
    expect(counted(false)).toBe(1);
  });

  it.each(['average', 'max'] as const)(
    'follows the slope of the loss in every tensor: %s pooling',
    (pooling) => {
      const model = lenet5({ activation: 'tanh', pooling });
      const forward = forwardPass(tf, model);
      const specs = initialWeights(model, 1);
      const weights = specs.map(({ values, shape }) => tf.tensor(values, shape));
      const { gradients } = gradientsOf(forward, 1, weights, batch);
      const lossAt = (moved: Tensor[]): number =>
        tf.tidy(() => softmaxCrossEntropy(tf, forward(moved, batch.tiles), batch.labels).dataSync()[0]!);
      specs.forEach(({ name }, at) => {
        const gradient = gradients[at]!;
        const norm = gradient.norm().dataSync()[0]!;
        const distance = 0.02;
        const towards = (sign: number): number =>
          lossAt(weights.with(at, weights[at]!.add(gradient.mul((sign * distance) / norm))));
        const slope = (towards(1) - towards(-1)) / (2 * distance);
        expect(norm, name).toBeGreaterThan(0);
        expect(slope / norm, name).toBeCloseTo(1, 2);
      });
    },
  );

  it.each([2, 3, 8, 20])('gives the same gradients from %i parts of the batch', (shards) => {
    const model = lenet5({ activation: 'tanh', pooling: 'average' });
    const forward = forwardPass(tf, model);
    const weights = initialWeights(model, 1).map(({ values, shape }) => tf.tensor(values, shape));
    const [whole, parts] = [1, shards].map((count) => gradientsOf(forward, count, weights, batch));
    expect(parts!.loss.dataSync()[0]).toBeCloseTo(whole!.loss.dataSync()[0]!, 5);
    expect(parts!.correct.dataSync()[0]).toBe(whole!.correct.dataSync()[0]);
    whole!.gradients.forEach((gradient, at) => {
      const difference = parts!.gradients[at]!.sub(gradient).norm().dataSync()[0]!;
      expect(difference / gradient.norm().dataSync()[0]!).toBeLessThan(1e-5);
    });
  });
});
