import type * as tfjs from '@tensorflow/tfjs-node';
import { CLASSES, type TrainingParameters } from '../../shared/domain.ts';
import type { Tensor, TensorFlow } from '../tensor/load.ts';
import { constant } from '../tensor/trace.ts';

/** Mean loss of a batch from its scores, N x 10, and labels, N int32. Lower is better; a scalar. */
export type Loss = (scores: tfjs.Tensor2D, labels: tfjs.Tensor1D) => tfjs.Scalar;

/** The loss that the parameters name. `eq8` and `eq9` take scores as negated penalties y: those of an RBF layer. */
export function lossFor(tf: TensorFlow, { loss, rubbish }: TrainingParameters): Loss {
  switch (loss) {
    case 'cross-entropy':
      return (scores, labels) => softmaxCrossEntropy(tf, scores, labels);
    case 'eq8':
      return (scores, labels) => scores.mul(oneHot(tf, labels)).sum().div<tfjs.Scalar>(-labels.size);
    case 'eq9':
      return (scores, labels) => rubbishCrossEntropy(tf, scores, labels, rubbish);
    case 'mse':
      // Targets 1 and -1; summed over the classes, without a factor 1/2, as eq. 8 is.
      return (scores, labels) =>
        scores.sub(oneHot(tf, labels).mul(2).sub(1)).square().sum().div<tfjs.Scalar>(labels.size);
  }
}

const oneHot = (tf: TensorFlow, labels: tfjs.Tensor1D): Tensor => tf.oneHot(labels, CLASSES, 1, 0, 'float32');

/** Softmax cross-entropy (mean over the batch) and its analytic gradient, (softmax - one-hot) / N. */
export function softmaxCrossEntropy(
  tf: TensorFlow,
  logits: tfjs.Tensor2D,
  labels: tfjs.Tensor1D,
): tfjs.Scalar {
  const targets = oneHot(tf, labels);
  const loss = tf.customGrad((x, save) => {
    const logits = x as tfjs.Tensor2D;
    const logProbabilities = logits.logSoftmax();
    (save as tfjs.GradSaveFunc)([logProbabilities, targets]);
    return {
      value: logProbabilities.mul(targets).sum().div<tfjs.Scalar>(-logits.shape[0]),
      gradFunc: (upstream, saved) => {
        const [logProbabilities, targets] = saved as [Tensor, Tensor];
        return logProbabilities.exp().sub(targets).mul(upstream.div(logits.shape[0]));
      },
    };
  });
  return loss(logits) as tfjs.Scalar;
}

/**
 * Eq. 9 of LeCun et al. 1998: y_D + log(e^-j + sum e^-y_i), mean over the batch: cross-entropy with an eleventh class, rubbish, whose
 * score is always -j.
 */
function rubbishCrossEntropy(
  tf: TensorFlow,
  scores: tfjs.Tensor2D,
  labels: tfjs.Tensor1D,
  rubbish: number,
): tfjs.Scalar {
  const count = labels.size;
  const always = constant(() => tf.fill<tfjs.Rank.R2>([count, 1], -rubbish) as tfjs.Tensor2D);
  // log-sum-exp by hand: its gradient must not go through the largest score.
  const all = tf.concat([scores, always], 1);
  const largest = detached(tf, all.max(1, true));
  const sum = all.sub(largest).exp().sum(1, true).log().add(largest).sum();
  const own = scores.mul(oneHot(tf, labels)).sum();
  return sum.sub(own).div<tfjs.Scalar>(count);
}

/** The value without a way for gradients. */
function detached(tf: TensorFlow, x: Tensor): Tensor {
  const stop = tf.customGrad((x) => ({
    value: (x as Tensor).clone(),
    gradFunc: (upstream) => constant(() => tf.zerosLike(upstream)),
  }));
  return stop(x);
}
