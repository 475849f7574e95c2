import { rbfCodes } from '../../shared/models/codes.ts';
import { DILATION, type Activation, type Architecture, type Layer } from '../../shared/models/layers.ts';
import type { NamedTensor } from '../compute/types.ts';

/** Row, column, map. */
type Maps = number[][][];

/** The forward pass for one tile, loop by loop and in double precision, as the definitions say: a measure for the one that trains. */
export function plainForward(
  model: Architecture,
  weights: readonly NamedTensor[],
  tile: Uint8Array,
): number[] {
  const { side, padding, mean, standardDeviation } = model.input;
  let maps: Maps = build(side + 2 * padding, side + 2 * padding, 1, (row, column) => {
    const [down, right] = [row - padding, column - padding];
    const inside = down >= 0 && down < side && right >= 0 && right < side;
    return ((inside ? tile[down * side + right]! / 255 : 0) - mean) / standardDeviation;
  });
  for (const layer of model.layers) maps = apply(layer, maps, weights);
  return maps[0]![0]!;
}

const squash: Record<Activation, (x: number) => number> = {
  tanh: Math.tanh,
  'scaled-tanh': (x) => 1.7159 * Math.tanh((2 / 3) * x),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  relu: (x) => Math.max(0, x),
  linear: (x) => x,
};

const range = (count: number): number[] => Array.from({ length: count }, (_, at) => at);
const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);
const build = (
  height: number,
  width: number,
  maps: number,
  value: (row: number, column: number, map: number) => number,
): Maps =>
  range(height).map((row) => range(width).map((column) => range(maps).map((map) => value(row, column, map))));

function apply(layer: Layer, before: Maps, weights: readonly NamedTensor[]): Maps {
  const [height, width, channels] = [before.length, before[0]!.length, before[0]![0]!.length];
  const values = (part: string): Float32Array =>
    weights.find(({ name }) => name === `${layer.name}/${part}`)!.values;
  const window = (row: number, column: number, map: number, size: number): number[] =>
    range(size).flatMap((down) =>
      range(size).map((right) => before[size * row + down]![size * column + right]![map]!),
    );
  const flat = before.flat(2);
  switch (layer.kind) {
    case 'convolution': {
      const { kernel, filters, padding, type, connections } = layer;
      const bias = layer.bias ? values('bias') : new Float32Array(filters);
      const at = (row: number, column: number, map: number): number => before[row]?.[column]?.[map] ?? 0;
      /** What filter `map` has for a tap and an input map. */
      let weight: (down: number, right: number, from: number, map: number) => number;
      if (type === 'separable') {
        const [depthwise, pointwise] = [values('depthwise'), values('pointwise')];
        weight = (down, right, from, map) =>
          depthwise[(down * kernel + right) * channels + from]! * pointwise[from * filters + map]!;
      } else {
        const numbers = values('kernel');
        weight = (down, right, from, map) =>
          connections && !connections[map]!.includes(from)
            ? 0
            : numbers[((down * kernel + right) * channels + from) * filters + map]!;
      }
      const step = type === 'dilated' ? DILATION : 1;
      const isTranspose = type === 'transpose';
      const grown = (side: number): number =>
        isTranspose ? side + kernel - 1 - 2 * padding : side + 2 * padding - (kernel - 1) * step;
      return build(grown(height), grown(width), filters, (row, column, map) => {
        let total = bias[map]!;
        for (const down of range(kernel))
          for (const right of range(kernel))
            for (const from of range(channels)) {
              // A transpose convolution hands each input value on to the places that its kernel covers.
              const [y, x] = isTranspose
                ? [row + padding - down, column + padding - right]
                : [row - padding + down * step, column - padding + right * step];
              total += weight(down, right, from, map) * at(y, x, from);
            }
        return squash[layer.activation](total);
      });
    }
    case 'pooling':
      return build(
        Math.floor(height / layer.window),
        Math.floor(width / layer.window),
        channels,
        (row, column, map) => {
          const seen = window(row, column, map, layer.window);
          return layer.pooling === 'max' ? Math.max(...seen) : sum(seen) / seen.length;
        },
      );
    case 'subsampling': {
      const [coefficient, bias, { window: size, copies }] = [values('coefficient'), values('bias'), layer];
      return build(
        Math.floor(height / size),
        Math.floor(width / size),
        channels * copies,
        (row, column, map) => {
          const total = sum(window(row, column, Math.floor(map / copies), size));
          return squash[layer.activation](coefficient[map]! * total + bias[map]!);
        },
      );
    }
    case 'global-average':
      return build(
        1,
        1,
        channels,
        (_row, _column, map) => sum(before.flat().map((maps) => maps[map]!)) / (height * width),
      );
    case 'batch-normalisation': {
      const [scale, offset, mean, variance] = ['scale', 'offset', 'mean', 'variance'].map(values);
      return build(height, width, channels, (row, column, map) => {
        const normal = (before[row]![column]![map]! - mean![map]!) / Math.sqrt(variance![map]! + 1e-5);
        return squash[layer.activation](scale![map]! * normal + offset![map]!);
      });
    }
    case 'dropout':
      return before;
    case 'dense': {
      const [kernel, bias, { units }] = [values('kernel'), values('bias'), layer];
      return build(1, 1, units, (_row, _column, unit) =>
        squash[layer.activation](
          bias[unit]! + sum(flat.map((value, at) => value * kernel[at * units + unit]!)),
        ),
      );
    }
    case 'rbf': {
      const centres =
        layer.centres === 'codes'
          ? rbfCodes
          : range(10).map((digit) =>
              values('centres').subarray(digit * flat.length, (digit + 1) * flat.length),
            );
      return build(1, 1, 10, (_row, _column, digit) => {
        const distance = sum(flat.map((value, at) => (value - centres[digit]![at]!) ** 2));
        if (layer.response === 'penalty') return -distance;
        const sigma = layer.sigma === 'trainable' ? values('sigma')[digit]! : 1;
        const logarithm = -distance / (2 * sigma ** 2);
        return layer.response === 'logarithm' ? logarithm : Math.exp(logarithm);
      });
    }
  }
}
