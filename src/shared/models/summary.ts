import { StudioError } from '../errors.ts';
import { CODE_UNITS } from './codes.ts';
import {
  CLASSES,
  DILATION,
  type Activation,
  type Architecture,
  type Connections,
  type Layer,
  type LayerKind,
} from './layers.ts';

/** Height, width, feature maps. */
export type MapShape = readonly [height: number, width: number, channels: number];

/** `statistic`: a running mean or variance, which training follows and does not train. */
export type ParameterRole = 'kernel' | 'bias' | 'factor' | 'centres' | 'sigma' | 'statistic';

export interface ParameterSpec {
  /** `layer/kernel`, `layer/bias`, … */
  name: string;
  /** Kernels are height x width x in x out (dense: in x out), biases out. */
  shape: number[];
  role: ParameterRole;
  /** Of its layer. */
  kind: LayerKind;
  /** Values that a unit adds up, without the bias; for kernels in part connected, of each filter. */
  fanIn: number | number[];
  fanOut: number;
  activation: Activation;
  /** Where filters see only some maps: the maps of each filter. What lies outside of them is 0 and no parameter. */
  connections: Connections | null;
}

export interface LayerSummary {
  layer: Layer;
  input: MapShape;
  output: MapShape;
  parameters: ParameterSpec[];
  /** Trainable numbers. */
  parameterCount: number;
  /** Multiply-adds for one digit; additions of biases and of pooling are not counted. */
  multiplyAdds: number;
  /** As the 1998 paper counts: values that units add up, one more for each bias. */
  connections: number;
  /** Side of the square of input pixels that one unit sees; the whole field where it sees all. */
  receptiveField: number;
}

export interface Costs {
  parameters: number;
  multiplyAdds: number;
  connections: number;
  /** Of the last layer that has maps. */
  receptiveField: number;
}

export const elements = (shape: readonly number[]): number =>
  shape.reduce((product, side) => product * side, 1);

/** Shape of what enters the first layer: the padded tile. */
export function inputShape({ input }: Architecture): MapShape {
  const side = input.side + 2 * input.padding;
  return [side, side, input.channels];
}

/** The field of view on the way through the layers: its side, and the distance between neighbouring units, in pixels. */
interface View {
  side: number;
  jump: number;
}

/**
 * Shapes, parameters and costs of every layer, in order. Throws `model-wrong-shape` when a window does not fit into the map before it, a
 * connection names a map that is not there, or the last layer does not give one value per class.
 */
export const summarise = (model: Architecture): LayerSummary[] => [...readLayers(model)];

/** The same one by one: what lies before a layer that does not fit is given before it throws. */
export function* readLayers(model: Architecture): Generator<LayerSummary, void> {
  let shape = inputShape(model);
  let view: View = { side: 1, jump: 1 };
  const whole = shape[0];
  const names = new Set<string>();
  for (const layer of model.layers) {
    if (names.has(layer.name)) throw wrongShape(model.name, layer.name, 'a name of its own', layer.name);
    names.add(layer.name);
    const part = new LayerReader(model.name, layer, shape).read();
    view = viewThrough(layer, shape, part.output, view);
    shape = part.output;
    const parameterCount = part.parameters
      .filter(isTrainable)
      .reduce((sum, spec) => sum + trainableCount(spec), 0);
    yield { layer, ...part, parameterCount, receptiveField: Math.min(view.side, whole) };
  }
  if (elements(shape) !== CLASSES) {
    throw wrongShape(model.name, model.layers.at(-1)!.name, `1x1x${CLASSES}`, shape.join('x'));
  }
}

/** All kept tensors in the order that weights are kept in; `isTrainable` says which of them training changes. */
export const parameterSpecs = (model: Architecture): ParameterSpec[] =>
  summarise(model).flatMap((summary) => summary.parameters);

export const isTrainable = ({ role }: ParameterSpec): boolean => role !== 'statistic';

/** Numbers of a tensor that are parameters: all, or those of the connections. */
export function trainableCount({ shape, connections }: ParameterSpec): number {
  if (!connections) return elements(shape);
  const window = shape[0]! * shape[1]!;
  return window * connections.reduce((sum, maps) => sum + maps.length, 0);
}

