import type * as tfjs from '@tensorflow/tfjs-node';
import { rbfCodes } from '../../shared/models/codes.ts';
import { DILATION, type Activation, type Connections, type Layer } from '../../shared/models/layers.ts';
import type { Draws } from '../tensor/draws.ts';
import type { Tensor, TensorFlow } from '../tensor/load.ts';
import { constant } from '../tensor/trace.ts';
import { addBias, batchNormalise, normaliseBy, tanh } from './kernels.ts';

/** Running statistics of a batch normalisation, as one batch gives them. */
export interface BatchStatistics {
  mean: Tensor;
  variance: Tensor;
}

/** What makes a forward pass one of training: dropout draws, and batch normalisation uses the batch and tells its statistics. */
export interface TrainingMode {
  draws: Draws;
  statistics(layer: string, of: BatchStatistics): void;
}

/** How layers compute. The curvature's pass (training/curvature.ts) has another one of these than the network's own. */
export interface LayerContext {
  tf: TensorFlow;
  training: TrainingMode | null;
  activate(layer: Layer, x: Tensor): Tensor;
  /** What a mean over so many values is multiplied with. */
  meanFactor(values: number): number;
  /** A sum inside a layer that further weights follow: of a separable convolution its maps, before they are joined. */
  within(x: Tensor): Tensor;
}

/** A layer of the network: N x H x W x C to N x H x W x C. `take` gives its tensors in the order of `parameterSpecs`. */
export function applyLayer(context: LayerContext, layer: Layer, x: Tensor, take: () => Tensor): Tensor {
  const { tf, training } = context;
  switch (layer.kind) {
    case 'convolution': {
      const sum = convolve(context, layer, x, take);
      return context.activate(layer, layer.bias ? addBias(tf, sum, take()) : sum);
    }
    case 'pooling': {
      const { window } = layer;
      if (layer.pooling === 'max') return tf.maxPool(x as tfjs.Tensor4D, window, window, 'valid');
      return average(context, x, window);
    }
    case 'subsampling': {
      const sums = average(context, x, layer.window).mul(1 / context.meanFactor(layer.window ** 2));
      const maps = repeatMaps(tf, sums, layer.copies);
      return context.activate(layer, addBias(tf, maps.mul(take()), take()));
    }
    case 'global-average': {
      const [count, height, width, maps] = x.shape as [number, number, number, number];
      const share = constant(() => tf.fill([count, 1, height * width], context.meanFactor(height * width)));
      const means = tf.matMul(share, x.reshape([count, height * width, maps]));
      return means.reshape([count, 1, 1, maps]);
    }
    case 'batch-normalisation': {
      const [scale, offset, mean, variance] = [take(), take(), take(), take()];
      if (!training) return context.activate(layer, normaliseBy(x, scale, offset, mean, variance));
      const { value, statistics } = batchNormalise(tf, x as tfjs.Tensor4D, scale, offset);
      training.statistics(layer.name, statistics);
      return context.activate(layer, value);
    }
    case 'dropout': {
      if (!training) return x;
      const kept = training.draws.uniform(x.shape, `dropout ${layer.name}`).greaterEqual(layer.rate);
      return x.mul(kept.cast('float32').div(1 - layer.rate));
    }
    case 'dense':
      return context.activate(layer, addBias(tf, flatten(x).matMul(take()), take()));
    case 'rbf': {
      const centres =
        layer.centres === 'codes' ? constant(() => tf.tensor2d(rbfCodes.map((code) => [...code]))) : take();
      const distance = squaredDistances(tf, flatten(x), centres as tfjs.Tensor2D);
      if (layer.response === 'penalty') return distance.neg();
      const width = layer.sigma === 'trainable' ? take().square().mul(2) : constant(() => tf.scalar(2));
      const logarithm = distance.div(width).neg();
      return layer.response === 'logarithm' ? logarithm : logarithm.exp();
    }
  }
}

/** N x features from N x H x W x C. */
export const flatten = (x: Tensor): tfjs.Tensor2D => x.reshape([x.shape[0]!, -1]);

export function activation(tf: TensorFlow, kind: Activation, x: Tensor): Tensor {
  switch (kind) {
    case 'tanh':
      return tanh(tf, x);
    case 'scaled-tanh':
      return tanh(tf, x.mul(SCALED_TANH.slope)).mul(SCALED_TANH.amplitude);
    case 'sigmoid':
      return x.sigmoid();
    case 'relu':
      return x.relu();
    case 'linear':
      return x;
  }
}

/** f(a) = A tanh(S a) with f(1) = 1 and f(-1) = -1: LeCun et al. 1998, appendix A. */
export const SCALED_TANH = { amplitude: 1.7159, slope: 2 / 3 } as const;

type Convolution = Extract<Layer, { kind: 'convolution' }>;

