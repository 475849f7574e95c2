import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node/dist/nodejs_kernel_backend.js';
import type { TFEOpAttr, TFJSBinding, TensorMetadata } from '@tensorflow/tfjs-node/dist/tfjs_binding.js';
import { attributeOf, type Attributes, type GraphWriter, type NodeOutput } from './graph-def.ts';
import type { Tensor, TensorFlow } from './load.ts';
import { TraceError } from './trace-error.ts';

/** What tfjs keeps to itself, as far as it is needed here. */
type Backend = Pick<NodeJSKernelBackend, 'binding'> & {
  getInputTensorIds(tensors: readonly TensorInfo[]): number[];
};
interface Engine {
  state: { activeScope: { name: string } | null; scopeStack: { name: string }[] };
  makeTensor(...input: unknown[]): Tensor;
  runKernel(...input: unknown[]): unknown;
}
type Values = Parameters<TFJSBinding['createTensor']>[2];

/** Draw from a generator that a graph would run differently from the eager call. */
const RANDOM_OPERATIONS = /^(Random|Multinomial|TruncatedNormal|ParameterizedTruncatedNormal)/;
const RANDOM_SCOPES =
  /^(rand|randomGamma|randomNormal|randomStandardNormal|randomUniform|randomUniformInt|truncatedNormal)__op$/;

let declared = 0;

/** Inside a traced function: this value does not depend on the inputs and may become part of the graph. */
export function constant<T extends Tensor>(make: () => T): T {
  declared++;
  try {
    return make();
  } finally {
    declared--;
  }
}

const backendOf = (tf: TensorFlow): Backend => tf.backend() as unknown as Backend;
export const tensorId = (tf: TensorFlow, tensor: Tensor): number =>
  backendOf(tf).getInputTensorIds([tensor])[0]!;

/**
 * Runs a function eagerly and writes every operation that it calls into a graph. `known` says which node stands for a tensor that
 * the function uses and did not make. Throws `TraceError` when it reads a value, makes a tensor from values that are not declared
 * `constant`, draws random numbers that are not stateless, or uses a tensor that is not `known`.
 */
export function trace<Result>(
  tf: TensorFlow,
  graph: GraphWriter,
  known: ReadonlyMap<Tensor, NodeOutput>,
  work: () => Result,
): { result: Result; nodeOf: (tensor: Tensor) => NodeOutput } {
  const recorder = new Recorder(tf, graph, known);
  const result = recorder.during(work);
  return { result, nodeOf: (tensor) => recorder.nodeOf(tensorId(tf, tensor)) };
}

class Recorder {
  readonly #tf: TensorFlow;
  readonly #backend: Backend;
  readonly #binding: TFJSBinding;
  readonly #graph: GraphWriter;
  readonly #nodes = new Map<number, NodeOutput>();
  /** Tensors made during the trace that no node stands for yet. */
  readonly #made = new Map<number, { type: number; shape: number[]; values: ArrayBufferView }>();
  #kernels = 0;

  constructor(tf: TensorFlow, graph: GraphWriter, known: ReadonlyMap<Tensor, NodeOutput>) {
    this.#tf = tf;
    this.#backend = backendOf(tf);
    this.#binding = this.#backend.binding;
    this.#graph = graph;
    for (const [tensor, node] of known) this.#nodes.set(tensorId(tf, tensor), node);
  }

  during<Result>(work: () => Result): Result {
    const engine = this.#tf.engine() as unknown as Engine;
    const { makeTensor, runKernel } = engine;
    const binding = this.#binding;
    const recording: Partial<TFJSBinding> = {
      createTensor: (shape, type, values) => this.#create(shape, type, values),
      executeOp: (op, attributes, ids, outputs) => this.#execute(op, attributes, ids, outputs),
      tensorDataSync: () => {
        throw new TraceError('it reads the value of a tensor');
      },
    };
    this.#backend.binding = Object.setPrototypeOf(recording, binding) as TFJSBinding;
    engine.makeTensor = (...input) => {
      if (declared === 0 && this.#kernels === 0 && !isArgument(engine))
        throw new TraceError('it makes a tensor from values; declare it constant if it is');
      return makeTensor.apply(engine, input);
    };
    engine.runKernel = (...input) => {
      this.#kernels++;
      try {
        return runKernel.apply(engine, input);
      } finally {
        this.#kernels--;
      }
    };
    try {
      return work();
    } finally {
      this.#backend.binding = binding;
      // Both are methods of the class; these were the instance's own.
      delete (engine as Partial<Engine>).makeTensor;
      delete (engine as Partial<Engine>).runKernel;
    }
  }

  nodeOf(id: number): NodeOutput {
    const node = this.#nodes.get(id);
    if (node !== undefined) return node;
    const made = this.#made.get(id);
    if (!made) throw new TraceError('it uses a tensor from outside that is no input');
    const name = this.#graph.constant(made.type, made.shape, made.values);
    this.#nodes.set(id, name);
    return name;
  }

  #create(shape: number[], type: number, values: Values): number {
    const id = this.#binding.createTensor(shape, type, values);
    if (ArrayBuffer.isView(values)) this.#made.set(id, { type, shape: [...shape], values: copyOf(values) });
    return id;
  }

  #execute(op: string, attributes: TFEOpAttr[], ids: number[], outputs: number): TensorMetadata[] {
    if (RANDOM_OPERATIONS.test(op))
      throw new TraceError(`${op} draws random numbers that are not keyed by a seed`);
    const written: Attributes = {};
    for (const one of attributes) written[one.name] = attributeOf(this.#binding, one);
    const name = this.#graph.node(
      op,
      ids.map((id) => this.nodeOf(id)),
      written,
    );
    const results = this.#binding.executeOp(op, attributes, ids, outputs);
    results.forEach(({ id }, at) => this.#nodes.set(id, at === 0 ? name : `${name}:${at}`));
    return results;
  }
}

/** Numbers, axes and shapes that an operation is called with, and those that a gradient is made with. */
function isArgument({ state: { activeScope, scopeStack } }: Engine): boolean {
  const scope = activeScope?.name ?? '';
  if (RANDOM_SCOPES.test(scope)) return false;
  return scope.endsWith('__op') || scopeStack.some(({ name }) => name === 'backward');
}

const copyOf = (values: ArrayBufferView): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
