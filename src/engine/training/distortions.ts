import type * as tfjs from '@tensorflow/tfjs-node';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node/dist/nodejs_kernel_backend.js';
import { TILE_SIDE, type DistortionParameters } from '../../shared/domain.ts';
import { drawsOf, type Draws } from '../tensor/draws.ts';
import type { Tensor, TensorFlow } from '../tensor/load.ts';
import { constant } from '../tensor/trace.ts';

/** Distorts N x 28 x 28 x 1 bytes as float32; each digit in its own way. */
export type Distort = (draws: Draws, tiles: tfjs.Tensor4D) => tfjs.Tensor4D;

const PIXELS = TILE_SIDE * TILE_SIDE;
/** Positions of the upper left of four neighbours: from one pixel outside of the tile on, along a side. */
const PLACES = TILE_SIDE + 2;

/**
 * Affine distortion (LeCun et al. 1998, section III-B: translation, scaling, squeezing, shear; and rotation) and elastic distortion
 * (Simard et al. 2003: random displacements of each pixel, smoothed by a Gaussian). Null when all of it is off.
 */
export function distortionOf(tf: TensorFlow, parameters: DistortionParameters): Distort | null {
  const { rotation, scaling, shear, shift, elasticStrength } = parameters;
  const affine = rotation > 0 || scaling > 0 || shear > 0 || shift > 0;
  if (!affine && elasticStrength === 0) return null;
  return (draws, tiles) => {
    const count = tiles.shape[0];
    let [x, y] = affine ? affinePlaces(tf, parameters, draws, count) : ownPlaces(tf);
    if (elasticStrength > 0) {
      const [byX, byY] = elasticField(tf, parameters, draws, count);
      [x, y] = [byX.add(x), byY.add(y)];
    }
    return sample(tf, tiles, x, y);
  };
}

/** N x 28 x 28 uint8 tiles distorted outside of any step, to be looked at: rounded to whole bytes again. */
export function distortedTiles(
  tf: TensorFlow,
  tiles: Uint8Array,
  parameters: DistortionParameters,
  seed: number,
): Uint8Array {
  const distort = distortionOf(tf, parameters);
  if (!distort) return tiles;
  const values = tf.tidy(() => {
    const key = tf.tensor1d([seed | 0, 0], 'int32');
    const digits = tf.tensor4d(Float32Array.from(tiles), [tiles.length / PIXELS, TILE_SIDE, TILE_SIDE, 1]);
    return distort(drawsOf(tf, key), digits);
  });
  try {
    return Uint8Array.from(values.dataSync(), (value) => Math.round(value));
  } finally {
    values.dispose();
  }
}

/** Where each pixel lies, from the middle of the tile: 1 x 784 columns and rows. */
function ownPlaces(tf: TensorFlow): [Tensor, Tensor] {
  const middle = (TILE_SIDE - 1) / 2;
  const values = (of: (at: number) => number): Tensor =>
    constant(() =>
      tf.tensor2d(
        Float32Array.from({ length: PIXELS }, (_, at) => of(at) - middle),
        [1, PIXELS],
      ),
    );
  return [values((at) => at % TILE_SIDE), values((at) => Math.floor(at / TILE_SIDE))];
}

/** Where in the tile each pixel of the distorted digit comes from: N x 784 columns and rows, from the middle. */
function affinePlaces(
  tf: TensorFlow,
  { rotation, scaling, shear, shift }: DistortionParameters,
  draws: Draws,
  count: number,
): [Tensor, Tensor] {
  const [column, row] = ownPlaces(tf);
  const draw = (purpose: string, most: number): Tensor =>
    draws
      .uniform([count, 1], purpose)
      .mul(2 * most)
      .sub(most);
  const angle = draw('rotation', (rotation * Math.PI) / 180);
  const [cosine, sine] = [angle.cos(), angle.sin()];
  const [width, height] = [draw('width', scaling).add(1), draw('height', scaling).add(1)];
  const slant = draw('shear', shear);
  const places = constant(() => tf.concat([column, row, tf.onesLike(column)]));
  // The inverse way: from the distorted digit's pixel to the tile's.
  const x = [
    cosine.sub(slant.mul(sine)).mul(width),
    slant.mul(cosine).add(sine).mul(width),
    draw('shift x', shift),
  ];
  const y = [sine.neg().mul(height), cosine.mul(height), draw('shift y', shift)];
  return [tf.concat(x, 1).matMul(places), tf.concat(y, 1).matMul(places)];
}

