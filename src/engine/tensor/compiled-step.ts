import type { NamedTensor } from '../compute/types.ts';
import { attribute, DATA_TYPE, type DataTypeName, type GraphWriter, type NodeOutput } from './graph-def.ts';
import { checkOrder, EagerStep, gatherBytes, rowBytes, samplesOf } from './eager-step.ts';
import { ProgramBuilder, type Program, type Variable } from './program.ts';
import type { Tensor } from './load.ts';
import type { Step, StepKey, StepOptions } from './step.ts';
import { trace } from './trace.ts';
import { TraceError } from './trace-error.ts';
import { writeUpdate } from './updates.ts';

/** Up to this many bytes the samples lie in the graph's session; more of them pass through it in windows of half as many. */
const RESIDENT_BYTES = 256 * 1024 * 1024;
/**
 * The graph's values may differ from the eager ones by this share of their norm: fused operations round differently, and where two
 * values of a pooling window are the same but for rounding, the gradient goes another way. A value that was frozen shows far more.
 */
const TOLERANCE = 1e-2;
/** The norm that smaller ones count as: of a few small numbers, rounding is a larger share. */
const LEAST_NORM = 0.1;

interface Variables {
  state: Variable[];
  columns: Variable[];
  order: Variable;
  position: Variable;
  scalars: Variable[];
  key: Variable;
}

/**
 * A step as a TensorFlow graph: state, samples, their order and the scalars are variables of its session, so a call takes nothing in and
 * gives two or three numbers.
 */
export class CompiledStep implements Step {
  readonly eager = null;
  readonly #options: StepOptions;
  readonly #program: Program;
  readonly #count: number;
  /** Samples in the session: all, or a window of whole batches. */
  readonly #window: number;
  /** Of the state: what Adam moves. */
  readonly #movedByAdam: ReadonlySet<number>;
  #order: Uint32Array = new Uint32Array(0);
  /** Samples of the order that have been used. */
  #used = 0;

  private constructor(
    options: StepOptions,
    window: number,
    program: Program,
    movedByAdam: ReadonlySet<number>,
  ) {
    this.#movedByAdam = movedByAdam;
    this.#options = options;
    this.#count = samplesOf(options);
    this.#window = window;
    this.#program = program;
  }

  /** Throws `TraceError` for a function that a graph cannot stand for, and what `pause` throws. */
  static async open(
    options: StepOptions,
    pause: () => Promise<void>,
    residentBytes = RESIDENT_BYTES,
  ): Promise<CompiledStep> {
    const { columns, state, scalars } = options;
    const window = windowOf(options, residentBytes);
    const builder = new ProgramBuilder();
    const variables: Variables = {
      state: state.map(({ shape }, at) => builder.variable(`state ${at}`, 'float32', shape)),
      columns: columns.map(({ shape }, at) =>
        builder.variable(`column ${at}`, 'uint8', [window, rowBytes(shape)]),
      ),
      order: builder.variable('order', 'int32', [window]),
      position: builder.variable('position', 'int32', []),
      key: builder.variable('key', 'int32', [2]),
      scalars: Object.keys(scalars).map((name) => builder.variable(`scalar ${name}`, 'float32', [])),
    };
    const moved = new Set<number>();
    for (const samples of sizesOf(options)) {
      for (const at of writeStep(builder, variables, options, samples)) moved.add(at);
      await pause();
    }
    const step = new CompiledStep(options, window, builder.build(options.tf), moved);
    try {
      step.#writeState(state);
      for (const [name, value] of Object.entries(scalars)) step.setScalar(name, value);
      if (step.#isResident) columns.forEach(({ bytes }, at) => step.#program.write(`column ${at}`, bytes));
      return step;
    } catch (error) {
      step.dispose();
      throw error;
    }
  }

  get #isResident(): boolean {
    return this.#window === this.#count;
  }

