import { createRequire } from 'node:module';
import type { TFEOpAttr, TFJSBinding } from '@tensorflow/tfjs-node/dist/tfjs_binding.js';
import { TraceError } from './trace-error.ts';

/** TensorFlow's numbers of the types that occur here; the same in its C interface and in its files. */
export const DATA_TYPE = { float32: 1, uint8: 4, int32: 3, bool: 10 } as const;
export type DataTypeName = keyof typeof DATA_TYPE;

/** The setters of tfjs-node's generated protobuf messages that are needed here; it ships them without types. */
interface AttributeMessage {
  setType(type: number): void;
  setShape(shape: ShapeMessage): void;
  setS(bytes: Uint8Array): void;
  setI(number: number): void;
  setF(number: number): void;
  setB(truth: boolean): void;
  setList(list: ListMessage): void;
  setTensor(tensor: TensorMessage): void;
}
interface ListMessage {
  setIList(numbers: readonly number[]): void;
}
interface ShapeMessage {
  addDim(dimension: DimensionMessage): void;
}
interface DimensionMessage {
  setSize(size: number): void;
}
interface TensorMessage {
  setDtype(type: number): void;
  setTensorShape(shape: ShapeMessage): void;
  setTensorContent(bytes: Uint8Array): void;
}
interface NodeMessage {
  setName(name: string): void;
  setOp(op: string): void;
  setInputList(inputs: readonly string[]): void;
  getAttrMap(): { set(name: string, value: AttributeMessage): void };
}
interface GraphMessage {
  setVersions(version: VersionMessage): void;
  addNode(node: NodeMessage): void;
}
interface VersionMessage {
  setProducer(version: number): void;
}
interface MetaGraphMessage {
  setMetaInfoDef(info: MetaInfoMessage): void;
  setGraphDef(graph: GraphMessage): void;
}
interface MetaInfoMessage {
  setTagsList(tags: readonly string[]): void;
}
interface SavedModelMessage {
  setSavedModelSchemaVersion(version: number): void;
  addMetaGraphs(meta: MetaGraphMessage): void;
  serializeBinary(): Uint8Array;
}
interface Messages {
  SavedModel: new () => SavedModelMessage;
  MetaGraphDef: (new () => MetaGraphMessage) & { MetaInfoDef: new () => MetaInfoMessage };
  GraphDef: new () => GraphMessage;
  VersionDef: new () => VersionMessage;
  NodeDef: new () => NodeMessage;
  AttrValue: (new () => AttributeMessage) & { ListValue: new () => ListMessage };
  Tensor: new () => TensorMessage;
  TensorShape: (new () => ShapeMessage) & { Dim: new () => DimensionMessage };
}
const messages = createRequire(import.meta.url)('@tensorflow/tfjs-node/dist/proto/api_pb') as Messages;

/** The version of the graph format that is written: any that TensorFlow 2 reads. */
const PRODUCER = 1087;
export const TAG = 'serve';

/** The output of a node: its name, and `:n` for another output than the first. */
export type NodeOutput = string;
export type Attributes = Record<string, AttributeMessage>;

function written(write: (message: AttributeMessage) => void): AttributeMessage {
  const message = new messages.AttrValue();
  write(message);
  return message;
}

function shapeMessage(shape: readonly number[]): ShapeMessage {
  const message = new messages.TensorShape();
  for (const side of shape) {
    const dimension = new messages.TensorShape.Dim();
    dimension.setSize(side);
    message.addDim(dimension);
  }
  return message;
}

export const attribute = {
  type: (type: number) => written((message) => message.setType(type)),
  shape: (shape: readonly number[]) => written((message) => message.setShape(shapeMessage(shape))),
  string: (text: string) => written((message) => message.setS(Buffer.from(text))),
  int: (number: number) => written((message) => message.setI(number)),
  float: (number: number) => written((message) => message.setF(number)),
  bool: (truth: boolean) => written((message) => message.setB(truth)),
  ints(numbers: readonly number[]) {
    const list = new messages.AttrValue.ListValue();
    list.setIList(numbers);
    return written((message) => message.setList(list));
  },
};

/** An attribute of an eager operation as one of a graph's node. Throws `TraceError` for a kind that no operation here has. */
export function attributeOf(binding: TFJSBinding, { name, type, value }: TFEOpAttr): AttributeMessage {
  switch (type) {
    case binding.TF_ATTR_STRING:
      return attribute.string(String(value));
    case binding.TF_ATTR_INT:
      return Array.isArray(value)
        ? attribute.ints(value as unknown as number[])
        : attribute.int(Number(value));
    case binding.TF_ATTR_FLOAT:
      return attribute.float(Number(value));
    case binding.TF_ATTR_BOOL:
      return attribute.bool(Boolean(value));
    case binding.TF_ATTR_TYPE:
      return attribute.type(Number(value));
    case binding.TF_ATTR_SHAPE:
      return attribute.shape(value as unknown as number[]);
    default:
      throw new TraceError(`attribute ${name} of type ${type} cannot be written to a graph`);
  }
}

/** A TensorFlow graph while it is being written. */
export class GraphWriter {
  readonly #graph = new messages.GraphDef();
  readonly #names = new Set<string>();

  constructor() {
    const version = new messages.VersionDef();
    version.setProducer(PRODUCER);
    this.#graph.setVersions(version);
  }

  /** Adds a node; inputs that begin with `^` only have to have run before. A taken name gets a number. */
  node(op: string, inputs: readonly NodeOutput[], attributes: Attributes = {}, wanted = op): string {
    const name = this.#names.has(wanted) ? `${wanted}_${this.#names.size}` : wanted;
    this.#names.add(name);
    const node = new messages.NodeDef();
    node.setName(name);
    node.setOp(op);
    // Data first, then order: TensorFlow wants it so.
    const isOrder = (input: string): boolean => input.startsWith('^');
    node.setInputList([...inputs.filter((input) => !isOrder(input)), ...new Set(inputs.filter(isOrder))]);
    for (const [key, message] of Object.entries(attributes)) node.getAttrMap().set(key, message);
    this.#graph.addNode(node);
    return name;
  }

  constant(type: number, shape: readonly number[], values: ArrayBufferView): string {
    const tensor = new messages.Tensor();
    tensor.setDtype(type);
    tensor.setTensorShape(shapeMessage(shape));
    tensor.setTensorContent(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return this.node('Const', [], {
      dtype: attribute.type(type),
      value: written((message) => message.setTensor(tensor)),
    });
  }

  /** The graph as the one file of a SavedModel. */
  savedModel(): Uint8Array {
    const info = new messages.MetaGraphDef.MetaInfoDef();
    info.setTagsList([TAG]);
    const meta = new messages.MetaGraphDef();
    meta.setMetaInfoDef(info);
    meta.setGraphDef(this.#graph);
    const model = new messages.SavedModel();
    model.setSavedModelSchemaVersion(1);
    model.addMetaGraphs(meta);
    return model.serializeBinary();
  }
}
