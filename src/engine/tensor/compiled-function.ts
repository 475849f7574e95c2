import type { NamedTensor } from '../compute/types.ts';
import type { Tensor, TensorFlow } from './load.ts';
import { ProgramBuilder, type Program } from './program.ts';
import { trace } from './trace.ts';

export interface FunctionOptions {
  tf: TensorFlow;
  state: readonly NamedTensor[];
  /** Of one sample, without the batch. */
  shape: readonly number[];
  samples: number;
  /** Pure, as a step has to be; the batch is N x shape, bytes as float32. */
  compute: (state: readonly Tensor[], batch: Tensor) => Tensor;
}

/** A function of a state and a batch of bytes as a TensorFlow graph. Construction throws `TraceError` for one that cannot be traced. */
export class CompiledFunction {
  readonly #program: Program;

  constructor({ tf, state, shape, samples, compute }: FunctionOptions) {
    const builder = new ProgramBuilder();
    const { graph } = builder;
    const variables = state.map(({ shape }, at) => builder.variable(`state ${at}`, 'float32', shape));
    const bytes = builder.feed('batch', 'uint8', [samples, ...shape]);
    const numbers = builder.numbers(bytes.node, 'float32');
    tf.tidy(() => {
      const tensors = state.map(({ values, shape }) => tf.tensor(values, shape));
      const batch: Tensor = tf.zeros([samples, ...shape]);
      const known = new Map<Tensor, string>([
        [batch, numbers],
        ...tensors.map((tensor, at) => [tensor, variables[at]!.read] as const),
      ]);
      const { result, nodeOf } = trace(tf, graph, known, () => compute(tensors, batch));
      builder.entry('run', [bytes], { result: { type: 'float32', node: nodeOf(result) } });
    });
    this.#program = builder.build(tf);
    try {
      this.write(state);
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  write(state: readonly NamedTensor[]): void {
    state.forEach(({ values }, at) => this.#program.write(`state ${at}`, values));
  }

  /** `batch` has exactly the samples that the function was compiled for. */
  run(batch: Uint8Array): Float32Array {
    return this.#program.run('run', { batch })['result'] as Float32Array;
  }

  dispose(): void {
    this.#program.dispose();
  }
}
