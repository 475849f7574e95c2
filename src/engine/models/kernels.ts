import type * as tfjs from '@tensorflow/tfjs-node';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node/dist/nodejs_kernel_backend.js';
import type { Tensor, TensorFlow } from '../tensor/load.ts';
import { constant } from '../tensor/trace.ts';

/*
 * The same sums as tfjs's own operations, arranged so that TensorFlow's kernels are quick at the few maps of a LeNet; docs/decisions/0013
 * has the measurements.
 */

/** N x H x W x C to N x H/2 x W x 2C: two rows side by side in the maps. */
export const pairRows = (x: Tensor): tfjs.Tensor4D => {
  const [count, height, width, maps] = x.shape as [number, number, number, number];
  return x
    .reshape([count, height / 2, 2, width, maps])
    .transpose([0, 1, 3, 2, 4])
    .reshape([count, height / 2, width, 2 * maps]);
};

/**
 * A kernel k x k x C x M, k odd, for paired rows: (k + 1)/2 x k x 2C x 2M. It gives two rows of the convolution at once, side by side
 * in the maps.
 */
export function pairKernel(tf: TensorFlow, kernel: tfjs.Tensor4D): tfjs.Tensor4D {
  const [side, width, maps, filters] = kernel.shape;
  const shifted = (rows: [number, number]): Tensor => tf.pad4d(kernel, [rows, [0, 0], [0, 0], [0, 0]]);
  const pairs = (side + 1) / 2;
  return tf
    .concat([shifted([0, 1]), shifted([1, 0])], 3)
    .reshape([pairs, 2, width, maps, 2 * filters])
    .transpose([0, 2, 1, 3, 4])
    .reshape([pairs, width, 2 * maps, 2 * filters]);
}

/** Rows of the convolution of such an input with such a kernel can be computed in pairs and pooled by two. */
export const canPair = (height: number, width: number, kernel: number, window: number): boolean =>
  window === 2 && height % 2 === 0 && kernel % 2 === 1 && (width - kernel + 1) % 2 === 0;

/** Mean over windows of 2 x 2 of paired rows: N x H x W x 2M to N x H x W/2 x M, as a matrix product. */
export function averagePairs(tf: TensorFlow, x: Tensor): Tensor {
  const [count, height, width, pairMaps] = x.shape as [number, number, number, number];
  const maps = pairMaps / 2;
  const mean = constant(() => tf.tile(tf.eye(maps).mul(0.25), [4, 1]));
  return x
    .reshape([(count * height * width) / 2, 4 * maps])
    .matMul(mean)
    .reshape([count, height, width / 2, maps]);
}

/** Largest of windows of 2 x 2 of paired rows: N x H x W x 2M to N x H x W/2 x M. */
export function maximumPairs(tf: TensorFlow, x: Tensor): Tensor {
  const [count, height, width, pairMaps] = x.shape as [number, number, number, number];
  const maps = pairMaps / 2;
  const windows = x.reshape<tfjs.Tensor4D>([count, (height * width) / 2, 4, maps]);
  return tf.maxPool(windows, [1, 4], [1, 4], 'valid').reshape([count, height, width / 2, maps]);
}

/** x + bias over the last axis; the bias's gradient is a product with ones, which is quicker than a sum over rows. */
export function addBias(tf: TensorFlow, x: Tensor, bias: Tensor): Tensor {
  const add = tf.customGrad((...input) => {
    const [x, bias] = input as unknown as [Tensor, Tensor];
    return {
      value: x.add(bias),
      gradFunc: (upstream) => {
        const maps = bias.size;
        const rows = upstream.size / maps;
        const ones = constant(() => tf.ones([1, rows]));
        return [upstream, ones.matMul(upstream.reshape([rows, maps])).reshape([maps])];
      },
    };
  });
  return add(x, bias);
}

/** tanh, with its gradient as one operation. */
export function tanh(tf: TensorFlow, x: Tensor): Tensor {
  const backend = tf.backend() as NodeJSKernelBackend;
  const type = { name: 'T', type: backend.binding.TF_ATTR_TYPE, value: backend.binding.TF_FLOAT };
  const apply = tf.customGrad((...input) => {
    const [x, save] = input as unknown as [Tensor, tfjs.GradSaveFunc];
    const value = x.tanh();
    save([value]);
    return {
      value,
      gradFunc: (upstream, saved) =>
        backend.executeSingleOutput('TanhGrad', [type], [(saved as Tensor[])[0]!, upstream]),
    };
  });
  return apply(x);
}

/** Added to variances, against division by 0. */
export const EPSILON = 1e-5;

/** Batch normalisation by the batch's own mean and variance per map, with its gradient as one operation each. */
export function batchNormalise(
  tf: TensorFlow,
  x: tfjs.Tensor4D,
  scale: Tensor,
  offset: Tensor,
): { value: Tensor; statistics: { mean: Tensor; variance: Tensor } } {
  const backend = tf.backend() as NodeJSKernelBackend;
  const { binding } = backend;
  const attributes = [
    { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'U', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'epsilon', type: binding.TF_ATTR_FLOAT, value: EPSILON },
    { name: 'data_format', type: binding.TF_ATTR_STRING, value: 'NHWC' },
    { name: 'is_training', type: binding.TF_ATTR_BOOL, value: true },
  ];
  let statistics!: { mean: Tensor; variance: Tensor };
  const apply = tf.customGrad((...input) => {
    const [x, scale, offset, save] = input as unknown as [Tensor, Tensor, Tensor, tfjs.GradSaveFunc];
    const empty = constant(() => tf.tensor1d([]));
    const outputs = backend.executeMultipleOutputs(
      'FusedBatchNormV3',
      attributes,
      [x, scale, offset, empty, empty],
      6,
    );
    const [value, mean, variance, ...reserves] = outputs as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];
    // Kept from the scope of the gradients; who asked for the pass disposes of them.
    statistics = { mean: tf.keep(mean), variance: tf.keep(variance) };
    save([x, scale, ...reserves]);
    return {
      value,
      gradFunc: (upstream, saved) => {
        const [x, scale, ...reserves] = saved as Tensor[];
        const inputs = [upstream, x!, scale!, ...reserves];
        return backend.executeMultipleOutputs('FusedBatchNormGradV3', attributes, inputs, 5).slice(0, 3);
      },
    };
  });
  const value = apply(x, scale, offset);
  return { value, statistics };
}

/** Batch normalisation by known statistics: a factor and an offset per map. */
export function normaliseBy(
  x: Tensor,
  scale: Tensor,
  offset: Tensor,
  mean: Tensor,
  variance: Tensor,
): Tensor {
  const factor = scale.div(variance.add(EPSILON).sqrt());
  return x.mul(factor).add(offset.sub(mean.mul(factor)));
}