/** Displacements in pixels: N x 784 for columns, and for rows. */
function elasticField(
  tf: TensorFlow,
  { elasticStrength, elasticSmoothing }: DistortionParameters,
  draws: Draws,
  count: number,
): [Tensor, Tensor] {
  const blur = constant(() => gaussian(tf, elasticSmoothing));
  const noise = draws
    .uniform([2 * count * TILE_SIDE, TILE_SIDE], 'elastic')
    .mul(2)
    .sub(1);
  const turned = noise
    .matMul(blur)
    .reshape([2 * count, TILE_SIDE, TILE_SIDE])
    .transpose([0, 2, 1])
    .reshape([-1, TILE_SIDE]);
  // Rows and columns stay changed over: of noise, one is as good as the other.
  const field = turned.matMul(blur.mul(elasticStrength)).reshape([2 * count, PIXELS]);
  const [x, y] = tf.split(field, 2);
  return [x!, y!];
}

/** Smoothing along one direction as a product with 28 x 28; outside of the tile nothing is displaced. */
function gaussian(tf: TensorFlow, deviation: number): tfjs.Tensor2D {
  const bell = (distance: number): number => Math.exp(-(distance ** 2) / (2 * deviation ** 2));
  const reach = Math.ceil(4 * deviation);
  let sum = 0;
  for (let distance = -reach; distance <= reach; distance++) sum += bell(distance);
  const values = Float32Array.from(
    { length: PIXELS },
    (_, at) => bell(Math.floor(at / TILE_SIDE) - (at % TILE_SIDE)) / sum,
  );
  return tf.tensor2d(values, [TILE_SIDE, TILE_SIDE]);
}

/** `tf.gather` without its look at the places, which a graph could not take. */
function gather(tf: TensorFlow, from: Tensor, places: Tensor): Tensor {
  const backend = tf.backend() as NodeJSKernelBackend;
  const { binding } = backend;
  const type = (name: string, value: number) => ({ name, type: binding.TF_ATTR_TYPE, value });
  const attributes = [
    type('Tparams', binding.TF_FLOAT),
    type('Tindices', binding.TF_INT32),
    type('Taxis', binding.TF_INT32),
  ];
  const axis = constant(() => tf.scalar(0, 'int32'));
  return backend.executeSingleOutput('GatherV2', attributes, [from, places, axis]);
}

/** Bilinear interpolation at columns and rows from the middle, N x 784; background outside of the tile. */
function sample(tf: TensorFlow, tiles: tfjs.Tensor4D, x: Tensor, y: Tensor): tfjs.Tensor4D {
  const count = tiles.shape[0];
  // From the middle to places counted from one pixel outside of the tile.
  const toPlace = (from: Tensor): Tensor => from.add((TILE_SIDE - 1) / 2 + 1).clipByValue(0, PLACES - 1);
  const [column, row] = [toPlace(x), toPlace(y)];
  const [left, top] = [column.floor(), row.floor()];
  const [right, down] = [column.sub(left), row.sub(top)];
  const first = constant(() =>
    tf.tensor2d(
      Float32Array.from({ length: count }, (_, at) => at * PLACES * PLACES),
      [count, 1],
    ),
  );
  const places = top
    .mul(PLACES)
    .add(left)
    .add(first)
    .cast('int32')
    .reshape<tfjs.Tensor1D>([count * PIXELS]);
  const wide = tf.pad4d(tiles, [
    [0, 0],
    [1, 2],
    [1, 2],
    [0, 0],
  ]);
  const shifted = (below: number, beside: number): Tensor =>
    wide.slice([0, below, beside, 0], [count, PLACES, PLACES, 1]).reshape([count * PLACES * PLACES]);
  const at = (below: number, beside: number): Tensor =>
    gather(tf, shifted(below, beside), places).reshape([count, PIXELS]);
  const along = (from: Tensor, to: Tensor, share: Tensor): Tensor => from.add(to.sub(from).mul(share));
  const upper = along(at(0, 0), at(0, 1), right);
  const lower = along(at(1, 0), at(1, 1), right);
  return along(upper, lower, down).reshape([count, TILE_SIDE, TILE_SIDE, 1]);
}
