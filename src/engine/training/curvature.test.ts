import { describe, expect, it } from 'vitest';
import { recipeOf } from '../../shared/domain.ts';
import { architectureFor } from '../../shared/models/family/index.ts';
import { architecture, type Architecture } from '../../shared/models/layers.ts';
import { parameterSpecs } from '../../shared/models/summary.ts';
import { livelyWeights } from '../models/family.testing.ts';
import { initialWeights } from '../models/initialise.ts';
import { loadTensorFlow } from '../tensor/load.ts';
import { curvatureOf } from './curvature.ts';
import { someDigits } from './digits.testing.ts';
import { sdlmFactors } from './sdlm.ts';

const tf = loadTensorFlow();

/** Small enough to be worked out by loops: subsampling of the whole tile by 14, then dense. */
const small: Architecture = architecture.parse({
  name: 'small',
  input: { side: 28, channels: 1, mean: 0.1, standardDeviation: 0.8, padding: 0 },
  layers: [
    { kind: 'subsampling', name: 'S', window: 14, copies: 2, activation: 'scaled-tanh' },
    { kind: 'dense', name: 'output', units: 10, activation: 'scaled-tanh' },
  ],
});

const separable: Architecture = architecture.parse({
  name: 'separable',
  input: { side: 28, channels: 1, mean: 0.1, standardDeviation: 0.8, padding: 0 },
  layers: [
    { kind: 'convolution', name: 'C', type: 'separable', filters: 2, kernel: 21, activation: 'scaled-tanh' },
    { kind: 'dense', name: 'output', units: 10, activation: 'scaled-tanh' },
  ],
});

const f = (a: number): number => 1.7159 * Math.tanh((2 / 3) * a);
const slope = (a: number): number => 1.7159 * (2 / 3) * (1 - Math.tanh((2 / 3) * a) ** 2);

const inputsOf = (tiles: Uint8Array, sample: number): number[] =>
  Array.from(tiles.subarray(sample * 784, (sample + 1) * 784), (byte) => (byte / 255 - 0.1) / 0.8);

/** Of the units before a dense output: their second derivatives; those of its own weights are added to `h`. */
function throughDense(
  sums: readonly number[],
  [kernel, bias]: [Float32Array, Float32Array],
  [h, hOfBias]: [number[], number[]],
  count: number,
): number[] {
  const units = sums.map(f);
  const outputs = Array.from({ length: 10 }, (_, unit) =>
    units.reduce((total, value, at) => total + value * kernel[at * 10 + unit]!, bias[unit]!),
  );
  const atOutputs = outputs.map((a) => slope(a) ** 2 * 2);
  units.forEach((value, at) =>
    atOutputs.forEach((d2, unit) => (h[at * 10 + unit]! += (value ** 2 * d2) / count)),
  );
  atOutputs.forEach((d2, unit) => (hOfBias[unit]! += d2 / count));
  return sums.map(
    (a, at) =>
      slope(a) ** 2 * atOutputs.reduce((total, d2, unit) => total + kernel[at * 10 + unit]! ** 2 * d2, 0),
  );
}

/** h_kk of the separable network, whose one map is a linear unit between its two kernels, in double precision. */
function separableByLoops(weights: Float32Array[], tiles: Uint8Array): number[][] {
  const [depthwise, pointwise, bias, kernel, outputBias] = weights as [
    ...[Float32Array, Float32Array, Float32Array, Float32Array, Float32Array],
  ];
  const [side, places] = [21, 8];
  const h = weights.map(({ length }) => new Array<number>(length).fill(0));
  const count = tiles.length / 784;
  for (let sample = 0; sample < count; sample++) {
    const x = inputsOf(tiles, sample);
    const seen = Array.from({ length: places ** 2 }, (_, place) =>
      Array.from(
        depthwise,
        (_, at) =>
          x[(Math.floor(place / places) + Math.floor(at / side)) * 28 + (place % places) + (at % side)]!,
      ),
    );
    const maps = seen.map((values) => values.reduce((sum, value, at) => sum + value * depthwise[at]!, 0));
    const sums = maps.flatMap((value) => [0, 1].map((map) => value * pointwise[map]! + bias[map]!));
    const atUnits = throughDense(sums, [kernel, outputBias], [h[3]!, h[4]!], count);
    seen.forEach((values, place) => {
      let atMap = 0;
      for (const map of [0, 1]) {
        const d2 = atUnits[place * 2 + map]!;
        h[1]![map]! += (d2 * maps[place]! ** 2) / count;
        h[2]![map]! += d2 / count;
        atMap += d2 * pointwise[map]! ** 2;
      }
      values.forEach((value, at) => (h[0]![at]! += (atMap * value ** 2) / count));
    });
  }
  return h;
}

