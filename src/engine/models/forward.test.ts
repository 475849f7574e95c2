import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node/dist/nodejs_kernel_backend.js';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { activations, poolings, TILE_BYTES } from '../../shared/domain.ts';
import type { LabelledTiles, NamedTensor } from '../compute/types.ts';
import { loadTensorFlow } from '../tensor/load.ts';
import { someDigits } from '../training/digits.testing.ts';
import type { Architecture } from '../../shared/models/layers.ts';
import { forwardPass, scaleAndPad } from './forward.ts';
import { CompiledReader, INFERENCE_BATCH } from './inference.ts';
import { initialWeights } from './initialise.ts';
import { lenet5 } from '../../shared/models/family/lenet5.ts';
import { softmax } from './scores.ts';

// Real training, on machines that may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const tf = loadTensorFlow();
let digits: LabelledTiles;
beforeAll(async () => {
  digits = await someDigits('test', 300);
});
const textbook = lenet5({ activation: 'tanh', pooling: 'average' });

describe('scaleAndPad', () => {
  it('scales bytes to -1 .. 1 and pads with background afterwards', () => {
    const tile = new Float32Array(TILE_BYTES).fill(255);
    tile[0] = 0;
    tile[1] = 51;
    const padded = tf.tidy(() => scaleAndPad(tf, textbook, tf.tensor4d(tile, [1, 28, 28, 1])));
    expect(padded.shape).toEqual([1, 32, 32, 1]);
    const values = padded.dataSync();
    padded.dispose();
    const at = (row: number, column: number): number => values[row * 32 + column]!;
    for (let side = 0; side < 32; side++) {
      for (const edge of [0, 1, 30, 31]) {
        expect(at(edge, side)).toBe(-1);
        expect(at(side, edge)).toBe(-1);
      }
    }
    expect([at(2, 2), at(2, 4), at(29, 29)]).toEqual([-1, 1, 1]);
    expect(at(2, 3)).toBeCloseTo(-0.6, 6);
  });
});

describe('forwardPass', () => {
  it.each(activations.flatMap((activation) => poolings.map((pooling) => [activation, pooling] as const)))(
    'equals a plain reading of the definition: %s, %s pooling',
    (activation, pooling) => {
      const model = lenet5({ activation, pooling });
      // Biases that are not 0, so that they count.
      const weights = initialWeights(model, 3).map((tensor) =>
        tensor.name.endsWith('/bias')
          ? { ...tensor, values: tensor.values.map((_, at) => 0.1 * Math.sin(at)) }
          : tensor,
      );
      const tile = digits.tiles.subarray(0, TILE_BYTES);
      const logits = tf.tidy(() =>
        forwardPass(tf, model)(
          weights.map(({ values, shape }) => tf.tensor(values, shape)),
          tf.tensor4d(Float32Array.from(tile), [1, 28, 28, 1]),
        ).dataSync(),
      );
      const expected = plainForward(model, weights, tile);
      expect(expected).toHaveLength(10);
      expected.forEach((value, at) => expect(logits[at]).toBeCloseTo(value, 4));
    },
  );
});

