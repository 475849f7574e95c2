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
import { cardFacts } from './facts.ts';
import { OnnxGraph, type OnnxValue } from './onnx-graph.ts';
import { masked, transposed } from './tensors.ts';

type Kernel = Extract<Layer, { kind: 'convolution' }>;

const inputs: OnnxValue[] = [{ name: 'tiles', element: 'uint8', shape: ['N', TILE_SIDE, TILE_SIDE, 1] }];
const outputs: OnnxValue[] = [
  { name: 'scores', element: 'float', shape: ['N', CLASSES] },
  { name: 'probabilities', element: 'float', shape: ['N', CLASSES] },
];

/**
 * A model as an ONNX file. In go normalised digits as bytes, `tiles`: uint8, N x 28 x 28 x 1, ink 255 on 0; value scale and padding are part
 * of the graph. Out come `scores` and `probabilities` (their softmax, calibrated): float32, N x 10. Throws `model-wrong-shape`.
 */
export function onnxOf(model: StoredModel, studioVersion: string): Uint8Array<ArrayBuffer> {
  const writer = new NetworkWriter(model.weights);
  writer.network(model.architecture, model.card);
  return writer.graph.model(
    {
      name: model.architecture.name,
      producer: 'LeNet Studio',
      version: studioVersion,
      text: `${model.card.name}: reads handwritten digits. tiles: N x 28 x 28 x 1 bytes, ink 255 on 0.`,
    },
    inputs,
    outputs,
    cardFacts(model),
  );
}

/** Writes layers in ONNX's order of axes, N x C x H x W. */
class NetworkWriter {
  readonly graph = new OnnxGraph();
  readonly #tensors: Iterator<NamedTensor>;

  constructor(weights: readonly NamedTensor[]) {
    this.#tensors = weights.values();
  }

  network(model: Architecture, card: ModelCard): void {
    let x = this.#scaledAndPadded(model);
    for (const { layer, input, output } of summarise(model)) x = this.#layer(layer, x, input, output);
    const scores = this.#flat(x, [1, 1, CLASSES]);
    this.graph.node('Identity', [scores], {}, 'scores');
    const calibrated = this.graph.node('Div', [
      'scores',
      this.graph.number('output/temperature', temperatureOf(card)),
    ]);
    if (!card.rejectClass) this.graph.node('Softmax', [calibrated], { axis: 1 }, 'probabilities');
    else this.#besideOther(calibrated);
  }

