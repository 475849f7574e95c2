import { beforeAll, describe, expect, it } from 'vitest';
import type { Forward } from '../models/forward.ts';
import { forwardPass } from '../models/forward.ts';
import { initialWeights } from '../models/initialise.ts';
import { lenet5 } from '../models/lenet5.ts';
import { loadTensorFlow, type Tensor } from '../tensor/load.ts';
import { someDigits } from './digits.testing.ts';
import { sgdStep, softmaxCrossEntropy, type Batch } from './step.ts';

const tf = loadTensorFlow();
const COUNT = 8;
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

describe('sgdStep', () => {
  it('moves by v <- momentum v + g, w <- w - learningRate v', () => {
    // Logits that are the parameters themselves: the gradient is softmax minus the label, by hand.
    const sameForAll: Forward = ([bias]) => tf.ones([COUNT, 1]).mul(bias!);
    const labels = tf.fill([COUNT], 3, 'int32') as Batch['labels'];
    const step = sgdStep(tf, sameForAll, { momentum: 0.9, shards: 1 });
    let state = { weights: [tf.zeros([10]) as Tensor], velocities: [tf.zeros([10]) as Tensor] };
    let weights = new Array<number>(10).fill(0);
    let velocities = new Array<number>(10).fill(0);
    for (let count = 0; count < 3; count++) {
      const { next, loss, correct } = step(state, { ...batch, labels }, tf.scalar(0.5));
      const sum = weights.reduce((total, value) => total + Math.exp(value), 0);
      expect(loss.dataSync()[0]).toBeCloseTo(Math.log(sum) - weights[3]!, 5);
      expect(correct.dataSync()[0]).toBe(count === 0 ? 0 : COUNT);
      velocities = velocities.map((v, at) => 0.9 * v + Math.exp(weights[at]!) / sum - (at === 3 ? 1 : 0));
      weights = weights.map((weight, at) => weight - 0.5 * velocities[at]!);
      state = next;
      next.velocities[0]!.dataSync().forEach((value, at) => expect(value).toBeCloseTo(velocities[at]!, 5));
      next.weights[0]!.dataSync().forEach((value, at) => expect(value).toBeCloseTo(weights[at]!, 5));
    }
  });

  it.each(['average', 'max'] as const)(
    'follows the slope of the loss in every tensor: %s pooling',
    (pooling) => {
      const model = lenet5({ activation: 'tanh', pooling });
      const forward = forwardPass(tf, model);
      const specs = initialWeights(model, 1);
      const weights = specs.map(({ values, shape }) => tf.tensor(values, shape));
      const velocities = weights.map((weight) => tf.zerosLike(weight));
      // From rest, the first velocity is the gradient.
      const { next } = sgdStep(tf, forward, { momentum: 0.9, shards: 1 })(
        { weights, velocities },
        batch,
        tf.scalar(0.1),
      );
      const lossAt = (moved: Tensor[]): number =>
        tf.tidy(() => softmaxCrossEntropy(tf, forward(moved, batch.tiles), batch.labels).dataSync()[0]!);
      specs.forEach(({ name }, at) => {
        const gradient = next.velocities[at]!;
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

  it.each([2, 3, 8, 20])('gives the same step from %i parts of the batch', (shards) => {
    const model = lenet5({ activation: 'tanh', pooling: 'average' });
    const forward = forwardPass(tf, model);
    const weights = initialWeights(model, 1).map(({ values, shape }) => tf.tensor(values, shape));
    const state = { weights, velocities: weights.map((weight) => tf.zerosLike(weight)) };
    const step = (parts: number) =>
      sgdStep(tf, forward, { momentum: 0.9, shards: parts })(state, batch, tf.scalar(0.1));
    const [whole, parts] = [step(1), step(shards)];
    expect(parts.loss.dataSync()[0]).toBeCloseTo(whole.loss.dataSync()[0]!, 5);
    expect(parts.correct.dataSync()[0]).toBe(whole.correct.dataSync()[0]);
    whole.next.velocities.forEach((velocity, at) => {
      const difference = parts.next.velocities[at]!.sub(velocity).norm().dataSync()[0]!;
      expect(difference / velocity.norm().dataSync()[0]!).toBeLessThan(1e-5);
    });
  });
});
