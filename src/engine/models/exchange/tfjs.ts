import type { ModelCard } from '../../../shared/contract/model-card.ts';
import { rbfCodes } from '../../../shared/models/codes.ts';
import {
  CLASSES,
  DILATION,
  TILE_SIDE,
  type Architecture,
  type Layer,
} from '../../../shared/models/layers.ts';
import { activationOf, elements, summarise, type MapShape } from '../../../shared/models/summary.ts';
import type { NamedTensor } from '../../compute/types.ts';
import { EPSILON } from '../kernels.ts';
import { temperatureOf } from '../confidence.ts';
import type { StoredModel } from '../store.ts';
import { activate } from './activation.ts';
import { masked } from './tensors.ts';
import { attribute, TfjsGraph, type GraphValue } from './tfjs-graph.ts';

/** The key of what the studio adds to a model of TensorFlow.js, from which it reads the model back as it was. */
export const METADATA = 'lenetStudio';

const inputs: GraphValue[] = [{ name: 'tiles', type: 'int32', shape: [-1, TILE_SIDE, TILE_SIDE, 1] }];
const outputs: GraphValue[] = [
  { name: 'scores', type: 'float32', shape: [-1, CLASSES] },
  { name: 'probabilities', type: 'float32', shape: [-1, CLASSES] },
];

const program = (studioVersion: string): string => `LeNet Studio ${studioVersion}`;

/**
 * A model in TensorFlow.js's graph-model format, file by file: `model.json` and its weights, for `tf.loadGraphModel`. In go normalised
 * digits as bytes, `tiles`: int32, N x 28 x 28 x 1, ink 255 on 0; value scale and padding are part of the graph. Out come `scores` and
 * `probabilities` (their softmax, calibrated): float32, N x 10. The constants are the model's tensors under their own names. Throws
 * `model-wrong-shape`.
 */
export function tfjsOf(model: StoredModel, studioVersion: string): Record<string, Uint8Array> {
  const writer = new NetworkWriter(model.weights);
  writer.network(model.architecture, model.card);
  const metadata = { [METADATA]: { version: 1, architecture: model.architecture, card: model.card } };
  return writer.graph.files({ program: program(studioVersion), metadata }, inputs, outputs);
}

/** Writes layers as operations that the executor of TensorFlow.js knows, on N x H x W x C. */
class NetworkWriter {
  readonly graph = new TfjsGraph();
  readonly #tensors: Iterator<NamedTensor>;

  constructor(weights: readonly NamedTensor[]) {
    this.#tensors = weights.values();
  }

  network(model: Architecture, card: ModelCard): void {
    const { graph } = this;
    let x = this.#scaledAndPadded(model);
    for (const { layer, input } of summarise(model)) x = this.#layer(layer, x, input);
    graph.node('Reshape', [x, graph.integers('output/shape', -1, CLASSES)], {}, 'scores');
    const calibrated = graph.node('RealDiv', [
      'scores',
      graph.number('output/temperature', temperatureOf(card)),
    ]);
    if (!card.rejectClass) {
      graph.node('Softmax', [calibrated], {}, 'probabilities');
      return;
    }
    // The softmax over eleven classes, of which the last, with the score 0, is left out.
    const sides = graph.integers('output/sides', 0, 0, 0, 1);
    const all = graph.node('PadV2', [
      calibrated,
      graph.node('Reshape', [sides, graph.integers('output/pairs', 2, 2)]),
      graph.number('output/other', 0),
    ]);
    const shares = graph.node('Softmax', [all]);
    const [from, size] = [graph.integers('output/from', 0, 0), graph.integers('output/size', -1, CLASSES)];
    graph.node('Slice', [shares, from, size], {}, 'probabilities');
  }

