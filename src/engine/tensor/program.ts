import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node/dist/nodejs_kernel_backend.js';
import type { TFJSBinding } from '@tensorflow/tfjs-node/dist/tfjs_binding.js';
import { attribute, DATA_TYPE, GraphWriter, TAG, type DataTypeName, type NodeOutput } from './graph-def.ts';
import type { TensorFlow } from './load.ts';
import { TraceError } from './trace-error.ts';

export type Values = Float32Array | Int32Array | Uint8Array;

export interface Slot {
  name: string;
  type: DataTypeName;
  shape: readonly number[];
}

/** A tensor that lives in the graph's session from call to call. */
export interface Variable extends Slot {
  handle: NodeOutput;
  /** Its value when a call begins. */
  read: NodeOutput;
}

interface Feed extends Slot {
  node: NodeOutput;
}

/** What one call runs: values that go in, values that come out, and nodes that only have to have run. */
interface Entry {
  feeds: Feed[];
  fetches: { name: string; node: NodeOutput }[];
}

const bindingOf = (tf: TensorFlow): TFJSBinding => (tf.backend() as NodeJSKernelBackend).binding;

/** A graph with variables and the calls that can be made to it, while it is being put together. */
export class ProgramBuilder {
  readonly graph = new GraphWriter();
  readonly #variables: Variable[] = [];
  readonly #entries = new Map<string, Entry>();

  variable(name: string, type: DataTypeName, shape: readonly number[]): Variable {
    const dtype = attribute.type(DATA_TYPE[type]);
    const text = { shared_name: attribute.string(name), container: attribute.string('') };
    const handle = this.graph.node('VarHandleOp', [], { dtype, shape: attribute.shape(shape), ...text });
    const read = this.graph.node('ReadVariableOp', [handle], { dtype });
    const variable = { name, type, shape, handle, read };
    this.#variables.push(variable);
    return variable;
  }

  feed(name: string, type: DataTypeName, shape: readonly number[]): Feed {
    const attributes = { dtype: attribute.type(DATA_TYPE[type]), shape: attribute.shape(shape) };
    return { name, type, shape, node: this.graph.node('Placeholder', [], attributes) };
  }

  /** Sets a variable when the call runs, after it has been read. */
  assign(variable: Variable, value: NodeOutput): NodeOutput {
    const dtype = attribute.type(DATA_TYPE[variable.type]);
    return this.graph.node('AssignVariableOp', [variable.handle, value, orderOnly(variable.read)], { dtype });
  }

  /** Bytes as numbers that tfjs knows. */
  numbers(bytes: NodeOutput, type: DataTypeName): NodeOutput {
    const attributes = { SrcT: attribute.type(DATA_TYPE.uint8), DstT: attribute.type(DATA_TYPE[type]) };
    return this.graph.node('Cast', [bytes], attributes);
  }

  /** Names a call. The fetched values are there when `effects` have run too. */
  entry(
    name: string,
    feeds: readonly Feed[],
    fetches: Readonly<Record<string, { type: DataTypeName; node: NodeOutput }>>,
    effects: readonly NodeOutput[] = [],
  ): void {
    const order = effects.map(orderOnly);
    this.#entries.set(name, {
      feeds: [...feeds],
      fetches: Object.entries(fetches).map(([name, { type, node }]) => ({
        name,
        node: this.graph.node('Identity', [node, ...order], { T: attribute.type(DATA_TYPE[type]) }),
      })),
    });
  }

  /** Loads the graph into a session of its own. Throws what TensorFlow says of a graph that is wrong. */
  build(tf: TensorFlow): Program {
    for (const variable of this.#variables) {
      const fetches = { value: { type: variable.type, node: variable.read } };
      this.entry(readEntry(variable.name), [], fetches);
      const feed = this.feed('value', variable.type, variable.shape);
      const done = {
        done: { type: 'bool', node: this.graph.constant(DATA_TYPE.bool, [], Uint8Array.of(1)) },
      } as const;
      // A fed tensor lies in JavaScript's memory, which only the main thread may give back: the variable gets a copy of its own.
      const dtype = { T: attribute.type(DATA_TYPE[variable.type]) };
      const own = this.graph.node('DeepCopy', [feed.node], dtype);
      this.entry(writeEntry(variable.name), [feed], done, [this.assign(variable, own)]);
    }
    return new Program(tf, this.graph, this.#entries);
  }
}

const orderOnly = (node: NodeOutput): NodeOutput => `^${node.replace(/:\d+$/, '')}`;
const readEntry = (variable: string): string => `read ${variable}`;
const writeEntry = (variable: string): string => `write ${variable}`;

/** A compiled graph. Construction throws `TraceError` for one that TensorFlow does not take. Its calls are synchronous, as all of TensorFlow's here. */
export class Program {
  readonly #binding: TFJSBinding;
  readonly #session: number;
  readonly #entries: ReadonlyMap<string, Entry>;
  /** The texts that the binding wants, once per call name. */
  readonly #texts = new Map<string, { feeds: string; fetches: string }>();
  #disposed = false;

  constructor(tf: TensorFlow, graph: GraphWriter, entries: ReadonlyMap<string, Entry>) {
    this.#binding = bindingOf(tf);
    this.#entries = entries;
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lenet-studio-graph-'));
    try {
      fs.writeFileSync(path.join(folder, 'saved_model.pb'), graph.savedModel());
      this.#session = loaded(this.#binding, folder);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
    for (const [name, { feeds, fetches }] of entries) {
      this.#texts.set(name, { feeds: listed(feeds), fetches: listed(fetches) });
    }
  }

  /** Runs a call; the answer has the fetched values. */
  run(name: string, values: Readonly<Record<string, Values>> = {}): Record<string, Values> {
    const { feeds, fetches } = this.#entries.get(name)!;
    const text = this.#texts.get(name)!;
    const binding = this.#binding;
    const fed = feeds.map(({ name, type, shape }) =>
      binding.createTensor([...shape], DATA_TYPE[type], values[name] as Float32Array),
    );
    try {
      const results = binding.runSavedModel(this.#session, fed, text.feeds, text.fetches);
      const read = results.map(({ id }) => binding.tensorDataSync(id));
      for (const { id } of results) binding.deleteTensor(id);
      return Object.fromEntries(fetches.map(({ name }, at) => [name, read[at]!]));
    } finally {
      for (const id of fed) binding.deleteTensor(id);
    }
  }

  write(variable: string, value: Values): void {
    this.run(writeEntry(variable), { value });
  }

  read(variable: string): Values {
    return this.run(readEntry(variable))['value']!;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#binding.deleteSavedModel(this.#session);
  }
}

/** Throws `TraceError` for a graph that TensorFlow does not take. */
function loaded(binding: TFJSBinding, folder: string): number {
  try {
    return binding.loadSavedModel(folder, TAG);
  } catch (cause) {
    throw new TraceError(`TensorFlow does not take its graph: ${String((cause as Error).message)}`, {
      cause,
    });
  }
}

const listed = (nodes: readonly { node: NodeOutput }[]): string =>
  nodes.map(({ node }) => (node.includes(':') ? node : `${node}:0`)).join(',');
