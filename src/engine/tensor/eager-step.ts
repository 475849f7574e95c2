import type { NamedTensor } from '../compute/types.ts';
import type { Tensor } from './load.ts';
import type { Column, Step, StepKey, StepOptions } from './step.ts';
import { applyUpdate } from './updates.ts';

/** A step that runs operation by operation: the measure for the compiled one, and what stands in for it where it must. */
export class EagerStep implements Step {
  readonly eager: string;
  readonly #options: StepOptions;
  #state: Tensor[];
  #scalars: Record<string, number>;
  #order: Uint32Array = new Uint32Array(0);
  #position = 0;
  #key: StepKey = [0, 0];

  constructor(options: StepOptions, why: string) {
    this.eager = why;
    this.#options = options;
    this.#state = options.state.map(({ values, shape }) => options.tf.tensor(values, shape));
    this.#scalars = { ...options.scalars };
  }

  beginEpoch(order: Uint32Array, key: StepKey = [0, 0]): void {
    checkOrder(this.#options, order);
    this.#order = order;
    this.#key = key;
    this.#position = 0;
  }

  setScalar(name: string, value: number): void {
    this.#scalars[name] = value;
  }

  run(): { outputs: Record<string, number>; samples: number } {
    const { tf, columns, batchSize, step } = this.#options;
    const rows = this.#order.subarray(this.#position, this.#position + batchSize);
    if (rows.length === 0) throw new RangeError('the order is at its end');
    const outputs: Record<string, number> = {};
    const before = this.#state;
    const next = tf.tidy(() => {
      const result = step({
        state: before,
        batch: columns.map((column) => gather(column, rows, tf.tensor)),
        scalars: Object.fromEntries(
          Object.entries(this.#scalars).map(([name, value]) => [name, tf.scalar(value)]),
        ),
        key: tf.tensor1d([...this.#key], 'int32'),
      });
      for (const [name, tensor] of Object.entries(result.outputs)) outputs[name] = tensor.dataSync()[0]!;
      tf.dispose(Object.values(result.outputs));
      const after = [...before];
      for (const { at, tensor } of result.next ?? []) after[at] = tensor;
      for (const update of result.updates ?? []) applyUpdate(before, after, update);
      return after;
    });
    tf.dispose(before.filter((tensor) => !next.includes(tensor)));
    this.#state = next;
    this.#position += rows.length;
    this.#key = [this.#key[0], this.#key[1] + 1];
    return { outputs, samples: rows.length };
  }

  readState(): NamedTensor[] {
    return this.#options.state.map(({ name, shape }, at) => ({
      name,
      shape,
      values: Float32Array.from(this.#state[at]!.dataSync()),
    }));
  }

  writeState(at: number, values: Float32Array): void {
    const [before, { tf, state }] = [this.#state[at]!, this.#options];
    this.#state[at] = tf.tensor(Float32Array.from(values), state[at]!.shape);
    before.dispose();
  }

  dispose(): void {
    this.#options.tf.dispose(this.#state);
    this.#state = [];
  }
}

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

function gather(
  column: Column,
  rows: Uint32Array,
  tensor: (values: Float32Array | Int32Array, shape: number[], type: 'float32' | 'int32') => Tensor,
): Tensor {
  const bytes = gatherBytes(column, rows);
  const values = column.type === 'float32' ? Float32Array.from(bytes) : Int32Array.from(bytes);
  return tensor(values, [rows.length, ...column.shape], column.type);
}
