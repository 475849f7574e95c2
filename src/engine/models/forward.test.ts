import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node/dist/nodejs_kernel_backend.js';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { activations, poolings, recipeOf, TILE_BYTES } from '../../shared/domain.ts';
import type { LabelledTiles } from '../compute/types.ts';
import { loadTensorFlow } from '../tensor/load.ts';
import { someDigits } from '../training/digits.testing.ts';
import { architectureFor } from '../../shared/models/family/index.ts';
import type { Architecture } from '../../shared/models/layers.ts';
import { summarise } from '../../shared/models/summary.ts';
import { livelyWeights, networks } from './family.testing.ts';
import { forwardPass, scaleAndPad, type Pass } from './forward.ts';
import { plainForward } from './plain-forward.testing.ts';
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
  const tile = () => digits.tiles.subarray(0, TILE_BYTES);
  const scores = (model: Architecture, observe?: Pass['observe']): number[] =>
    tf.tidy(() => {
      const weights = livelyWeights(model, 3).map(({ values, shape }) => tf.tensor(values, shape));
      const tiles = tf.tensor4d(Float32Array.from(tile()), [1, 28, 28, 1]);
      return [...forwardPass(tf, model)(weights, tiles, observe && { observe }).dataSync()];
    });

  it.each([
    ...activations.flatMap((activation) =>
      poolings.map(
        (pooling) => [`${activation}, ${pooling} pooling`, lenet5({ activation, pooling })] as const,
      ),
    ),
    ...networks.map(([name, parameters]) => [name, architectureFor(parameters)] as const),
    ['a trainable sigma', withSigma()] as const,
  ])('equals a plain reading of the definition: %s', (_, model) => {
    const ours = scores(model);
    const expected = plainForward(model, livelyWeights(model, 3), tile());
    expect(expected).toHaveLength(10);
    const size = Math.max(1, ...expected.map(Math.abs));
    expected.forEach((value, at) => expect(ours[at]! / size).toBeCloseTo(value / size, 5));
  });

  it('shows what every layer gives, with the shapes that the summary says', () => {
    for (const [, parameters] of networks) {
      const model = architectureFor(parameters);
      const shapes: number[][] = [];
      const ours = scores(model, (_, output) => shapes.push(output.shape.slice(1)));
      const flat = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
      expect(shapes.map(flat)).toEqual(summarise(model).map(({ output }) => flat(output)));
      scores(model).forEach((score, at) => expect(score).toBeCloseTo(ours[at]!, 3));
    }
  });
});

function withSigma(): Architecture {
  const model = architectureFor(recipeOf('note-mended'));
  const layers = model.layers.map((layer) =>
    layer.kind === 'rbf' ? { ...layer, sigma: 'trainable' as const } : layer,
  );
  return { ...model, layers };
}

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
