import type * as tfjs from '@tensorflow/tfjs-node';
import { CLASSES } from '../../shared/domain.ts';
import type { Forward } from '../models/forward.ts';
import type { Tensor, TensorFlow } from '../tensor/load.ts';

export interface Batch {
  /** N x 28 x 28 x 1 bytes, as float32. */
  tiles: tfjs.Tensor4D;
  /** N, int32. */
  labels: tfjs.Tensor1D;
}

export interface BatchGradients {
  /** Mean cross-entropy of the batch in nats, a scalar. */
  loss: Tensor;
  /** Digits of the batch that the weights read right, a scalar. */
  correct: Tensor;
  /** Of the loss, in the order of the weights. */
  gradients: Tensor[];
}

/** Pure: reads no value and changes nothing, so that it can be traced. Tensors made on the way belong to the caller's `tf.tidy`. */
export type GradientsOf = (weights: readonly Tensor[], batch: Batch) => BatchGradients;

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

/**
 * Gradients of the mean loss of a batch, computed in so many parts beside each other, on a thread each. Their sum is the batch's gradient;
 * only the rounding depends on the number.
 */
export function batchGradients(tf: TensorFlow, forward: Forward, shards: number): GradientsOf {
  return (weights, batch) => {
    const parts = splitBatch(tf, batch, shards).map((part) =>
      lossAndGradients(tf, forward, weights, part, part.labels.size / batch.labels.size),
    );
    if (parts.length === 1) return parts[0]!;
    const sum = (of: (part: BatchGradients) => Tensor): Tensor =>
      parts.map(of).reduce((total, next) => total.add(next));
    const correct = sum((part) => part.correct);
    tf.dispose(parts.map((part) => part.correct));
    return {
      loss: sum((part) => part.loss),
      correct,
      gradients: weights.map((_, at) => sum(({ gradients }) => gradients[at]!)),
    };
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
  weights: readonly Tensor[],
  { tiles, labels }: Batch,
  share: number,
): BatchGradients {
  let correct!: Tensor;
  const lossOf = (...parameters: Tensor[]): tfjs.Scalar => {
    const logits = forward(parameters, tiles);
    // Kept from the scope of the gradients.
    correct = tf.keep(logits.argMax(1).equal(labels).sum());
    const loss = softmaxCrossEntropy(tf, logits, labels);
    return share === 1 ? loss : loss.mul(share);
  };
  const { value: loss, grads: gradients } = tf.valueAndGrads(lossOf)([...weights]);
  return { loss, correct, gradients };
}
