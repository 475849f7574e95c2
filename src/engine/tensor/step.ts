import type { NamedTensor } from '../compute/types.ts';
import { breathe } from '../jobs/flow.ts';
import { CompiledStep } from './compiled-step.ts';
import { EagerStep } from './eager-step.ts';
import type { Tensor, TensorFlow } from './load.ts';
import { TraceError } from './trace-error.ts';
import type { Update } from './updates.ts';

/** What the random numbers of a call are keyed by: the seed, and the number of the call over all epochs. Both are int32. */
export type StepKey = readonly [seed: number, call: number];

/** One property of all samples: a row of bytes each, seen by the step as `type` in `shape` (without the batch). */
export interface Column {
  bytes: Uint8Array;
  shape: readonly number[];
  type: 'float32' | 'int32';
}

export interface StepTensors {
  state: readonly Tensor[];
  /** The columns' rows of this batch: N x shape. */
  batch: readonly Tensor[];
  scalars: Readonly<Record<string, Tensor>>;
  /** 2, int32: the key of this call, for `drawsOf`. */
  key: Tensor;
}

export interface StepResult {
  /** The next state where no update gives it. */
  next?: readonly { at: number; tensor: Tensor }[];
  updates?: readonly Update[];
  /** Scalars. */
  outputs: Readonly<Record<string, Tensor>>;
}

export interface StepOptions {
  tf: TensorFlow;
  state: readonly NamedTensor[];
  columns: readonly Column[];
  /** Numbers that may change from call to call, such as the learning rate. */
  scalars: Readonly<Record<string, number>>;
  /** Samples per call; the last call of an epoch may have fewer. */
  batchSize: number;
  /** Pure: reads no value, makes no tensor but constants, and draws no random number that is not keyed. */
  step: (tensors: StepTensors) => StepResult;
}

/** A function from state and batch to the next state, called again and again over samples that stay in memory. */
export interface Step {
  /** Why it runs operation by operation; null when it is compiled. */
  readonly eager: string | null;
  /** The samples of the calls that follow, in this order, and the key of the first call; each further one counts on. */
  beginEpoch(order: Uint32Array, key?: StepKey): void;
  setScalar(name: string, value: number): void;
  /** Runs on the next samples of the order; gives the outputs, each a scalar, and how many samples there were. */
  run(): { outputs: Readonly<Record<string, number>>; samples: number };
  readState(): NamedTensor[];
  /** Puts other values into a tensor of the state. */
  writeState(at: number, values: Float32Array): void;
  dispose(): void;
}

/**
 * Compiles a step; one that cannot be traced, or whose graph computes something else, runs eagerly and says why. This takes seconds for
 * large batches: `pause` is awaited between its parts, and what it throws ends the work.
 */
export async function openStep(options: StepOptions, pause: () => Promise<void> = breathe): Promise<Step> {
  let compiled: CompiledStep | undefined;
  try {
    compiled = await CompiledStep.open(options, pause);
    await compiled.compareWithEager(pause);
    return compiled;
  } catch (error) {
    compiled?.dispose();
    if (!(error instanceof TraceError)) throw error;
    return new EagerStep(options, error.message);
  }
}
