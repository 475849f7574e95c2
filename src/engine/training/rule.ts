import type { NamedTensor } from '../compute/types.ts';
import type { StepResult, StepTensors } from '../tensor/step.ts';

/** How an optimiser comes from digits to the next weights. The state of its steps is the weights, then what it keeps beside them. */
export interface UpdateRule {
  /** What it keeps before the first step. */
  begin(weights: readonly NamedTensor[]): NamedTensor[];
  /** Pure, so that it can be traced. */
  step(tensors: StepTensors): StepResult;
  /** The numbers of a step, counted from 0 over all epochs, at a learning rate; of the same names every time. */
  scalars(rate: number, step: number): Record<string, number>;
  /** Whether all epochs visit the digits in the order of the first. */
  constantOrder: boolean;
  /** At the begin of an epoch: the values of what it keeps; null where that goes on. */
  renew(epoch: number, weights: () => readonly NamedTensor[]): Promise<Float32Array[] | null>;
  /** Of a whole state: the weights that the model is made of. */
  modelWeights(state: readonly NamedTensor[]): NamedTensor[];
}