/** h_kk of the small network by eqs. 23 to 27, connection by connection, in double precision. */
function byLoops(weights: Float32Array[], tiles: Uint8Array): number[][] {
  const [coefficient, bias, kernel, outputBias] = weights as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const h = weights.map(({ length }) => new Array<number>(length).fill(0));
  const count = tiles.length / 784;
  for (let sample = 0; sample < count; sample++) {
    const x = inputsOf(tiles, sample);
    const places = [0, 1, 2, 3].map((place) =>
      x.filter(
        (_, at) => Math.floor(at / 28 / 14) === place >> 1 && Math.floor((at % 28) / 14) === (place & 1),
      ),
    );
    const sums = places.flatMap((seen) =>
      [0, 1].map((map) => coefficient[map]! * seen.reduce((a, b) => a + b, 0) + bias[map]!),
    );
    const atUnits = throughDense(sums, [kernel, outputBias], [h[2]!, h[3]!], count);
    atUnits.forEach((d2, at) => {
      const squares = places[at >> 1]!.reduce((total, value) => total + value ** 2, 0);
      h[0]![at & 1]! += (d2 * squares) / count;
      h[1]![at & 1]! += d2 / count;
    });
  }
  return h;
}

describe('curvatureOf', () => {
  it.each([
    ['subsampling', small, byLoops],
    ['a separable convolution', separable, separableByLoops],
  ] as const)('equals eqs. 23 to 27, connection by connection, with %s', async (_, network, byHand) => {
    const { tiles } = await someDigits('train', 7);
    const weights = livelyWeights(network, 5).map((tensor) => ({
      ...tensor,
      values: tensor.values.map((value) => value / 4),
    }));
    const found = tf.tidy(() =>
      curvatureOf(
        tf,
        network,
        'mse',
      )(
        weights.map(({ values, shape }) => tf.tensor(values, shape)),
        tf.tensor4d(Float32Array.from(tiles), [7, 28, 28, 1]),
      ).map((tensor) => [...tensor.dataSync()]),
    );
    const expected = byHand(
      weights.map(({ values }) => values),
      tiles,
    );
    expect(found.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
    expected.forEach((row, tensor) =>
      row.forEach((value, at) => expect(found[tensor]![at]! / value).toBeCloseTo(1, 3)),
    );
  });

  it('is nowhere negative, and more digits only sharpen it', async () => {
    const model = architectureFor(recipeOf('lenet5-published'));
    const weights = initialWeights(model, 1);
    const [few, many] = await Promise.all(
      [50, 200].map(async (count) => {
        const { tiles } = await someDigits('train', count);
        return tf.tidy(() =>
          curvatureOf(
            tf,
            model,
            'eq8',
          )(
            weights.map(({ values, shape }) => tf.tensor(values, shape)),
            tf.tensor4d(Float32Array.from(tiles), [count, 28, 28, 1]),
          ).map((tensor) => [...tensor.dataSync()]),
        );
      }),
    );
    for (const values of few!) expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    const total = (all: number[][]): number => all.flat().reduce((sum, value) => sum + value, 0);
    expect(total(few!) / total(many!)).toBeCloseTo(1, 0);
  });
});

describe('step sizes of the first pass', () => {
  it('lie where the paper saw them, between about 7e-5 and 0.016, for all but a few weights', async () => {
    const parameters = recipeOf('lenet5-published');
    const model = architectureFor(parameters);
    const train = await someDigits('train', 2_000);
    const factors = await sdlmFactors(tf, model, parameters, initialWeights(model, 1), train, 1);
    const sizes = parameterSpecs(model).flatMap(({ shape, connections }, at) =>
      [...factors[at]!]
        .filter((_, index) => {
          const [maps, filters] = [shape.at(-2)!, shape.at(-1)!];
          return !connections || connections[index % filters]!.includes(Math.floor(index / filters) % maps);
        })
        .map((factor) => factor * parameters.learningRate),
    );
    expect(sizes).toHaveLength(60_000);
    const inside = sizes.filter((size) => size >= 7e-5 && size <= 0.016);
    expect(inside.length / sizes.length).toBeGreaterThan(0.97);
    // mu alone bounds them: 5e-4 / 0.02.
    expect(Math.max(...sizes)).toBeLessThanOrEqual(0.025);
  });
});