  beginEpoch(order: Uint32Array, key: StepKey = [0, 0]): void {
    checkOrder(this.#options, order);
    this.#order = order;
    this.#used = 0;
    this.#program.write('key', Int32Array.from(key));
    if (this.#isResident && order.length > 0) this.#load();
  }

  setScalar(name: string, value: number): void {
    this.#program.write(`scalar ${name}`, Float32Array.of(value));
  }

  run(): { outputs: Readonly<Record<string, number>>; samples: number } {
    const samples = Math.min(this.#options.batchSize, this.#order.length - this.#used);
    if (samples === 0) throw new RangeError('the order is at its end');
    if (!this.#isResident && this.#used % this.#window === 0) this.#load();
    this.#used += samples;
    const values = this.#program.run(stepEntry(samples));
    const outputs: Record<string, number> = {};
    for (const name in values) outputs[name] = values[name]![0]!;
    return { outputs, samples };
  }

  writeState(at: number, values: Float32Array): void {
    this.#program.write(`state ${at}`, values);
  }

  readState(): NamedTensor[] {
    return this.#options.state.map(({ name, shape }, at) => ({
      name,
      shape,
      values: Float32Array.from(this.#program.read(`state ${at}`)),
    }));
  }

  /**
   * Runs batches of every size twice, on different samples, in the graph and eagerly, each from the first state, which is put back. Throws
   * `TraceError` when they differ: then the function has taken a value into the graph that changes from call to call.
   */
  async compareWithEager(pause: () => Promise<void>): Promise<void> {
    const sizes = sizesOf(this.#options);
    const length = sizes.reduce((sum, size) => sum + size, 0);
    const firsts = Uint32Array.from({ length }, (_, at) => at);
    const lasts = firsts.map((at) => this.#count - 1 - at);
    const eager = new EagerStep(this.#options, '');
    const { state } = this.#options;
    try {
      for (const order of [firsts, lasts]) {
        for (const step of [this, eager]) step.beginEpoch(order);
        for (const _ of sizes) {
          for (const step of [this, eager]) state.forEach(({ values }, at) => step.writeState(at, values));
          const ours = this.run().outputs;
          await pause();
          compareOutputs(ours, eager.run().outputs);
          const theirs = eager.readState();
          this.readState().forEach(({ name, values }, at) => {
            // Adam's first step goes by the sign of a gradient, which rounding turns where it is nearly 0; its moments tell what the graph gave.
            if (!this.#movedByAdam.has(at)) checkClose(name, values, theirs[at]!.values);
          });
          await pause();
        }
      }
    } finally {
      eager.dispose();
    }
    this.#writeState(state);
  }

  dispose(): void {
    this.#program.dispose();
  }

  #writeState(state: readonly NamedTensor[]): void {
    state.forEach(({ values }, at) => this.writeState(at, values));
  }

  /** Puts the next part of the order into the session, with its samples where they do not all lie there. */
  #load(): void {
    const part = this.#order.subarray(this.#used, this.#used + this.#window);
    const order = new Int32Array(this.#window);
    if (this.#isResident) order.set(part);
    else {
      order.forEach((_, at) => (order[at] = at));
      this.#options.columns.forEach((column, at) => {
        const rows = new Uint8Array(this.#window * rowBytes(column.shape));
        this.#program.write(`column ${at}`, gatherBytes(column, part, rows));
      });
    }
    this.#program.write('order', order);
    this.#program.write('position', Int32Array.of(0));
  }
}

/** A full batch, and the smaller one that may end an epoch. */
function sizesOf(options: StepOptions): number[] {
  const [count, { batchSize }] = [samplesOf(options), options];
  const rest = count % batchSize;
  return [...(count >= batchSize ? [batchSize] : []), ...(rest > 0 ? [rest] : [])];
}

/** Samples that lie in the session at a time: all, or whole batches. */
function windowOf(options: StepOptions, residentBytes: number): number {
  const count = samplesOf(options);
  const bytes = options.columns.reduce((sum, { shape }) => sum + rowBytes(shape), 0);
  if (count * bytes <= residentBytes) return count;
  const batches = Math.max(1, Math.floor(residentBytes / 2 / bytes / options.batchSize));
  return Math.min(count, batches * options.batchSize);
}

const stepEntry = (samples: number): string => `step ${samples}`;

/** The call for batches of one size. Answers the positions in the state of what Adam moves. */
function writeStep(
  builder: ProgramBuilder,
  variables: Variables,
  options: StepOptions,
  samples: number,
): number[] {
  const { tf, state, scalars, columns } = options;
  const moved: number[] = [];
  const { graph } = builder;
  tf.tidy(() => {
    const known = new Map<Tensor, NodeOutput>();
    const stateNow = state.map(({ values, shape }, at) => {
      const tensor = tf.tensor(values, shape);
      known.set(tensor, variables.state[at]!.read);
      return tensor;
    });
    const rows = rowsOfBatch(graph, variables, samples);
    const batch = columns.map(({ shape, type }, at) => {
      const tensor = tf.zeros([samples, ...shape], type);
      known.set(tensor, gatherRows(builder, variables.columns[at]!, rows, [samples, ...shape], type));
      return tensor;
    });
    const numbers = Object.fromEntries(
      Object.entries(scalars).map(([name, value], at) => {
        const tensor = tf.scalar(value);
        known.set(tensor, variables.scalars[at]!.read);
        return [name, tensor];
      }),
    );
    const key = tf.tensor1d([0, 0], 'int32');
    known.set(key, variables.key.read);
    const { result, nodeOf } = trace(tf, graph, known, () =>
      options.step({ state: stateNow, batch, scalars: numbers, key }),
    );
    const fetches = Object.fromEntries(
      Object.entries(result.outputs).map(([name, tensor]) => [
        name,
        { type: tensor.dtype as 'float32' | 'int32', node: nodeOf(tensor) },
      ]),
    );
    for (const { kind, value } of result.updates ?? []) if (kind === 'adam') moved.push(value);
    const effects = [
      ...(result.next ?? []).map(({ at, tensor }) => builder.assign(variables.state[at]!, nodeOf(tensor))),
      ...(result.updates ?? []).map((update) => writeUpdate(graph, variables.state, update, nodeOf)),
      advance(graph, variables.position, [], [samples]),
      advance(graph, variables.key, [2], [0, 1]),
    ];
    builder.entry(stepEntry(samples), [], fetches, effects);
    // A step may have to keep what it gives from the scopes of its gradients.
    tf.dispose(Object.values(result.outputs));
  });
  return moved;
}

const int32 = { T: attribute.type(DATA_TYPE.int32), Tshape: attribute.type(DATA_TYPE.int32) };
const integers = (graph: GraphWriter, ...values: number[]): NodeOutput =>
  graph.constant(DATA_TYPE.int32, [values.length], Int32Array.from(values));

/** Positions in the samples of the next batch of the order. */
function rowsOfBatch(graph: GraphWriter, { order, position }: Variables, samples: number): NodeOutput {
  const begin = graph.node('Reshape', [position.read, integers(graph, 1)], int32);
  const attributes = { T: int32.T, Index: attribute.type(DATA_TYPE.int32) };
  return graph.node('Slice', [order.read, begin, integers(graph, samples)], attributes);
}

function gatherRows(
  builder: ProgramBuilder,
  column: Variable,
  rows: NodeOutput,
  shape: readonly number[],
  type: DataTypeName,
): NodeOutput {
  const { graph } = builder;
  const gathered = graph.node('ResourceGather', [column.handle, rows], {
    dtype: attribute.type(DATA_TYPE.uint8),
    Tindices: attribute.type(DATA_TYPE.int32),
  });
  const attributes = { ...int32, T: attribute.type(DATA_TYPE[type]) };
  return graph.node('Reshape', [builder.numbers(gathered, type), integers(graph, ...shape)], attributes);
}

function advance(graph: GraphWriter, position: Variable, shape: number[], by: number[]): NodeOutput {
  const amount = graph.constant(DATA_TYPE.int32, shape, Int32Array.from(by));
  const attributes = { dtype: attribute.type(DATA_TYPE.int32) };
  return graph.node('AssignAddVariableOp', [position.handle, amount, `^${position.read}`], attributes);
}

function compareOutputs(
  ours: Readonly<Record<string, number>>,
  theirs: Readonly<Record<string, number>>,
): void {
  for (const [name, value] of Object.entries(theirs))
    checkClose(name, Float32Array.of(ours[name]!), Float32Array.of(value));
}

/** Throws `TraceError` when two results differ by more than rounding; values that are no numbers in both are the same. */
function checkClose(what: string, ours: Float32Array, theirs: Float32Array): void {
  let difference = 0;
  let norm = 0;
  theirs.forEach((value, at) => {
    const own = ours[at]!;
    if (!Number.isFinite(own) && !Number.isFinite(value)) return;
    difference += (own - value) ** 2;
    norm += value ** 2;
  });
  // Turned round, so that a difference that is no number counts as one.
  if (!(Math.sqrt(difference) <= TOLERANCE * Math.max(Math.sqrt(norm), LEAST_NORM)))
    throw new TraceError(`its graph computes another ${what} than its operations do`);
}
