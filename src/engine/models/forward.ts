import type * as tfjs from '@tensorflow/tfjs-node';
import type { Tensor, TensorFlow } from '../tensor/load.ts';
import type { Activation, Architecture, Layer } from './architecture.ts';

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
    for (const layer of model.layers) x = applyLayer(tf, layer, x, take);
    return flatten(x);
  };
}

function applyLayer(tf: TensorFlow, layer: Layer, x: Tensor, take: () => Tensor): Tensor {
  switch (layer.kind) {
    case 'convolution': {
      const [, height, width] = x.shape;
      const kernel = take() as tfjs.Tensor4D;
      // A kernel as large as its map sees it once: the same sum as a matrix product, which is faster.
      const sum =
        height === layer.kernel && width === layer.kernel
          ? flatten(x).matMul(flattenKernel(kernel)).reshape([x.shape[0], 1, 1, layer.filters])
          : tf.conv2d(x as tfjs.Tensor4D, kernel, 1, 'valid');
      return activate(layer.activation, sum.add(take()));
    }
    case 'pooling': {
      const pool = layer.pooling === 'average' ? tf.avgPool : tf.maxPool;
      return pool(x as tfjs.Tensor4D, layer.window, layer.window, 'valid');
    }
    case 'dense':
      return activate(layer.activation, flatten(x).matMul(take()).add(take()));
  }
}

const flatten = (x: Tensor): tfjs.Tensor2D => x.reshape([x.shape[0]!, -1]);
const flattenKernel = (kernel: tfjs.Tensor4D): tfjs.Tensor2D => kernel.reshape([-1, kernel.shape[3]]);

function activate(activation: Activation, x: Tensor): Tensor {
  switch (activation) {
    case 'tanh':
      return x.tanh();
    case 'sigmoid':
      return x.sigmoid();
    case 'relu':
      return x.relu();
    case 'linear':
      return x;
  }
}
