import { beforeAll, describe, expect, it } from 'vitest';
import { defaultParameters, TILE_BYTES, TILE_SIDE } from '../../shared/domain.ts';
import { loadTensorFlow, type TensorFlow } from '../tensor/load.ts';
import { someDigits } from './digits.testing.ts';
import { distortedTiles } from './distortions.ts';

let tf: TensorFlow;
let tiles: Uint8Array;
beforeAll(async () => {
  tf = loadTensorFlow();
  ({ tiles } = await someDigits('train', 4));
});
const distorted = (changes: Partial<typeof defaultParameters>, seed = 1): Uint8Array =>
  distortedTiles(tf, tiles, { ...defaultParameters, ...changes }, seed);

/** Where the ink's centre of mass lies, in pixels: column and row. */
function centre(of: Uint8Array, at: number): [number, number] {
  const tile = of.subarray(at * TILE_BYTES, (at + 1) * TILE_BYTES);
  const ink = tile.reduce((sum, value) => sum + value, 0);
  const mean = (place: (pixel: number) => number): number =>
    tile.reduce((sum, value, pixel) => sum + value * place(pixel), 0) / ink;
  return [mean((pixel) => pixel % TILE_SIDE), mean((pixel) => Math.floor(pixel / TILE_SIDE))];
}

describe('distortedTiles', () => {
  it('gives the tiles back when nothing is on', () => {
    expect(distorted({})).toEqual(tiles);
  });

  it('gives the same for the same seed and others for another, with no tensor left behind', () => {
    const wish = { rotation: 15, elasticStrength: 30 };
    const before = tf.memory().numTensors;
    const first = distorted(wish);
    expect(first).toHaveLength(tiles.length);
    expect(distorted(wish)).toEqual(first);
    expect(distorted(wish, 2)).not.toEqual(first);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('distorts each digit in its own way: shifted by at most as much as was asked for', () => {
    const shifted = distorted({ shift: 2 });
    const ways = [0, 1, 2, 3].map((at) => {
      const [from, to] = [centre(tiles, at), centre(shifted, at)];
      return [to[0] - from[0], to[1] - from[1]];
    });
    for (const way of ways.flat()) expect(Math.abs(way)).toBeLessThan(2.05);
    expect(new Set(ways.map((way) => way.map((by) => by.toFixed(2)).join())).size).toBe(4);
    expect(Math.max(...ways.flat().map(Math.abs))).toBeGreaterThan(0.3);
  });

  it('keeps ink and background as they are: 0 to 255', () => {
    const grown = distorted({ scaling: 0.2, shear: 0.2, elasticStrength: 34 });
    expect(Math.max(...grown)).toBeGreaterThan(200);
    expect(grown[0]).toBe(0);
  });
});
