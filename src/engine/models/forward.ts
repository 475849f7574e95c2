import type * as tfjs from '@tensorflow/tfjs-node';
import type { Tensor, TensorFlow } from '../tensor/load.ts';
import type { Activation, Architecture, Layer } from './architecture.ts';
import { addBias, averagePairs, canPair, maximumPairs, pairKernel, pairRows, tanh } from './kernels.ts';

/** Pure: trainable tensors (in the order of `parameterSpecs`) and N x 28 x 28 x 1 bytes as float32 to N x 10 logits. */
export type Forward = (parameters: readonly Tensor[], tiles: tfjs.Tensor4D) => tfjs.Tensor2D;

/** The value scale and padding of an architecture: bytes to the first layer's input, N x H x W x C. Padding is background. */
export function scaleAndPad(tf: TensorFlow, { input }: Architecture, tiles: tfjs.Tensor4D): tfjs.Tensor4D {
  const scaled = tiles
    .div<tfjs.Tensor4D>(255)
    .sub<tfjs.Tensor4D>(input.mean)
    .div<tfjs.Tensor4D>(input.standardDeviation);
  const sides: [number, number] = [input.padding, input.padding];
  // Background is byte 0; in the order of the operations above, so that padding equals it to the last bit.
  const background = (0 - input.mean) / input.standardDeviation;
  return tf.pad4d(scaled, [[0, 0], sides, sides, [0, 0]], background);
}

/** The forward pass of an architecture. Intermediate tensors belong to the caller's `tf.tidy`. */
export function forwardPass(tf: TensorFlow, model: Architecture): Forward {
  return (parameters, tiles) => {
    const left = parameters.values();
    const take = (): Tensor => left.next().value!;
    let x: Tensor = scaleAndPad(tf, model, tiles);
    for (let at = 0; at < model.layers.length; at++) {
      const [layer, next] = [model.layers[at]!, model.layers[at + 1]];
      const pooled = next && convolvePooled(tf, layer, next, x, take);
      if (pooled) at++;
      x = pooled ?? applyLayer(tf, layer, x, take);
    }
    return flatten(x);
  };
}

/** A convolution and the pooling after it, two rows at once; null where the shapes do not allow it. */
function convolvePooled(
  tf: TensorFlow,
  layer: Layer,
  next: Layer,
  x: Tensor,
  take: () => Tensor,
): Tensor | null {
  if (layer.kind !== 'convolution' || next.kind !== 'pooling') return null;
  const [, height, width] = x.shape as [number, number, number];
  if (!canPair(height, width, layer.kernel, next.window)) return null;
  const kernel = pairKernel(tf, take() as tfjs.Tensor4D);
  const bias = take();
  const sum = tf.conv2d(pairRows(x), kernel, 1, 'valid');
  const maps = activate(tf, layer.activation, addBias(tf, sum, tf.concat([bias, bias])));
  return next.pooling === 'average' ? averagePairs(tf, maps) : maximumPairs(tf, maps);
}

function applyLayer(tf: TensorFlow, layer: Layer, x: Tensor, take: () => Tensor): Tensor {
  switch (layer.kind) {
    case 'convolution': {
      const [, height, width] = x.shape;
      const kernel = take() as tfjs.Tensor4D;
      // A kernel as large as its map sees it once: the same sum as a matrix product, which is faster.
      const sum =
        height === layer.kernel && width === layer.kernel
          ? flatten(x).matMul(flattenKernel(kernel)).reshape([x.shape[0]!, 1, 1, layer.filters])
          : tf.conv2d(x as tfjs.Tensor4D, kernel, 1, 'valid');
      return activate(tf, layer.activation, addBias(tf, sum, take()));
    }
    case 'pooling': {
      const pool = layer.pooling === 'average' ? tf.avgPool : tf.maxPool;
      return pool(x as tfjs.Tensor4D, layer.window, layer.window, 'valid');
    }
    case 'dense':
      return activate(tf, layer.activation, addBias(tf, flatten(x).matMul(take()), take()));
  }
}

const flatten = (x: Tensor): tfjs.Tensor2D => x.reshape([x.shape[0]!, -1]);
const flattenKernel = (kernel: tfjs.Tensor4D): tfjs.Tensor2D => kernel.reshape([-1, kernel.shape[3]]);

function activate(tf: TensorFlow, activation: Activation, x: Tensor): Tensor {
  switch (activation) {
    case 'tanh':
      return tanh(tf, x);
    case 'sigmoid':
      return x.sigmoid();
    case 'relu':
      return x.relu();
    case 'linear':
      return x;
  }
}