  /** The softmax over eleven classes, of which the last, with the score 0, is left out. */
  #besideOther(calibrated: string): void {
    const { graph } = this;
    const sides = graph.integers('output/sides', [0, 0, 0, 1]);
    const all = graph.node('Pad', [calibrated, sides, graph.number('output/other', 0)]);
    const shares = graph.node('Softmax', [all], { axis: 1 });
    const [from, to, axes] = [[0], [CLASSES], [1]].map((values, at) =>
      graph.integers(`output/slice-${at}`, values),
    );
    graph.node('Slice', [shares, from!, to!, axes!], {}, 'probabilities');
  }

  #scaledAndPadded({ input }: Architecture): string {
    const { graph } = this;
    const { mean, standardDeviation, padding } = input;
    const numbers = graph.node('Cast', ['tiles'], { to: 1 });
    // One channel: the axes can be named anew without moving a value.
    const tiles = graph.node('Reshape', [
      numbers,
      graph.integers('input/shape', [-1, 1, TILE_SIDE, TILE_SIDE]),
    ]);
    const shares = graph.node('Div', [tiles, graph.number('input/bytes', 255)]);
    const centred = graph.node('Sub', [shares, graph.number('input/mean', mean)]);
    const scaled = graph.node('Div', [centred, graph.number('input/deviation', standardDeviation)]);
    if (padding === 0) return scaled;
    const sides = [0, 0, padding, padding];
    const background = graph.number('input/background', (0 - mean) / standardDeviation);
    return graph.node('Pad', [scaled, graph.integers('input/padding', [...sides, ...sides]), background]);
  }

  #layer(layer: Layer, x: string, input: MapShape, output: MapShape): string {
    const { graph } = this;
    switch (layer.kind) {
      case 'convolution':
        return this.#activated(layer, this.#convolution(layer, x, input));
      case 'pooling': {
        const window = [layer.window, layer.window];
        const operator = layer.pooling === 'max' ? 'MaxPool' : 'AveragePool';
        return graph.node(operator, [x], { kernel_shape: window, strides: window });
      }
      case 'subsampling': {
        // Each map by itself: a convolution whose taps are all the coefficient.
        const [coefficient, bias] = [this.#take(), this.#take()];
        const window = [layer.window, layer.window];
        const taps = elements(window);
        const values = new Float32Array(output[2] * taps).map(
          (_, at) => coefficient.values[Math.floor(at / taps)]!,
        );
        const kernel = graph.floats(coefficient.name, [output[2], 1, ...window], values);
        const attributes = { kernel_shape: window, strides: window, group: input[2] };
        return this.#activated(layer, graph.node('Conv', [x, kernel, this.#own(bias)], attributes));
      }
      case 'global-average':
        return graph.node('GlobalAveragePool', [x]);
      case 'batch-normalisation':
        return this.#activated(layer, this.#normalised(x, input));
      case 'dropout':
        return x;
      case 'dense': {
        const [kernel, bias] = [this.#take(), this.#take()];
        const sums = graph.node('Gemm', [this.#flat(x, input), this.#own(kernel), this.#own(bias)]);
        return this.#activated(layer, this.#flattened(sums));
      }
      case 'rbf':
        return this.#rbf(layer, this.#flat(x, input));
    }
  }

  /** Taps and bias of a convolution, connections as zeros in its kernel. */
  #convolution(layer: Kernel, x: string, input: MapShape): string {
    const { graph } = this;
    const { kernel: side, padding, type, bias } = layer;
    const window = { kernel_shape: [side, side], pads: [padding, padding, padding, padding] };
    const withBias = (...operands: string[]): string[] => [
      ...operands,
      ...(bias ? [this.#own(this.#take())] : []),
    ];
    if (type === 'separable') {
      const [depthwise, pointwise] = [this.#take(), this.#take()];
      const each = this.#own(transposed(depthwise, [2, 3, 0, 1]));
      const maps = graph.node('Conv', [x, each], { ...window, group: input[2] });
      const across = this.#own(transposed(pointwise, [3, 2, 0, 1]));
      return graph.node('Conv', withBias(maps, across), { kernel_shape: [1, 1] });
    }
    const kernel = masked(this.#take(), layer.connections);
    // H x W x in x out here; out x in x H x W there, and in x out for what goes the other way.
    if (type === 'transpose')
      return graph.node('ConvTranspose', withBias(x, this.#own(transposed(kernel, [2, 3, 0, 1]))), window);
    const dilation = type === 'dilated' ? DILATION : 1;
    const taps = this.#own(transposed(kernel, [3, 2, 0, 1]));
    return graph.node('Conv', withBias(x, taps), { ...window, dilations: [dilation, dilation] });
  }

  /** Batch normalisation as one factor and one offset per map. */
  #normalised(x: string, input: MapShape): string {
    const { graph } = this;
    const [scale, offset, mean, variance] = [this.#take(), this.#take(), this.#take(), this.#take()];
    const factors = scale.values.map((value, at) => value / Math.sqrt(variance.values[at]! + EPSILON));
    const offsets = offset.values.map((value, at) => value - mean.values[at]! * factors[at]!);
    const shape = this.#isFlat.has(x) ? [input[2]] : [input[2], 1, 1];
    const product = graph.node('Mul', [x, graph.floats(scale.name, shape, factors)]);
    return this.#like(x, graph.node('Add', [product, graph.floats(offset.name, shape, offsets)]));
  }

  /** Scores by the squared distances |x|^2 + |c|^2 - 2 x c to the centres. */
  #rbf(layer: Extract<Layer, { kind: 'rbf' }>, x: string): string {
    const { graph } = this;
    const centres: NamedTensor =
      layer.centres === 'trainable'
        ? this.#take()
        : {
            name: `${layer.name}/codes`,
            shape: [CLASSES, rbfCodes[0]!.length],
            values: Float32Array.from(rbfCodes.flat()),
          };
    const [classes, units] = centres.shape as [number, number];
    const lengths = new Float32Array(classes);
    centres.values.forEach((value, at) => (lengths[Math.floor(at / units)]! += value ** 2));
    const squares = graph.node('Mul', [x, x]);
    const axes = graph.integers(`${layer.name}/axes`, [1]);
    const own = graph.node('ReduceSum', [squares, axes], { keepdims: 1 });
    const both = graph.node('Add', [own, graph.floats(`${layer.name}/lengths`, [classes], lengths)]);
    const products = graph.node('Gemm', [x, this.#own(centres)], { transB: 1, alpha: { float: 2 } });
    const penalty = graph.node('Sub', [products, both]);
    if (layer.response === 'penalty') return this.#flattened(penalty);
    const widths =
      layer.sigma === 'trainable'
        ? this.#take().values.map((sigma) => 2 * sigma ** 2)
        : new Float32Array(classes).fill(2);
    const logarithm = graph.node('Div', [penalty, graph.floats(`${layer.name}/widths`, [classes], widths)]);
    return this.#flattened(layer.response === 'logarithm' ? logarithm : graph.node('Exp', [logarithm]));
  }

  #activated(layer: Layer, x: string): string {
    return this.#like(x, activate(this.graph, activationOf(layer), x, layer.name));
  }

  /** Outputs of the shape N x features; all others are N x C x H x W. */
  readonly #isFlat = new Set<string>();

  #flattened(x: string): string {
    this.#isFlat.add(x);
    return x;
  }

  #like(source: string, x: string): string {
    return this.#isFlat.has(source) ? this.#flattened(x) : x;
  }

  /** N x features in the studio's order, H x W x C. */
  #flat(x: string, [height, width, maps]: MapShape): string {
    const { graph } = this;
    if (this.#isFlat.has(x)) return x;
    const moved = height * width === 1 ? x : graph.node('Transpose', [x], { perm: [0, 2, 3, 1] });
    const shape = graph.integers(`${moved}/features`, [-1, height * width * maps]);
    return this.#flattened(graph.node('Reshape', [moved, shape]));
  }

  #take(): NamedTensor {
    return this.#tensors.next().value as NamedTensor;
  }

  #own({ name, shape, values }: NamedTensor): string {
    return this.graph.floats(name, shape, values);
  }
}