/** The sums of a convolution, without bias. */
function convolve({ tf, within }: LayerContext, layer: Convolution, x: Tensor, take: () => Tensor): Tensor {
  const { kernel: side, padding, type, connections, filters } = layer;
  if (type === 'separable') {
    const [depthwise, pointwise] = [take() as tfjs.Tensor4D, take() as tfjs.Tensor4D];
    const maps = within(tf.depthwiseConv2d(padded(tf, x, padding), depthwise, 1, 'valid'));
    return tf.conv2d(maps as tfjs.Tensor4D, pointwise, 1, 'valid');
  }
  const kernel = connected(tf, take() as tfjs.Tensor4D, connections);
  if (type === 'dilated') return tf.conv2d(padded(tf, x, padding), spread(kernel), 1, 'valid');
  // The gradient of a convolution with stride 1 is one with the kernel turned by half a turn, over maps with a wide margin.
  if (type === 'transpose')
    return tf.conv2d(padded(tf, x, side - 1 - padding), kernel.reverse([0, 1]), 1, 'valid');
  const [count, height, width] = x.shape as [number, number, number];
  // A kernel as large as its map sees it once: the same sum as a matrix product, which is faster.
  if (padding === 0 && height === side && width === side)
    return flatten(x)
      .matMul(kernel.reshape([-1, filters]))
      .reshape([count, 1, 1, filters]);
  if (padding > 0 && padding * 2 + 1 === side) return tf.conv2d(x as tfjs.Tensor4D, kernel, 1, 'same');
  return tf.conv2d(padded(tf, x, padding), kernel, 1, 'valid');
}

/** Zeros around the maps; a negative width takes pixels away. */
function padded(tf: TensorFlow, x: Tensor, width: number): tfjs.Tensor4D {
  const [count, height, columns, maps] = x.shape as [number, number, number, number];
  if (width === 0) return x as tfjs.Tensor4D;
  if (width < 0)
    return x.slice(
      [0, -width, -width, 0],
      [count, height + 2 * width, columns + 2 * width, maps],
    ) as tfjs.Tensor4D;
  return tf.pad4d(x as tfjs.Tensor4D, [
    [0, 0],
    [width, width],
    [width, width],
    [0, 0],
  ]);
}

/** A kernel with 0 where filters do not see a map. */
export function connected(
  tf: TensorFlow,
  kernel: tfjs.Tensor4D,
  connections: Connections | undefined,
): tfjs.Tensor4D {
  if (!connections) return kernel;
  const [, , maps, filters] = kernel.shape;
  const mask = constant(() => {
    const seen = tf.buffer([1, 1, maps, filters]);
    connections.forEach((seenMaps, filter) => seenMaps.forEach((map) => seen.set(1, 0, 0, map, filter)));
    return seen.toTensor() as tfjs.Tensor4D;
  });
  return kernel.mul(mask);
}

/** A kernel with its taps `DILATION` pixels apart and zeros between them. */
function spread(kernel: tfjs.Tensor4D): tfjs.Tensor4D {
  const [rows, columns, maps, filters] = kernel.shape;
  const gap: [number, number] = [0, DILATION - 1];
  const [tall, wide] = [rows * DILATION, columns * DILATION];
  return kernel
    .reshape<tfjs.Tensor4D>([rows, 1, columns, maps * filters])
    .pad([[0, 0], gap, [0, 0], [0, 0]])
    .reshape([tall, columns, 1, maps * filters])
    .pad([[0, 0], [0, 0], gap, [0, 0]])
    .reshape<tfjs.Tensor4D>([tall, wide, maps, filters])
    .slice([0, 0, 0, 0], [tall - DILATION + 1, wide - DILATION + 1, maps, filters]);
}

/** Mean over windows without overlap. */
function average({ tf, meanFactor }: LayerContext, x: Tensor, window: number): Tensor {
  const means = tf.avgPool(x as tfjs.Tensor4D, window, window, 'valid');
  const factor = meanFactor(window ** 2) * window ** 2;
  return factor === 1 ? means : means.mul(factor);
}

/** Each map so many times, one beside the other. */
function repeatMaps(tf: TensorFlow, x: Tensor, copies: number): Tensor {
  if (copies === 1) return x;
  const [count, height, width, maps] = x.shape as [number, number, number, number];
  return tf
    .tile(x.reshape([count * height * width, maps, 1]), [1, 1, copies])
    .reshape([count, height, width, maps * copies]);
}

/** |x - c|^2 for each of N x features and each centre: N x centres. */
function squaredDistances(tf: TensorFlow, x: tfjs.Tensor2D, centres: tfjs.Tensor2D): Tensor {
  const lengths = x.square().sum(1, true);
  const centreLengths = centres.square().sum(1);
  return lengths.add(centreLengths).sub(tf.matMul(x, centres, false, true).mul(2));
}
