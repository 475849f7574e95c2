import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node/dist/nodejs_kernel_backend.js';
import type { Tensor, TensorFlow } from './load.ts';
import { constant } from './trace.ts';

/**
 * Random numbers inside a step, by TensorFlow's stateless generators: they depend on the step's key, on what they are for, and on
 * nothing else, so that a run that goes on from a checkpoint draws what it would have drawn.
 */
export interface Draws {
  /** Uniform over [0, 1), float32. */
  uniform(shape: readonly number[], purpose: string): Tensor;
  /** Draws of another part of the batch. */
  part(index: number): Draws;
}

/** `key` is int32, 2: the seed and the number of the step. */
export function drawsOf(tf: TensorFlow, key: Tensor, part = 0): Draws {
  const backend = tf.backend() as NodeJSKernelBackend;
  const { binding } = backend;
  const type = (name: string, value: number) => ({ name, type: binding.TF_ATTR_TYPE, value });
  const attributes = [
    type('dtype', binding.TF_FLOAT),
    type('T', binding.TF_INT32),
    type('Tseed', binding.TF_INT32),
  ];
  return {
    uniform(shape, purpose) {
      const size = constant(() => tf.tensor1d([...shape], 'int32'));
      const salt = constant(() => tf.tensor1d([hash(purpose, part), 0], 'int32'));
      return backend.executeSingleOutput('StatelessRandomUniform', attributes, [size, key.add(salt)]);
    },
    part: (index) => drawsOf(tf, key, index),
  };
}

/** FNV-1a over the text and the part, as a signed 32-bit number. */
function hash(text: string, part: number): number {
  let value = 0x811c9dc5;
  for (const character of `${text} ${part}`) value = Math.imul(value ^ character.codePointAt(0)!, 0x01000193);
  return value | 0;
}
