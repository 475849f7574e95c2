import { beforeAll, describe, expect, it } from 'vitest';
import { defaultParameters, TILE_BYTES, TILE_SIDE, type TrainingParameters } from '../../shared/domain.ts';
import { drawsOf, type Draws } from '../tensor/draws.ts';
import { loadTensorFlow } from '../tensor/load.ts';
import { someDigits } from './digits.testing.ts';
import { distortionOf } from './distortions.ts';

const tf = loadTensorFlow();
const COUNT = 64;
let tiles: Uint8Array;
beforeAll(async () => {
  ({ tiles } = await someDigits('train', COUNT));
});

const keyed = (seed: number, step: number): Draws => drawsOf(tf, tf.tensor1d([seed, step], 'int32'));
/** Every draw is this share of its range. */
const always = (share: number): Draws => ({
  uniform: (shape) => tf.fill([...shape], share),
  part: () => always(share),
});

function distorted(changes: Partial<TrainingParameters>, draws: Draws): Float32Array {
  return tf.tidy(() => {
    const distort = distortionOf(tf, { ...defaultParameters, ...changes })!;
    const bytes = tf.tensor4d(Float32Array.from(tiles), [COUNT, TILE_SIDE, TILE_SIDE, 1]);
    return distort(draws, bytes).dataSync() as Float32Array;
  });
}
const ink = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value, 0);

describe('distortionOf', () => {
  it('is nothing when all of it is off', () => {
    expect(distortionOf(tf, defaultParameters)).toBeNull();
  });

  it('leaves a digit alone where the draw says neither way', () => {
    const all = { rotation: 20, scaling: 0.2, shear: 0.2, shift: 3, elasticStrength: 30 };
    distorted(all, always(0.5)).forEach((value, at) => expect(value).toBeCloseTo(tiles[at]!, 2));
  });

  it('shifts by whole pixels bit for bit, with background behind', () => {
    const moved = distorted({ shift: 2 }, always(1));
    for (let at = 0; at < TILE_BYTES; at++) {
      const [row, column] = [Math.floor(at / TILE_SIDE), at % TILE_SIDE];
      const inside = row + 2 < TILE_SIDE && column + 2 < TILE_SIDE;
      expect(moved[at]).toBe(inside ? tiles[(row + 2) * TILE_SIDE + column + 2] : 0);
    }
  });

  const turn = (degrees: number): [number, number] => [
    Math.cos((degrees * Math.PI) / 180),
    Math.sin((degrees * Math.PI) / 180),
  ];
  it.each([
    ['rotation', { rotation: 20 }, [...turn(20), -turn(20)[1], turn(20)[0]]],
    ['a smaller size', { scaling: 0.2 }, [1.2, 0, 0, 1.2]],
    ['shear', { shear: 0.3 }, [1, 0.3, 0, 1]],
    [
      'all of it, size last',
      { rotation: 10, scaling: 0.1, shear: 0.2 },
      [
        1.1 * (turn(10)[0] - 0.2 * turn(10)[1]),
        1.1 * (0.2 * turn(10)[0] + turn(10)[1]),
        -1.1 * turn(10)[1],
        1.1 * turn(10)[0],
      ],
    ],
  ] as const)('takes each pixel from where the matrix says: %s', (_, changes, [xx, xy, yx, yy]) => {
    const distort = distortionOf(tf, { ...defaultParameters, ...changes })!;
    // Ramps show where a pixel comes from: nine grey levels per column, and per row.
    const [columns, rows] = [
      (at: number) => at % TILE_SIDE,
      (at: number) => Math.floor(at / TILE_SIDE),
    ] as const;
    const ramps = Float32Array.from({ length: 2 * TILE_BYTES }, (_, at) =>
      at < TILE_BYTES ? 9 * columns(at) : 9 * rows(at - TILE_BYTES),
    );
    const moved = tf.tidy(() =>
      distort(always(1), tf.tensor4d(ramps, [2, TILE_SIDE, TILE_SIDE, 1])).dataSync(),
    );
    const middle = (TILE_SIDE - 1) / 2;
    for (let at = 0; at < TILE_BYTES; at++) {
      const [x, y] = [columns(at) - middle, rows(at) - middle];
      const [fromX, fromY] = [xx * x + xy * y, yx * x + yy * y];
      if (Math.max(Math.abs(fromX), Math.abs(fromY)) > middle) continue;
      expect(moved[at]! / 9 - middle).toBeCloseTo(fromX, 3);
      expect(moved[TILE_BYTES + at]! / 9 - middle).toBeCloseTo(fromY, 3);
    }
  });

  it('draws the same for the same key, and other digits otherwise for another step, seed or part', () => {
    const changes = { rotation: 10, shift: 2, elasticStrength: 20 };
    const first = distorted(changes, keyed(1, 5));
    expect(distorted(changes, keyed(1, 5))).toEqual(first);
    for (const other of [keyed(1, 6), keyed(2, 5), keyed(1, 5).part(1)])
      expect(distorted(changes, other)).not.toEqual(first);
  });

  it('displaces elastically by what Simard et al. 2003 give: alpha 34, sigma 4 make about 1.4 pixels', () => {
    // A slope of one grey level per column shows the displacement itself, away from the border.
    const ramp = Uint8Array.from({ length: COUNT * TILE_BYTES }, (_, at) => 9 * (at % TILE_SIDE));
    const moved = tf.tidy(() =>
      distortionOf(tf, { ...defaultParameters, elasticStrength: 34, elasticSmoothing: 4 })!(
        keyed(3, 0),
        tf.tensor4d(Float32Array.from(ramp), [COUNT, TILE_SIDE, TILE_SIDE, 1]),
      ).dataSync(),
    );
    const by: number[] = [];
    moved.forEach((value, at) => {
      const [row, column] = [Math.floor(at / TILE_SIDE) % TILE_SIDE, at % TILE_SIDE];
      if (row >= 8 && row < 20 && column >= 8 && column < 20) by.push(value / 9 - column);
    });
    const mean = ink(by) / by.length;
    const deviation = Math.sqrt(ink(by.map((value) => (value - mean) ** 2)) / by.length);
    // Uniform over -1 .. 1 has a deviation of 1 / sqrt 3; the Gaussian leaves 1 / (2 sigma sqrt pi) of it.
    expect(deviation).toBeCloseTo((34 / Math.sqrt(3)) * (1 / (2 * 4 * Math.sqrt(Math.PI))), 0);
    expect(Math.abs(mean)).toBeLessThan(0.15);
  });
});
