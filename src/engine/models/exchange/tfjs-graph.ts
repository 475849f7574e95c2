import { elements } from '../../../shared/models/summary.ts';
import { packTensors } from '../tensor-pack.ts';

/*
 * The graph-model format of TensorFlow.js: a GraphDef as JSON and its constants as one binary file.
 * https://github.com/tensorflow/tfjs/blob/master/tfjs-core/src/io/types.ts
 */

export const TFJS_FILE = 'model.json';
const SHARD = 'group1-shard1of1.bin';
/** The version of the graph format that is written: any that TensorFlow 2 reads. */
const PRODUCER = 1087;

type DataType = 'float32' | 'int32';
const GRAPH_TYPE = { float32: 'DT_FLOAT', int32: 'DT_INT32' } as const;

type Attribute =
  | { type: string }
  | { s: string }
  | { b: boolean }
  | { shape: Shape }
  | { list: { i: string[] } }
  | { tensor: { dtype: string; tensorShape: Shape } };
interface Shape {
  dim: { size: string }[];
}
interface Node {
  name: string;
  op: string;
  input?: string[];
  attr?: Record<string, Attribute>;
}

export interface GraphValue {
  name: string;
  type: DataType;
  /** -1: open, as the batch. */
  shape: readonly number[];
}

const text = (value: string): Attribute => ({ s: Buffer.from(value).toString('base64') });
const shapeOf = (shape: readonly number[]): Shape => ({ dim: shape.map((size) => ({ size: String(size) })) });
export const attribute = {
  type: (type: DataType): Attribute => ({ type: GRAPH_TYPE[type] }),
  text,
  flag: (value: boolean): Attribute => ({ b: value }),
  integers: (values: readonly number[]): Attribute => ({ list: { i: values.map(String) } }),
};

/** A graph of TensorFlow.js while it is being written. */
export class TfjsGraph {
  readonly #nodes: Node[] = [];
  readonly #weights: {
    name: string;
    type: DataType;
    shape: readonly number[];
    values: Float32Array | Int32Array;
  }[] = [];
  readonly #names = new Set<string>();

  /** Adds an operation on float32; answers its name. */
  node(
    op: string,
    input: readonly string[],
    attr: Readonly<Record<string, Attribute>> = {},
    wanted = op,
  ): string {
    const name = this.#names.has(wanted) ? `${wanted}_${this.#names.size}` : wanted;
    this.#names.add(name);
    this.#nodes.push({ name, op, input: [...input], attr: { T: attribute.type('float32'), ...attr } });
    return name;
  }

  input({ name, type, shape }: GraphValue): string {
    const attr = { dtype: attribute.type(type), shape: { shape: shapeOf(shape) } };
    this.#nodes.push({ name, op: 'Placeholder', attr });
    return name;
  }

  constant(name: string, shape: readonly number[], values: Float32Array | Int32Array): string {
    const type = values instanceof Int32Array ? 'int32' : 'float32';
    this.#names.add(name);
    this.#weights.push({ name, type, shape, values });
    const dtype = GRAPH_TYPE[type];
    const tensor = { dtype, tensorShape: shapeOf(shape) };
    this.#nodes.push({ name, op: 'Const', attr: { dtype: { type: dtype }, value: { tensor } } });
    return name;
  }

  number(name: string, value: number): string {
    return this.constant(name, [], Float32Array.of(value));
  }

  integers(name: string, ...values: number[]): string {
    return this.constant(name, [values.length], Int32Array.from(values));
  }

  /** The files of the folder. `metadata` is kept as what the writer of a model may add. */
  files(
    about: { program: string; metadata: object },
    inputs: readonly GraphValue[],
    outputs: readonly GraphValue[],
  ): Record<string, Uint8Array> {
    // In rows of four bytes each, whatever the type: the order of the manifest.
    const { bytes } = packTensors(
      this.#weights.map(({ name, shape, values }) => ({
        name,
        shape: [...shape],
        values: new Float32Array(values.buffer, values.byteOffset, elements(shape)),
      })),
    );
    const signature = (values: readonly GraphValue[]): object =>
      Object.fromEntries(
        values.map(({ name, type, shape }) => [
          name,
          { name: `${name}:0`, dtype: GRAPH_TYPE[type], tensorShape: shapeOf(shape) },
        ]),
      );
    const model = {
      format: 'graph-model',
      generatedBy: about.program,
      convertedBy: null,
      signature: { inputs: signature(inputs), outputs: signature(outputs) },
      userDefinedMetadata: about.metadata,
      modelTopology: { node: this.#nodes, library: {}, versions: { producer: PRODUCER } },
      weightsManifest: [
        {
          paths: [SHARD],
          weights: this.#weights.map(({ name, type, shape }) => ({ name, shape, dtype: type })),
        },
      ],
    };
    return {
      [TFJS_FILE]: new TextEncoder().encode(`${JSON.stringify(model)}\n`),
      [SHARD]: bytes,
    };
  }
}
