import { z } from 'zod';
import { modelInput } from '../../shared/contract/model-card.ts';
import { activations, CLASSES, poolings } from '../../shared/domain.ts';
import { StudioError } from '../../shared/errors.ts';

const size = z.int().min(1).max(4096);
const activation = z.enum([...activations, 'linear']);
export type Activation = z.infer<typeof activation>;

const layer = z.discriminatedUnion('kind', [
  /** Standard convolution with bias, stride 1, no padding, each filter over all input maps. */
  z.object({ kind: z.literal('convolution'), name: z.string(), filters: size, kernel: size, activation }),
  /** Without parameters; stride equals the window. */
  z.object({ kind: z.literal('pooling'), name: z.string(), pooling: z.enum(poolings), window: size }),
  /** Fully connected to all values of the layer before. */
  z.object({ kind: z.literal('dense'), name: z.string(), units: size, activation }),
]);
export type Layer = z.infer<typeof layer>;

/**
 * What a model is, as data: a value scale and padding for 28 x 28 x 1 tiles, and layers. The last layer gives logits; softmax stays
 * outside.
 */
export const architecture = z.object({
  name: z.string(),
  input: modelInput,
  layers: z.array(layer).min(1).max(256),
});
export type Architecture = z.infer<typeof architecture>;

/** Height, width, feature maps. */
export type MapShape = readonly [height: number, width: number, channels: number];

export interface ParameterSpec {
  /** `layer/kernel` or `layer/bias`. */
  name: string;
  /** Kernels are height x width x in x out (dense: in x out), biases out. */
  shape: number[];
  role: 'kernel' | 'bias';
  fanIn: number;
  fanOut: number;
  activation: Activation;
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
}

export const elements = (shape: readonly number[]): number =>
  shape.reduce((product, side) => product * side, 1);

/** Shape of what enters the first layer: the padded tile. */
export function inputShape({ input }: Architecture): MapShape {
  const side = input.side + 2 * input.padding;
  return [side, side, input.channels];
}

/**
 * Shapes, parameters and multiply-adds of every layer, in order; knows nothing of TensorFlow.
 * Throws `model-wrong-shape` when a window does not fit into the map before it, or the last layer does not give one value per class.
 */
export function summarise(model: Architecture): LayerSummary[] {
  let shape = inputShape(model);
  const layers = model.layers.map((layer) => {
    const summary = summariseLayer(model.name, layer, shape);
    shape = summary.output;
    return summary;
  });
  if (elements(shape) !== CLASSES) {
    throw wrongShape(model.name, model.layers.at(-1)!.name, `1x1x${CLASSES}`, shape.join('x'));
  }
  return layers;
}

/** All trainable tensors in the order that weights are kept in. */
export const parameterSpecs = (model: Architecture): ParameterSpec[] =>
  summarise(model).flatMap((summary) => summary.parameters);

export const countParameters = (model: Architecture): number =>
  summarise(model).reduce((sum, summary) => sum + summary.parameterCount, 0);

function summariseLayer(model: string, layer: Layer, input: MapShape): LayerSummary {
  const [height, width, channels] = input;
  switch (layer.kind) {
    case 'convolution': {
      fitWindow(model, layer.name, layer.kernel, input);
      const output: MapShape = [height - layer.kernel + 1, width - layer.kernel + 1, layer.filters];
      const window = layer.kernel ** 2;
      const parameters = kernelAndBias(layer, [layer.kernel, layer.kernel, channels, layer.filters], {
        fanIn: window * channels,
        fanOut: window * layer.filters,
      });
      return withCounts({ layer, input, output, parameters }, elements(output) * window * channels);
    }
    case 'pooling': {
      fitWindow(model, layer.name, layer.window, input);
      const output: MapShape = [
        Math.floor(height / layer.window),
        Math.floor(width / layer.window),
        channels,
      ];
      return withCounts({ layer, input, output, parameters: [] }, 0);
    }
    case 'dense': {
      const inputs = elements(input);
      const parameters = kernelAndBias(layer, [inputs, layer.units], { fanIn: inputs, fanOut: layer.units });
      return withCounts({ layer, input, output: [1, 1, layer.units], parameters }, inputs * layer.units);
    }
  }
}

function kernelAndBias(
  layer: { name: string; activation: Activation },
  kernel: number[],
  fan: { fanIn: number; fanOut: number },
): ParameterSpec[] {
  const { name, activation } = layer;
  return [
    { name: `${name}/kernel`, shape: kernel, role: 'kernel', activation, ...fan },
    { name: `${name}/bias`, shape: [kernel.at(-1)!], role: 'bias', activation, ...fan },
  ];
}

const withCounts = (
  summary: Omit<LayerSummary, 'parameterCount' | 'multiplyAdds'>,
  multiplyAdds: number,
): LayerSummary => ({
  ...summary,
  parameterCount: summary.parameters.reduce((sum, { shape }) => sum + elements(shape), 0),
  multiplyAdds,
});

function fitWindow(model: string, name: string, window: number, [height, width]: MapShape): void {
  if (window > height || window > width) {
    throw wrongShape(model, name, `${window}x${window}`, `${height}x${width}`);
  }
}

const wrongShape = (model: string, tensor: string, expected: string, found: string): StudioError =>
  new StudioError('model-wrong-shape', { model, tensor, expected, found });
