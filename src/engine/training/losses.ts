import type * as tfjs from '@tensorflow/tfjs-node';
import { CLASSES, type TrainingParameters } from '../../shared/domain.ts';
import { hasRejectClass } from '../../shared/models/used.ts';
import type { Tensor, TensorFlow } from '../tensor/load.ts';
import { constant } from '../tensor/trace.ts';

/** Mean loss of a batch from its scores, N x 10, and labels, N int32. Lower is better; a scalar. */
export type Loss = (scores: tfjs.Tensor2D, labels: tfjs.Tensor1D) => tfjs.Scalar;

/** The loss that the parameters name. `eq8` and `eq9` take scores as negated penalties y: those of an RBF layer. */
export function lossFor(tf: TensorFlow, parameters: TrainingParameters): Loss {
  const { loss, rubbish } = parameters;
  switch (loss) {
    case 'cross-entropy':
      return hasRejectClass(parameters)
        ? (scores, labels) => rubbishCrossEntropy(tf, scores, labels, 0)
        : (scores, labels) => softmaxCrossEntropy(tf, scores, labels);
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

/** The scores, N x 10, and beside them an eleventh class whose score is always the same. */
export function withConstant(tf: TensorFlow, scores: Tensor, score: number): Tensor {
  const [count] = scores.shape as [number];
  const always = constant(() => tf.fill<tfjs.Rank.R2>([count, 1], score) as tfjs.Tensor2D);
  return tf.concat([scores, always], 1);
}

/**
 * Eq. 9 of LeCun et al. 1998: y_D + log(e^-j + sum e^-y_i), mean over the batch: cross-entropy with an eleventh class, rubbish, whose
 * score is always -j. Of ten scores and an eleventh only the differences count, so nothing is lost by holding one of them. With j = 0 a label of 10 stands for that class:
 * its own score is 0, as the one-hot row of zeros has it.
 */
function rubbishCrossEntropy(
  tf: TensorFlow,
  scores: tfjs.Tensor2D,
  labels: tfjs.Tensor1D,
  rubbish: number,
): tfjs.Scalar {
  const count = labels.size;
  // log-sum-exp by hand: its gradient must not go through the largest score.
  const all = withConstant(tf, scores, -rubbish);
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
