import type * as tfjs from '@tensorflow/tfjs-node';
import { CLASSES } from '../../shared/domain.ts';
import type { Forward } from '../models/forward.ts';
import type { Tensor, TensorFlow } from '../tensor/load.ts';

/** What a step changes: weights and their momentum velocities, in the same order. */
export type TrainState = {
  weights: Tensor[];
  velocities: Tensor[];
};

export interface Batch {
  /** N x 28 x 28 x 1 bytes, as float32. */
  tiles: tfjs.Tensor4D;
  /** N, int32. */
  labels: tfjs.Tensor1D;
}

export type StepResult = {
  next: TrainState;
  /** Mean cross-entropy of the batch in nats, a scalar. */
  loss: Tensor;
  /** Digits of the batch that the weights before the step read right, a scalar. */
  correct: Tensor;
};

/** Pure: reads no value and changes nothing, so that it can be traced. Tensors made on the way belong to the caller's `tf.tidy`. */
export type TrainStep = (state: TrainState, batch: Batch, learningRate: tfjs.Scalar) => StepResult;

/** Softmax cross-entropy (mean over the batch) and its analytic gradient, (softmax - one-hot) / N. */
export function softmaxCrossEntropy(
  tf: TensorFlow,
  logits: tfjs.Tensor2D,
  labels: tfjs.Tensor1D,
): tfjs.Scalar {
  const oneHot = tf.oneHot(labels, CLASSES, 1, 0, 'float32');
  const loss = tf.customGrad((x, save) => {
    const logits = x as tfjs.Tensor2D;
    const logProbabilities = logits.logSoftmax();
    (save as tfjs.GradSaveFunc)([logProbabilities, oneHot]);
    return {
      value: logProbabilities.mul(oneHot).sum().div<tfjs.Scalar>(-logits.shape[0]),
      gradFunc: (upstream, saved) => {
        const [logProbabilities, oneHot] = saved as [Tensor, Tensor];
        return logProbabilities.exp().sub(oneHot).mul(upstream.div(logits.shape[0]));
      },
    };
  });
  return loss(logits) as tfjs.Scalar;
}

export interface SgdOptions {
  momentum: number;
  /**
   * Parts of a batch whose gradients are computed beside each other, on a thread each. The sum is the batch's gradient; only the
   * rounding depends on the number.
   */
  shards: number;
}

/** Stochastic gradient descent with momentum: v <- momentum v + g, w <- w - learningRate v. */
export function sgdStep(tf: TensorFlow, forward: Forward, { momentum, shards }: SgdOptions): TrainStep {
  return ({ weights, velocities }, batch, learningRate) => {
    const parts = splitBatch(tf, batch, shards).map((part) =>
      lossAndGradients(tf, forward, weights, part, part.labels.size / batch.labels.size),
    );
    const sum = (of: (part: (typeof parts)[number]) => Tensor): Tensor =>
      parts.map(of).reduce((total, next) => total.add(next));
    const nextVelocities = velocities.map((velocity, at) =>
      velocity.mul(momentum).add(sum(({ gradients }) => gradients[at]!)),
    );
    const nextWeights = weights.map((weight, at) => weight.sub(nextVelocities[at]!.mul(learningRate)));
    const [loss, correct] = [sum((part) => part.loss), sum((part) => part.correct)];
    // One part's are the sums themselves.
    if (parts.length > 1) tf.dispose(parts.map((part) => part.correct));
    return { next: { weights: nextWeights, velocities: nextVelocities }, loss, correct };
  };
}

/** A batch in parts of nearly the same size, in order; no part is empty. */
function splitBatch(tf: TensorFlow, batch: Batch, shards: number): Batch[] {
  const count = batch.labels.size;
  const parts = Math.min(shards, count);
  if (parts === 1) return [batch];
  const sizes = Array.from({ length: parts }, (_, at) => Math.floor((count + at) / parts));
  const tiles = tf.split<tfjs.Tensor4D>(batch.tiles, sizes);
  const labels = tf.split<tfjs.Tensor1D>(batch.labels, sizes);
  return sizes.map((_, at) => ({ tiles: tiles[at]!, labels: labels[at]! }));
}

/** Mean loss of a part times its share of the batch, the gradient of that, and the count of digits read right. */
function lossAndGradients(
  tf: TensorFlow,
  forward: Forward,
  weights: Tensor[],
  { tiles, labels }: Batch,
  share: number,
): { loss: Tensor; correct: Tensor; gradients: Tensor[] } {
  let correct!: Tensor;
  const lossOf = (...parameters: Tensor[]): tfjs.Scalar => {
    const logits = forward(parameters, tiles);
    // Kept from the scope of the gradients.
    correct = tf.keep(logits.argMax(1).equal(labels).sum());
    const loss = softmaxCrossEntropy(tf, logits, labels);
    return share === 1 ? loss : loss.mul(share);
  };
  const { value: loss, grads: gradients } = tf.valueAndGrads(lossOf)(weights);
  return { loss, correct, gradients };
}