  #scaledAndPadded({ input }: Architecture): string {
    const { graph } = this;
    const { mean, standardDeviation, padding } = input;
    const types = { SrcT: attribute.type('int32'), DstT: attribute.type('float32') };
    const tiles = graph.node(
      'Cast',
      inputs.map((value) => graph.input(value)),
      types,
    );
    const shares = graph.node('RealDiv', [tiles, graph.number('input/bytes', 255)]);
    const centred = graph.node('Sub', [shares, graph.number('input/mean', mean)]);
    const scaled = graph.node('RealDiv', [centred, graph.number('input/deviation', standardDeviation)]);
    return this.#padded(scaled, padding, 'input', (0 - mean) / standardDeviation);
  }

  #layer(layer: Layer, x: string, input: MapShape): string {
    const { graph } = this;
    const { name } = layer;
    switch (layer.kind) {
      case 'convolution':
        return this.#activated(layer, this.#convolution(layer, x, input));
      case 'pooling': {
        const window = attribute.integers([1, layer.window, layer.window, 1]);
        const operation = layer.pooling === 'max' ? 'MaxPool' : 'AvgPool';
        return graph.node(operation, [x], { ...valid(), ksize: window, strides: window });
      }
      case 'subsampling': {
        // Each map by itself: a convolution whose taps are all the coefficient.
        const [coefficient, bias] = [this.#take(), this.#take()];
        const taps = graph.integers(`${name}/taps`, 1, 1, input[2], layer.copies);
        const one = graph.node('Reshape', [this.#own(coefficient), taps]);
        const { window } = layer;
        const kernel = graph.node('Tile', [one, graph.integers(`${name}/window`, window, window, 1, 1)]);
        const sums = graph.node('DepthwiseConv2dNative', [x, kernel], valid(window));
        return this.#activated(layer, graph.node('AddV2', [sums, this.#own(bias)]));
      }
      case 'global-average': {
        const axes = graph.integers(`${name}/axes`, 1, 2);
        return graph.node('Mean', [x, axes], { keep_dims: attribute.flag(true) });
      }
      case 'batch-normalisation': {
        const [scale, offset, mean, variance] = [this.#take(), this.#take(), this.#take(), this.#take()];
        const spread = graph.node('AddV2', [this.#own(variance), graph.number(`${name}/epsilon`, EPSILON)]);
        const factor = graph.node('Mul', [this.#own(scale), graph.node('Rsqrt', [spread])]);
        const shift = graph.node('Sub', [this.#own(offset), graph.node('Mul', [this.#own(mean), factor])]);
        return this.#activated(layer, graph.node('AddV2', [graph.node('Mul', [x, factor]), shift]));
      }
      case 'dropout':
        return x;
      case 'dense': {
        const [kernel, bias] = [this.#take(), this.#take()];
        const products = this.#product(this.#flat(x, input, name), this.#own(kernel), false);
        return this.#activated(layer, graph.node('AddV2', [products, this.#own(bias)]));
      }
      case 'rbf':
        return this.#rbf(layer, this.#flat(x, input, name));
    }
  }

  #convolution(layer: Extract<Layer, { kind: 'convolution' }>, x: string, input: MapShape): string {
    const { graph } = this;
    const { name, kernel: side, padding, type, bias } = layer;
    const sums = (): string => {
      if (type === 'separable') {
        const [depthwise, pointwise] = [this.#take(), this.#take()];
        const from = [this.#padded(x, padding, name), this.#own(depthwise)];
        const maps = graph.node('DepthwiseConv2dNative', from, valid(1));
        return graph.node('Conv2D', [maps, this.#own(pointwise)], valid(1));
      }
      const kernel = this.#own(masked(this.#take(), layer.connections));
      // The gradient of a convolution with stride 1 is one with the kernel turned by half a turn, over maps with a wide margin.
      if (type === 'transpose') {
        const margin = side - 1 - padding;
        const wide = margin < 0 ? this.#cropped(x, -margin, input, name) : this.#padded(x, margin, name);
        const turned = graph.node('ReverseV2', [kernel, graph.integers(`${name}/axes`, 0, 1)]);
        return graph.node('Conv2D', [wide, turned], valid(1));
      }
      const dilation = type === 'dilated' ? DILATION : 1;
      const dilations = attribute.integers([1, dilation, dilation, 1]);
      return graph.node('Conv2D', [this.#padded(x, padding, name), kernel], { ...valid(1), dilations });
    };
    const maps = sums();
    return bias ? graph.node('AddV2', [maps, this.#own(this.#take())]) : maps;
  }

  /** Scores by the squared distances |x|^2 + |c|^2 - 2 x c to the centres. */
  #rbf(layer: Extract<Layer, { kind: 'rbf' }>, x: string): string {
    const { graph } = this;
    const { name, response } = layer;
    const centres =
      layer.centres === 'trainable'
        ? this.#own(this.#take())
        : graph.constant(`${name}/codes`, [CLASSES, rbfCodes[0]!.length], Float32Array.from(rbfCodes.flat()));
    const axis = graph.integers(`${name}/axis`, 1);
    const lengths = (of: string, keep: boolean): string =>
      graph.node('Sum', [graph.node('Mul', [of, of]), axis], { keep_dims: attribute.flag(keep) });
    const both = graph.node('AddV2', [lengths(x, true), lengths(centres, false)]);
    const two = graph.number(`${name}/two`, 2);
    const products = graph.node('Mul', [this.#product(x, centres, true), two]);
    const penalty = graph.node('Sub', [products, both]);
    if (response === 'penalty') return penalty;
    const width = (): string => {
      if (layer.sigma !== 'trainable') return two;
      const sigma = this.#own(this.#take());
      return graph.node('Mul', [graph.node('Mul', [sigma, sigma]), two]);
    };
    const logarithm = graph.node('RealDiv', [penalty, width()]);
    return response === 'logarithm' ? logarithm : graph.node('Exp', [logarithm]);
  }

  #activated(layer: Layer, x: string): string {
    return activate(this.graph, activationOf(layer), x, layer.name);
  }

  /** A margin around the maps, of zeros unless it is said otherwise. */
  #padded(x: string, width: number, layer: string, value = 0): string {
    if (width === 0) return x;
    const { graph } = this;
    const sides = graph.constant(
      `${layer}/padding`,
      [4, 2],
      Int32Array.of(0, 0, width, width, width, width, 0, 0),
    );
    return graph.node('PadV2', [x, sides, graph.number(`${layer}/background`, value)]);
  }

  #cropped(x: string, width: number, [height, columns]: MapShape, layer: string): string {
    const { graph } = this;
    const begin = graph.integers(`${layer}/begin`, 0, width, width, 0);
    const size = graph.integers(`${layer}/size`, -1, height - 2 * width, columns - 2 * width, -1);
    return graph.node('Slice', [x, begin, size]);
  }

  #flat(x: string, input: MapShape, layer: string): string {
    const { graph } = this;
    return graph.node('Reshape', [x, graph.integers(`${layer}/features`, -1, elements(input))]);
  }

  #product(a: string, b: string, transposed: boolean): string {
    const turns = { transpose_a: attribute.flag(false), transpose_b: attribute.flag(transposed) };
    return this.graph.node('MatMul', [a, b], turns);
  }

  #take(): NamedTensor {
    return this.#tensors.next().value as NamedTensor;
  }

  #own({ name, shape, values }: NamedTensor): string {
    return this.graph.constant(name, shape, values);
  }
}

/** Attributes of what moves over maps without a margin. */
const valid = (stride = 1): Record<string, ReturnType<typeof attribute.text>> => ({
  strides: attribute.integers([1, stride, stride, 1]),
  padding: attribute.text('VALID'),
  data_format: attribute.text('NHWC'),
  dilations: attribute.integers([1, 1, 1, 1]),
});
