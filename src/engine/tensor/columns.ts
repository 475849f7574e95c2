import type { Column, StepOptions } from './step.ts';

/** Rows of each column. */
export const samplesOf = ({ columns: [first] }: StepOptions): number =>
  first!.bytes.length / rowBytes(first!.shape);

/** An order is as long as the samples, or ends as they do. Throws `RangeError`. */
export function checkOrder(options: StepOptions, { length }: Uint32Array): void {
  const [count, { batchSize }] = [samplesOf(options), options];
  const rest = length % batchSize;
  if (length > count || (rest !== 0 && rest !== count % batchSize))
    throw new RangeError(`an order of ${length} for ${count} samples in batches of ${batchSize}`);
}

/** The rows at these positions, one after the other. */
export function gatherBytes({ bytes, shape }: Column, rows: Uint32Array, into?: Uint8Array): Uint8Array {
  const size = rowBytes(shape);
  const gathered = into ?? new Uint8Array(rows.length * size);
  rows.forEach((row, at) => gathered.set(bytes.subarray(row * size, (row + 1) * size), at * size));
  return gathered;
}

export const rowBytes = (shape: readonly number[]): number =>
  shape.reduce((product, side) => product * side, 1);