export const costsOf = (model: Architecture): Costs => {
  const layers = summarise(model);
  const sum = (of: (layer: LayerSummary) => number): number =>
    layers.reduce((total, layer) => total + of(layer), 0);
  const spatial = layers.filter(
    ({ layer }) => !['dense', 'rbf', 'dropout', 'global-average'].includes(layer.kind),
  );
  return {
    parameters: sum((layer) => layer.parameterCount),
    multiplyAdds: sum((layer) => layer.multiplyAdds),
    connections: sum((layer) => layer.connections),
    receptiveField: spatial.at(-1)?.receptiveField ?? 1,
  };
};

export const countParameters = (model: Architecture): number => costsOf(model).parameters;

/** Taps of a convolution span so many pixels. */
export const span = ({ kernel, type }: { kernel: number; type: string }): number =>
  type === 'dilated' ? (kernel - 1) * DILATION + 1 : kernel;

/** What follows a layer's sums. */
export const activationOf = (layer: Layer): Activation =>
  'activation' in layer ? layer.activation : 'linear';

type Part = Omit<LayerSummary, 'layer' | 'parameterCount' | 'receptiveField'>;

class LayerReader {
  readonly #model: string;
  readonly #layer: Layer;
  readonly #input: MapShape;

  constructor(model: string, layer: Layer, input: MapShape) {
    this.#model = model;
    this.#layer = layer;
    this.#input = input;
  }

  read(): Part {
    const layer = this.#layer;
    const input = this.#input;
    const [height, width, channels] = input;
    switch (layer.kind) {
      case 'convolution':
        return this.#convolution(layer);
      case 'pooling':
        return { input, output: this.#pooled(layer.window), parameters: [], multiplyAdds: 0, connections: 0 };
      case 'subsampling': {
        const [rows, columns] = this.#pooled(layer.window);
        const maps = channels * layer.copies;
        const output: MapShape = [rows, columns, maps];
        const fan = { fanIn: layer.window ** 2, fanOut: 1 };
        const parameters = [
          this.#spec('coefficient', [maps], 'kernel', fan),
          this.#spec('bias', [maps], 'bias', fan),
        ];
        const units = elements(output);
        return {
          input,
          output,
          parameters,
          multiplyAdds: units,
          connections: units * (layer.window ** 2 + 1),
        };
      }
      case 'global-average':
        return { input, output: [1, 1, channels], parameters: [], multiplyAdds: 0, connections: 0 };
      case 'batch-normalisation': {
        const fan = { fanIn: 1, fanOut: 1 };
        const parameters = [
          this.#spec('scale', [channels], 'factor', fan),
          this.#spec('offset', [channels], 'bias', fan),
          this.#spec('mean', [channels], 'statistic', fan),
          this.#spec('variance', [channels], 'statistic', fan),
        ];
        const units = elements(input);
        return { input, output: input, parameters, multiplyAdds: units, connections: units };
      }
      case 'dropout':
        return { input, output: input, parameters: [], multiplyAdds: 0, connections: 0 };
      case 'dense': {
        const inputs = elements(input);
        const fan = { fanIn: inputs, fanOut: layer.units };
        return {
          input,
          output: [1, 1, layer.units],
          parameters: [
            this.#spec('kernel', [inputs, layer.units], 'kernel', fan),
            this.#spec('bias', [layer.units], 'bias', fan),
          ],
          multiplyAdds: inputs * layer.units,
          connections: (inputs + 1) * layer.units,
        };
      }
      case 'rbf': {
        const inputs = elements(input);
        if (layer.centres === 'codes' && inputs !== CODE_UNITS)
          throw this.#wrong(`${CODE_UNITS} values`, `${height}x${width}x${channels}`);
        const fan = { fanIn: inputs, fanOut: CLASSES };
        const parameters = [
          ...(layer.centres === 'trainable'
            ? [this.#spec('centres', [CLASSES, inputs], 'centres', fan)]
            : []),
          ...(layer.sigma === 'trainable' ? [this.#spec('sigma', [CLASSES], 'sigma', fan)] : []),
        ];
        const count = inputs * CLASSES;
        return { input, output: [1, 1, CLASSES], parameters, multiplyAdds: count, connections: count };
      }
    }
  }

  #convolution(layer: Extract<Layer, { kind: 'convolution' }>): Part {
    const input = this.#input;
    const [height, width, channels] = input;
    const { kernel, filters, type, padding } = layer;
    const reach = span(layer);
    const grown = (side: number): number =>
      type === 'transpose' ? side + kernel - 1 - 2 * padding : side + 2 * padding - reach + 1;
    const [rows, columns] = [grown(height), grown(width)];
    if (rows < 1 || columns < 1)
      throw this.#wrong(`${reach}x${reach}`, `${height + 2 * padding}x${width + 2 * padding}`);
    const output: MapShape = [rows, columns, filters];
    const connections = layer.connections ?? null;
    if (connections) this.#checkConnections(connections, layer);
    const window = kernel ** 2;
    const bias = layer.bias
      ? [this.#spec('bias', [filters], 'bias', { fanIn: window * channels, fanOut: window * filters })]
      : [];
    const biases = layer.bias ? elements(output) : 0;
    if (type === 'separable') {
      const parameters = [
        this.#spec(
          'depthwise',
          [kernel, kernel, channels, 1],
          'kernel',
          { fanIn: window, fanOut: window },
          'linear',
        ),
        this.#spec('pointwise', [1, 1, channels, filters], 'kernel', { fanIn: channels, fanOut: filters }),
        ...bias,
      ];
      const multiplyAdds = rows * columns * channels * (window + filters);
      return { input, output, parameters, multiplyAdds, connections: multiplyAdds + biases };
    }
    const sums = connections?.map((maps) => window * maps.length) ?? window * channels;
    const parameters = [
      {
        ...this.#spec('kernel', [kernel, kernel, channels, filters], 'kernel', {
          fanIn: sums,
          fanOut: window * filters,
        }),
        connections,
      },
      ...bias.map((spec) => ({ ...spec, fanIn: sums })),
    ];
    // A transpose convolution multiplies once for each input value, a convolution for each output value.
    const places = type === 'transpose' ? height * width : rows * columns;
    const pairs = connections?.reduce((sum, maps) => sum + maps.length, 0) ?? channels * filters;
    const multiplyAdds = places * window * pairs;
    return { input, output, parameters, multiplyAdds, connections: multiplyAdds + biases };
  }

  #checkConnections(connections: Connections, { type, filters }: { type: string; filters: number }): void {
    const channels = this.#input[2];
    if (connections.length !== filters)
      throw this.#wrong(`${filters} filters`, `connections of ${connections.length}`);
    const beyond = connections.flat().find((map) => map >= channels);
    if (beyond !== undefined) throw this.#wrong(`${channels} maps`, `map ${beyond}`);
    if (type === 'separable') throw this.#wrong('every map', 'connections');
  }