describe('CompiledReader', () => {
  const around = [1, 2].flatMap((batches) => [-1, 0, 1].map((by) => batches * INFERENCE_BATCH + by));

  it.each(poolings)(
    'gives a digit the same answer in any company, bit for bit: %s pooling',
    async (pooling) => {
      const model = lenet5({ activation: pooling === 'max' ? 'relu' : 'tanh', pooling });
      const reader = new CompiledReader(tf, model, initialWeights(model, 1));
      const read = async (first: number, count: number): Promise<Float32Array> => {
        const tiles = digits.tiles.subarray(first * TILE_BYTES, (first + count) * TILE_BYTES);
        return softmax(await reader.logits(tiles), 10);
      };
      const longest = Math.max(...around);
      const alone = new Float32Array(longest * 10);
      for (let at = 0; at < longest; at++) alone.set(await read(at, 1), at * 10);
      for (const count of [...Array.from({ length: 65 }, (_, at) => at + 1), ...around]) {
        expect(await read(0, count)).toEqual(alone.subarray(0, count * 10));
      }
      // Another neighbourhood: the same digits at other places of the batch.
      expect(await read(37, 100)).toEqual(alone.subarray(370, 1370));
      reader.dispose();
    },
  );

  it('answers an empty list with nothing', async () => {
    const reader = new CompiledReader(tf, textbook, initialWeights(textbook, 1));
    expect(await reader.logits(new Uint8Array(0))).toHaveLength(0);
    reader.dispose();
  });

  it('computes what the operations compute, and keeps no tensors and no graphs', async () => {
    const before = kept();
    const weights = initialWeights(textbook, 1);
    const reader = new CompiledReader(tf, textbook, weights);
    const ours = await reader.logits(digits.tiles);
    reader.dispose();
    expect(kept()).toEqual(before);
    const theirs = tf.tidy(() => {
      const tiles = tf.tensor4d(Float32Array.from(digits.tiles), [digits.labels.length, 28, 28, 1]);
      return forwardPass(tf, textbook)(
        weights.map(({ values, shape }) => tf.tensor(values, shape)),
        tiles,
      ).dataSync();
    });
    ours.forEach((value, at) => expect(value).toBeCloseTo(theirs[at]!, 5));
  });
});

function kept(): object {
  const backend = tf.backend() as NodeJSKernelBackend;
  return {
    tensors: tf.memory().numTensors,
    native: backend.getNumOfTFTensors(),
    graphs: backend.getNumOfSavedModels(),
  };
}

/** The forward pass for one tile, loop by loop, in double precision. */
function plainForward(model: Architecture, weights: NamedTensor[], tile: Uint8Array): number[] {
  const squash = {
    tanh: Math.tanh,
    sigmoid: (x: number) => 1 / (1 + Math.exp(-x)),
    relu: (x: number) => Math.max(0, x),
    'scaled-tanh': (x: number) => 1.7159 * Math.tanh((2 / 3) * x),
    linear: (x: number) => x,
  };
  const range = (count: number): number[] => Array.from({ length: count }, (_, at) => at);
  const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);
  const values = (name: string): Float32Array => weights.find((tensor) => tensor.name === name)!.values;
  /** Row, column, map. */
  let maps: number[][][] = range(32).map((row) =>
    range(32).map((column) => {
      const inside = row >= 2 && row < 30 && column >= 2 && column < 30;
      return [inside ? (tile[(row - 2) * 28 + column - 2]! / 255 - 0.5) / 0.5 : -1];
    }),
  );
  const build = (
    side: number,
    channels: number,
    value: (row: number, column: number, map: number) => number,
  ) =>
    range(side).map((row) =>
      range(side).map((column) => range(channels).map((map) => value(row, column, map))),
    );
  for (const layer of model.layers) {
    const before = maps;
    const channels = before[0]![0]!.length;
    if (layer.kind === 'pooling') {
      maps = build(before.length / 2, channels, (row, column, map) => {
        const window = [0, 1].flatMap((down) =>
          [0, 1].map((right) => before[2 * row + down]![2 * column + right]![map]!),
        );
        return layer.pooling === 'max' ? Math.max(...window) : sum(window) / 4;
      });
    } else if (layer.kind === 'convolution' || layer.kind === 'dense') {
      const kernel = layer.kind === 'convolution' ? layer.kernel : before.length;
      const outputs = layer.kind === 'convolution' ? layer.filters : layer.units;
      const weight = values(`${layer.name}/kernel`);
      const bias = values(`${layer.name}/bias`);
      maps = build(before.length - kernel + 1, outputs, (row, column, map) => {
        let total = bias[map]!;
        for (const down of range(kernel)) {
          for (const right of range(kernel)) {
            for (const from of range(channels)) {
              const position = ((down * kernel + right) * channels + from) * outputs + map;
              total += weight[position]! * before[row + down]![column + right]![from]!;
            }
          }
        }
        return squash[layer.activation](total);
      });
    }
  }
  return maps[0]![0]!;
}
