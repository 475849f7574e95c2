import { ProtobufWriter } from './protobuf.ts';

/*
 * The messages of an ONNX file with the field numbers of onnx.proto3 (IR version 7): https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3
 */

const IR_VERSION = 7;
/** Operator set 13 (2021): what every runtime of today reads; all operators here have had their meaning since then. */
const OPERATORS = 13;

export const ELEMENT = { float: 1, uint8: 2, int64: 7 } as const;
export type Element = keyof typeof ELEMENT;
/** Attribute types of AttributeProto. */
const FLOAT = 1;
const INT = 2;
const INTS = 7;

type Attribute = number | { float: number } | readonly number[];
/** A name stands for a side that is open, such as the batch. */
type Side = number | string;

export interface OnnxValue {
  name: string;
  element: Element;
  shape: readonly Side[];
}

/** An ONNX graph while it is being written. */
export class OnnxGraph {
  readonly #nodes = new ProtobufWriter();
  readonly #initialisers: ProtobufWriter[] = [];
  #count = 0;

  /** Adds an operation; answers the name of its output. */
  node(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    output = `${operator}_${this.#count}`,
  ): string {
    this.#count++;
    const node = new ProtobufWriter();
    for (const input of inputs) node.string(1, input);
    node.string(2, output).string(3, output).string(4, operator);
    for (const [name, value] of Object.entries(attributes)) node.message(5, attribute(name, value));
    this.#nodes.message(1, node);
    return output;
  }

  /** A tensor of the file, float32; answers its name. */
  floats(name: string, shape: readonly number[], values: Float32Array): string {
    return this.#tensor(
      name,
      'float',
      shape,
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    );
  }

  number(name: string, value: number): string {
    return this.floats(name, [], Float32Array.of(value));
  }

  integers(name: string, values: readonly number[]): string {
    return this.#tensor(
      name,
      'int64',
      [values.length],
      new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
    );
  }

  #tensor(name: string, element: Element, shape: readonly number[], bytes: Uint8Array): string {
    const tensor = new ProtobufWriter().integers(1, shape).integer(2, ELEMENT[element]).string(8, name);
    this.#initialisers.push(tensor.bytes(9, bytes));
    return name;
  }

  /** The whole file. `facts` are kept as the file's metadata. */
  model(
    about: { name: string; producer: string; version: string; text: string },
    inputs: readonly OnnxValue[],
    outputs: readonly OnnxValue[],
    facts: Readonly<Record<string, string>>,
  ): Uint8Array<ArrayBuffer> {
    const graph = this.#nodes.string(2, about.name);
    for (const tensor of this.#initialisers) graph.message(5, tensor);
    for (const value of inputs) graph.message(11, valueInfo(value));
    for (const value of outputs) graph.message(12, valueInfo(value));
    const model = new ProtobufWriter()
      .integer(1, IR_VERSION)
      .string(2, about.producer)
      .string(3, about.version)
      .string(6, about.text)
      .message(7, graph)
      .message(8, new ProtobufWriter().string(1, '').integer(2, OPERATORS));
    for (const [key, value] of Object.entries(facts))
      model.message(14, new ProtobufWriter().string(1, key).string(2, value));
    return model.finish();
  }
}

function attribute(name: string, value: Attribute): ProtobufWriter {
  const message = new ProtobufWriter().string(1, name);
  if (typeof value === 'number') return message.integer(3, value).integer(20, INT);
  if ('float' in value) return message.float(2, value.float).integer(20, FLOAT);
  return message.integers(8, value).integer(20, INTS);
}

function valueInfo({ name, element, shape }: OnnxValue): ProtobufWriter {
  const sides = new ProtobufWriter();
  for (const side of shape) {
    const dimension = new ProtobufWriter();
    sides.message(1, typeof side === 'number' ? dimension.integer(1, side) : dimension.string(2, side));
  }
  const tensor = new ProtobufWriter().integer(1, ELEMENT[element]).message(2, sides);
  return new ProtobufWriter().string(1, name).message(2, new ProtobufWriter().message(1, tensor));
}
