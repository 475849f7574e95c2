import type * as tfjs from '@tensorflow/tfjs-node';
import type { Tensor, TensorFlow } from '../tensor/load.ts';
import type { Architecture, Layer } from '../../shared/models/layers.ts';
import { activationOf } from '../../shared/models/summary.ts';
import { addBias, averagePairs, canPair, maximumPairs, pairKernel, pairRows } from './kernels.ts';
import {
  activation,
  applyLayer,
  connected,
  flatten,
  type LayerContext,
  type TrainingMode,
} from './layers.ts';

export interface Pass {
  /** Absent: the network reads. */
  training?: TrainingMode;
  /** Gets what every layer gives, in order. Costs speed: layers are then computed one by one. */
  observe?: (layer: Layer, output: Tensor) => void;
}

/** Pure: tensors in the order of `parameterSpecs` and N x 28 x 28 x 1 bytes as float32 to N x 10 scores. */
export type Forward = (parameters: readonly Tensor[], tiles: tfjs.Tensor4D, pass?: Pass) => tfjs.Tensor2D;

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
  return (parameters, tiles, { training, observe } = {}) => {
    const context: LayerContext = { ...ownContext(tf), training: training ?? null };
    const left = parameters.values();
    const take = (): Tensor => left.next().value!;
    let x: Tensor = scaleAndPad(tf, model, tiles);
    for (let at = 0; at < model.layers.length; at++) {
      const [layer, next] = [model.layers[at]!, model.layers[at + 1]];
      const pooled = next && !observe && convolvePooled(tf, layer, next, x, take);
      if (pooled) at++;
      x = pooled || applyLayer(context, layer, x, take);
      observe?.(layer, x);
    }
    return flatten(x);
  };
}

/**
 * What the last layer looks at, N x features, in the place of scores: 84 for LeNet-5. Digits that are near each other there look alike to the
 * network.
 */
export function featurePass(tf: TensorFlow, model: Architecture): Forward {
  const forward = forwardPass(tf, model);
  return (parameters, tiles) => {
    const outputs: Tensor[] = [];
    forward(parameters, tiles, { observe: (_, output) => void outputs.push(output) });
    return flatten(outputs.at(-2) ?? scaleAndPad(tf, model, tiles));
  };
}

/** How the network itself computes. */
export const ownContext = (tf: TensorFlow): LayerContext => ({
  tf,
  training: null,
  activate: (layer, x) => activation(tf, activationOf(layer), x),
  meanFactor: (values) => 1 / values,
  within: (x) => x,
});

/** A convolution and the pooling after it, two rows at once; null where the shapes do not allow it. */
function convolvePooled(
  tf: TensorFlow,
  layer: Layer,
  next: Layer,
  x: Tensor,
  take: () => Tensor,
): Tensor | null {
  if (layer.kind !== 'convolution' || next.kind !== 'pooling') return null;
  if (layer.type !== 'standard' || layer.padding > 0 || !layer.bias) return null;
  const [, height, width] = x.shape as [number, number, number];
  if (!canPair(height, width, layer.kernel, next.window)) return null;
  const kernel = pairKernel(tf, connected(tf, take() as tfjs.Tensor4D, layer.connections));
  const bias = take();
  const sum = tf.conv2d(pairRows(x), kernel, 1, 'valid');
  const maps = activation(tf, layer.activation, addBias(tf, sum, tf.concat([bias, bias])));
  return next.pooling === 'average' ? averagePairs(tf, maps) : maximumPairs(tf, maps);
}
