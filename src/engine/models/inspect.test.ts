import { beforeAll, describe, expect, it, vi } from 'vitest';
import { CLASSES, recipeOf, TILE_BYTES } from '../../shared/domain.ts';
import { architectureFor, architectureNames } from '../../shared/models/family/index.ts';
import { convolutionTypes, type Architecture, type ConvolutionType } from '../../shared/models/layers.ts';
import { receptiveField } from '../../shared/models/receptive.ts';
import { activationOf, elements, summarise } from '../../shared/models/summary.ts';
import type { NamedTensor } from '../compute/types.ts';
import { loadTensorFlow } from '../tensor/load.ts';
import { someDigits } from '../training/digits.testing.ts';
import { forwardPass } from './forward.ts';
import { initialWeights } from './initialise.ts';
import { inspect } from './inspect.ts';

vi.setConfig({ testTimeout: 60_000 });

const tf = loadTensorFlow();
let tile: Uint8Array;
beforeAll(async () => {
  // On paper with a grain: among equal pixels a maximum has no derivative.
  const { tiles } = await someDigits('test', 1);
  tile = Uint8Array.from({ length: TILE_BYTES }, (_, at) => 20 + tiles[at]! * 0.8 + 12 * Math.sin(at * at));
});

/** Every architecture as its recipe has it, with dropout, and with each kind of convolution. */
const cases: [string, Architecture][] = [
  ...architectureNames.map((name): [string, Architecture] => [name, architectureFor(recipeOf(name))]),
  ['lenet5 with dropout', architectureFor(recipeOf('lenet5', { dropout: 0.2 }))],
  ...convolutionTypes.map((type: ConvolutionType): [string, Architecture] => [
    `lenet1 with a ${type} convolution`,
    architectureFor(recipeOf('lenet1', { convolutions: { H1: type } })),
  ]),
];

/** Scores of some tiles by the plain forward pass, bytes as float32. */
function scoresOf(model: Architecture, weights: readonly NamedTensor[], tiles: Float32Array): Float32Array {
  return tf.tidy(() =>
    forwardPass(tf, model)(
      weights.map(({ values, shape }) => tf.tensor(values, shape)),
      tf.tensor4d(tiles, [tiles.length / TILE_BYTES, 28, 28, 1]),
    )
      .dataSync<'float32'>()
      .slice(),
  );
}

describe.each(cases)('inspect: %s', (name, model) => {
  const weights = initialWeights(model, 5);

  it('answers as the plain forward pass, with an output of every layer', () => {
    const found = inspect(tf, model, weights, tile, null);
    const plain = scoresOf(model, weights, Float32Array.from(tile));
    const size = Math.max(...plain.map(Math.abs));
    plain.forEach((score, at) => expect(found.scores[at]! / size).toBeCloseTo(score / size, 5));
    expect(found.outputs.map(({ length }) => length)).toEqual(
      summarise(model).map(({ output }) => elements(output)),
    );
    expect(found.outputs.at(-1)).toEqual(found.scores);
    expect(found.answer).toBe(found.scores.indexOf(Math.max(...found.scores)));
    expect(found.target).toBe(found.answer);
    expect(found.probabilities.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
  });

  it('gives as saliency what a small change of a byte does to the score', () => {
    const target = 3;
    const { saliency } = inspect(tf, model, weights, tile, target);
    expect(saliency).toHaveLength(TILE_BYTES);
    if (name === 'note-as-written') {
      // Its scores are about 1e-23, and so are their derivatives: it cannot learn.
      expect(Math.max(...saliency.map(Math.abs))).toBeLessThan(1e-12);
      return;
    }
    // Where it matters most and where it matters little.
    const order = [...saliency.keys()].sort((a, b) => Math.abs(saliency[b]!) - Math.abs(saliency[a]!));
    const places = [0, 1, 5, 20, 100].map((at) => order[at]!);
    // Scores are float32: a large step where the function is smooth, a small one where rectifiers or maxima may change over.
    const smooth = !model.layers.some(
      (layer) => activationOf(layer) === 'relu' || (layer.kind === 'pooling' && layer.pooling === 'max'),
    );
    const step = smooth ? 4 : 0.25;
    const tiles = new Float32Array(2 * places.length * TILE_BYTES);
    places.forEach((place, at) => {
      for (const [side, sign] of [1, -1].entries()) {
        const start = (2 * at + side) * TILE_BYTES;
        tiles.set(tile, start);
        tiles[start + place]! += sign * step;
      }
    });
    const scores = scoresOf(model, weights, tiles);
    const largest = Math.abs(saliency[order[0]!]!);
    places.forEach((place, at) => {
      const [up, down] = [scores[2 * at * CLASSES + target]!, scores[(2 * at + 1) * CLASSES + target]!];
      const difference = (up - down) / (2 * step);
      expect(Math.abs(difference - saliency[place]!) / largest).toBeLessThan(0.05);
    });
  });

  it('sees with a unit just the pixels of its receptive field', () => {
    const layers = summarise(model);
    const before = inspect(tf, model, weights, tile, 0).outputs;
    layers.forEach(({ output: [height, width, maps], layer }, at) => {
      if (height === 1 || layer.kind === 'dropout') return;
      for (const [row, column] of [
        [0, 0],
        [height - 1, 1],
        [Math.floor(height / 2), Math.floor(width / 2)],
      ] as const) {
        const field = receptiveField(model, at, row, column);
        const changed = Uint8Array.from(tile, (byte, place) => {
          const [y, x] = [Math.floor(place / 28), place % 28];
          const inside =
            field !== null &&
            y >= field.rows[0] &&
            y <= field.rows[1] &&
            x >= field.columns[0] &&
            x <= field.columns[1];
          return inside ? byte : 255 - byte;
        });
        const after = inspect(tf, model, weights, changed, 0).outputs[at]!;
        const unit = (row * width + column) * maps;
        for (let map = 0; map < maps; map++)
          expect(after[unit + map]).toBeCloseTo(before[at]![unit + map]!, 4);
        // All that lies outside has changed, and other units have seen it.
        if (changed.some((byte, place) => byte !== tile[place])) expect(after).not.toEqual(before[at]);
      }
    });
  });
});

it('keeps no tensors', () => {
  const model = architectureFor(recipeOf('compact'));
  const weights = initialWeights(model, 1);
  const before = tf.memory().numTensors;
  for (let turn = 0; turn < 3; turn++) inspect(tf, model, weights, tile, turn);
  expect(tf.memory().numTensors).toBe(before);
});
