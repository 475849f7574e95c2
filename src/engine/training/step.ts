import type * as tfjs from '@tensorflow/tfjs-node';
import type { Forward } from '../models/forward.ts';
import type { Draws } from '../tensor/draws.ts';
import type { Tensor, TensorFlow } from '../tensor/load.ts';
import type { Distort } from './distortions.ts';
import { withConstant, type Loss } from './losses.ts';

export interface Batch {
  /** N x 28 x 28 x 1 bytes, as float32. */
  tiles: tfjs.Tensor4D;
  /** N, int32. */
  labels: tfjs.Tensor1D;
}

/** What is trained, and what for. */
export interface Objective {
  forward: Forward;
  loss: Loss;
  distort: Distort | null;
  /** Labels of 10 stand for an eleventh class, whose score is always 0. */
  rejects?: boolean;
  /** Of each weight, whether training changes it; the others are statistics. */
  trainable: readonly boolean[];
}

export interface BatchGradients {
  /** Mean loss of the batch, a scalar. */
  loss: Tensor;
  /** Digits of the batch that the weights read right, a scalar. */
  correct: Tensor;
  /** Of the loss, in the order of the trainable weights. */
  gradients: Tensor[];
  /** Means and variances of the batch, by the names of the weights that follow them. */
  statistics: Readonly<Record<string, Tensor>>;
}

/** Pure: reads no value and changes nothing, so that it can be traced. Tensors made on the way belong to the caller's `tf.tidy`. */
export type GradientsOf = (weights: readonly Tensor[], batch: Batch, draws: Draws) => BatchGradients;

/**
 * Gradients of the mean loss of a batch, computed in so many parts beside each other, on a thread each. Their sum is the batch's gradient,
 * but for rounding, random draws and batch normalisation, which a part does by itself.
 */
export function batchGradients(tf: TensorFlow, objective: Objective, shards: number): GradientsOf {
  return (weights, batch, draws) => {
    const parts = splitBatch(tf, batch, shards).map((part, at) =>
      lossAndGradients(tf, objective, weights, part, part.labels.size / batch.labels.size, draws.part(at)),
    );
    if (parts.length === 1) return parts[0]!;
    const sum = (of: (part: BatchGradients) => Tensor): Tensor =>
      parts.map(of).reduce((total, next) => total.add(next));
    const mean = (name: string): Tensor => sum(({ statistics }) => statistics[name]!).div(parts.length);
    const answer: BatchGradients = {
      loss: sum((part) => part.loss),
      correct: sum((part) => part.correct),
      gradients: parts[0]!.gradients.map((_, at) => sum(({ gradients }) => gradients[at]!)),
      statistics: Object.fromEntries(Object.keys(parts[0]!.statistics).map((name) => [name, mean(name)])),
    };
    tf.dispose(parts.map(({ correct, statistics }) => [correct, statistics]));
    return answer;
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
  { forward, loss: lossOf, distort, rejects, trainable }: Objective,
  weights: readonly Tensor[],
  { tiles, labels }: Batch,
  share: number,
  draws: Draws,
): BatchGradients {
  const shown = distort ? distort(draws, tiles) : tiles;
  // Kept from the scope of the gradients.
  let correct!: Tensor;
  const statistics: Record<string, Tensor> = {};
  const training = {
    draws,
    statistics(layer: string, { mean, variance }: { mean: Tensor; variance: Tensor }) {
      statistics[`${layer}/mean`] = mean;
      statistics[`${layer}/variance`] = variance;
    },
  };
  const partLoss = (...moving: Tensor[]): tfjs.Scalar => {
    const left = moving.values();
    const all = weights.map((weight, at) => (trainable[at] ? left.next().value! : weight));
    const scores = forward(all, shown, { training });
    const answers = rejects ? withConstant(tf, scores, 0) : scores;
    correct = tf.keep(answers.argMax(1).equal(labels).sum());
    const loss = lossOf(scores, labels);
    return share === 1 ? loss : loss.mul(share);
  };
  const { value: loss, grads: gradients } = tf.valueAndGrads(partLoss)(
    weights.filter((_, at) => trainable[at]),
  );
  return { loss, correct, gradients, statistics };
}
