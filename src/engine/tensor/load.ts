import { createRequire } from 'node:module';
import os from 'node:os';
import type * as tf from '@tensorflow/tfjs-node';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node/dist/nodejs_kernel_backend.js';
import { StudioError } from '../../shared/errors.ts';

export type TensorFlow = typeof tf;
export type Tensor = tf.Tensor;

/** What TensorFlow reads from the environment once, when its library loads: set these where the process is spawned. */
export interface TensorFlowSettings {
  threads: { intraOp: number; interOp: number };
  flags: Record<string, string>;
}

/**
 * One thread inside an operation, two for operations that do not need each other, and oneDNN's kernels: digits are small, so work is
 * shared out by halves of a batch and not by parts of an operation. `npm run bench:training` measures it.
 */
export const defaultSettings: TensorFlowSettings = {
  threads: { intraOp: 1, interOp: Math.min(2, os.availableParallelism()) },
  flags: { TF_ENABLE_ONEDNN_OPTS: '1' },
};

export const settingsEnvironment = ({ threads, flags }: TensorFlowSettings): Record<string, string> => ({
  TF_NUM_INTRAOP_THREADS: String(threads.intraOp),
  TF_NUM_INTEROP_THREADS: String(threads.interOp),
  TF_CPP_MIN_LOG_LEVEL: '2',
  ...flags,
});

/** The settings that this process was started with; a thread count of 0 leaves the choice to TensorFlow. */
export function settingsFromEnvironment(environment: NodeJS.ProcessEnv): TensorFlowSettings {
  const flags = Object.keys(defaultSettings.flags).flatMap((flag) =>
    environment[flag] === undefined ? [] : [[flag, environment[flag]] as const],
  );
  return {
    threads: {
      intraOp: Number(environment['TF_NUM_INTRAOP_THREADS'] ?? 0),
      interOp: Number(environment['TF_NUM_INTEROP_THREADS'] ?? 0),
    },
    flags: Object.fromEntries(flags),
  };
}

/** Operations that this process runs beside each other: work is shared out into as many parts. The model card names the number. */
export const threadsHere = (): number => Math.max(1, settingsFromEnvironment(process.env).threads.interOp);

const require = createRequire(import.meta.url);

/**
 * TensorFlow with its native library. Loading takes about a second and the calls are synchronous: not for a process that has to answer.
 * Throws `compute-missing` when the library is not installed or does not load.
 */
export function loadTensorFlow(): TensorFlow {
  restoreNodeUtil();
  try {
    return require('@tensorflow/tfjs-node') as TensorFlow;
  } catch (error) {
    const [detail] = String((error as Error).message)
      .trim()
      .split('\n');
    throw new StudioError('compute-missing', { detail: detail! }, { cause: error });
  }
}

/** The version of TensorFlow itself, such as "2.21.0". */
export const tensorFlowVersion = (tf: TensorFlow): string =>
  (tf.backend() as NodeJSKernelBackend).binding.TF_Version;

/** tfjs-node 4.22 calls two functions that Node 23 removed (tensorflow/tfjs#8609). */
function restoreNodeUtil(): void {
  const util = require('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] ??= (value: unknown) => value == null;
  // Node 24 still has this one, and complains each time it is called.
  util['isArray'] = Array.isArray;
}
