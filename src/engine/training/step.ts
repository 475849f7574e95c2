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

/** Stochastic gradient descent with momentum: v <- momentum v + g, w <- w - learningRate v. */
export function sgdStep(tf: TensorFlow, forward: Forward, momentum: number): TrainStep {
  return ({ weights, velocities }, { tiles, labels }, learningRate) => {
    let correct!: Tensor;
    const lossOf = (...parameters: Tensor[]): tfjs.Scalar => {
      const logits = forward(parameters, tiles);
      correct = tf.keep(logits.argMax(1).equal(labels).sum());
      return softmaxCrossEntropy(tf, logits, labels);
    };
    const { value: loss, grads } = tf.valueAndGrads(lossOf)(weights);
    const nextVelocities = velocities.map((velocity, at) => velocity.mul(momentum).add(grads[at]!));
    const nextWeights = weights.map((weight, at) => weight.sub(nextVelocities[at]!.mul(learningRate)));
    return { next: { weights: nextWeights, velocities: nextVelocities }, loss, correct };
  };
}