  #pooled(window: number): [number, number, number] {
    const [height, width, channels] = this.#input;
    if (window > height || window > width) throw this.#wrong(`${window}x${window}`, `${height}x${width}`);
    return [Math.floor(height / window), Math.floor(width / window), channels];
  }

  #spec(
    part: string,
    shape: number[],
    role: ParameterRole,
    fan: { fanIn: number | number[]; fanOut: number },
    activation: Activation = activationOf(this.#layer),
  ): ParameterSpec {
    const { name, kind } = this.#layer;
    return { name: `${name}/${part}`, shape, role, kind, activation, connections: null, ...fan };
  }

  #wrong(expected: string, found: string): StudioError {
    return wrongShape(this.#model, this.#layer.name, expected, found);
  }
}

function viewThrough(layer: Layer, input: MapShape, output: MapShape, { side, jump }: View): View {
  switch (layer.kind) {
    case 'convolution':
      return { side: side + (span(layer) - 1) * jump, jump };
    case 'pooling':
    case 'subsampling':
      return { side: side + (layer.window - 1) * jump, jump: jump * layer.window };
    case 'global-average':
    case 'dense':
      return { side: side + (input[0] - 1) * jump, jump: jump * Math.max(1, input[0] / output[0]) };
    default:
      return { side, jump };
  }
}

const wrongShape = (model: string, tensor: string, expected: string, found: string): StudioError =>
  new StudioError('model-wrong-shape', { model, tensor, expected, found });
