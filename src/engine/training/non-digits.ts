import { CLASSES, TILE_BYTES, TILE_SIDE, type NormalisationRecipe } from '../../shared/domain.ts';
import type { LabelledTiles } from '../compute/types.ts';
import type { GreyPicture } from '../images/picture.ts';
import { normalise } from '../images/recipe.ts';
import { breathe, checkCancelled } from '../jobs/flow.ts';
import { randomStream, type RandomStream } from '../tensor/random.ts';

/** The label of what is no digit: the class after the ten. */
export const NO_DIGIT = CLASSES;
const CHUNK = 500;
/** A picture in which no ink is found is drawn anew, so often. */
const TRIES = 50;
/** Surely a stroke, not the edge of one. */
const INK = 128;

export interface NonDigitOptions {
  /** Share of the digits. */
  nonDigits: number;
  seed: number;
  normalisation: NormalisationRecipe;
}

/**
 * Digits, and after them so large a share of non-digits: pieces and neighbours of these digits as wrong cuts leave them, and what else lies on
 * paper. All are normalised as files are, so that only their shape tells. The same seed and digits give the same pictures. Throws `cancelled`.
 */
export async function withNonDigits(
  digits: LabelledTiles,
  { nonDigits, seed, normalisation }: NonDigitOptions,
  signal?: AbortSignal,
): Promise<LabelledTiles> {
  const count = digits.labels.length;
  const added = Math.round(count * nonDigits);
  const tiles = new Uint8Array((count + added) * TILE_BYTES);
  const labels = new Uint8Array(count + added).fill(NO_DIGIT, count);
  tiles.set(digits.tiles);
  labels.set(digits.labels);
  for (let at = 0; at < added; at++) {
    const random = randomStream(seed, 'non-digit', at);
    tiles.set(
      nonDigit(digits, kinds[at % kinds.length]!, { random, normalisation }),
      (count + at) * TILE_BYTES,
    );
    if (at % CHUNK < CHUNK - 1) continue;
    await breathe();
    checkCancelled(signal);
  }
  return { tiles, labels };
}

/** A picture of that kind as the model would see it, 28 x 28. */
export function nonDigit(
  { tiles }: LabelledTiles,
  kind: Kind,
  { random, normalisation }: { random: RandomStream; normalisation: NormalisationRecipe },
): Uint8Array {
  const tile = (): Uint8Array => {
    const start = random.below(tiles.length / TILE_BYTES) * TILE_BYTES;
    return tiles.subarray(start, start + TILE_BYTES);
  };
  for (let tries = 0; tries < TRIES; tries++) {
    const drawn = (draw[kind] as Draw)(tile, random);
    const normal = drawn && normalise(drawn, { ...normalisation, polarity: 'light-on-dark' });
    if (normal) return normal;
  }
  return new Uint8Array(TILE_BYTES);
}

/** Light ink on black; null: to be tried again. */
type Draw = (tile: () => Uint8Array, random: RandomStream) => GreyPicture | null;
type Ink = (x: number, y: number) => number;

function picture(width: number, height: number, ink: Ink): GreyPicture {
  const data = new Uint8Array(width * height);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++) data[at] = Math.min(255, Math.max(0, Math.round(ink(x, y))));
  return { width, height, data };
}

/** A digit's ink at a pixel, nothing outside of its tile. */
const inkAt = (tile: Uint8Array, x: number, y: number): number =>
  x >= 0 && y >= 0 && x < TILE_SIDE && y < TILE_SIDE ? tile[y * TILE_SIDE + x]! : 0;
/** How far to the right a digit, so much lower, just touches another. */
function touching(left: Uint8Array, right: Uint8Array, lower: number): number {
  let distance = 0;
  for (let y = 0; y < TILE_SIDE; y++) {
    const inked = (tile: Uint8Array, row: number): number[] =>
      [...Array(TILE_SIDE).keys()].filter((x) => inkAt(tile, x, row) >= INK);
    const [last, first] = [inked(left, y).at(-1), inked(right, y - lower)[0]];
    if (last !== undefined && first !== undefined) distance = Math.max(distance, last - first + 1);
  }
  return distance;
}

const between = (random: RandomStream, low: number, high: number): number =>
  low + random.below(high - low + 1);

const draw = {
  /** One side of a cut through the middle, at any angle. */
  piece: (tile, random) => {
    const digit = tile();
    const angle = random.uniform(0, 2 * Math.PI);
    const [across, down, past] = [Math.cos(angle), Math.sin(angle), random.uniform(-2, 2)];
    const middle = (TILE_SIDE - 1) / 2;
    return picture(TILE_SIDE, TILE_SIDE, (x, y) =>
      (x - middle) * across + (y - middle) * down > past ? inkAt(digit, x, y) : 0,
    );
  },
  /** Two neighbours, cut in their middles instead of between them. */
  neighbours: (tile, random) => {
    const [left, right] = [tile(), tile()];
    const [from, to] = [between(random, 10, 14), between(random, 10, 14)];
    return picture(TILE_SIDE, TILE_SIDE, (x, y) =>
      Math.max(inkAt(left, x + from, y), inkAt(right, x - to, y)),
    );
  },
  /** Two digits that touch and were not cut. Apart, one alone might be taken for a digit, and it would be one. */
  merged: (tile, random) => {
    const [left, right] = [tile(), tile()];
    const [lower, overlap] = [between(random, -3, 3), between(random, 1, 4)];
    const distance = touching(left, right, lower) - overlap;
    return picture(2 * TILE_SIDE, TILE_SIDE + 6, (x, y) =>
      Math.max(inkAt(left, x, y - 3), inkAt(right, x - distance, y - 3 - lower)),
    );
  },
  /** One written over another; null where they do not cross. */
  crossed: (tile, random) => {
    const [under, over] = [tile(), tile()];
    const [x0, y0] = [between(random, -7, 7), between(random, -5, 5)];
    const both = (x: number, y: number): readonly [number, number] => [
      inkAt(under, x - 7, y - 5),
      inkAt(over, x - 7 - x0, y - 5 - y0),
    ];
    let crossing = 0;
    const crossed = picture(TILE_SIDE + 14, TILE_SIDE + 10, (x, y) => {
      const [one, other] = both(x, y);
      if (Math.min(one, other) >= INK) crossing++;
      return Math.max(one, other);
    });
    return crossing > 0 ? crossed : null;
  },
  /** Grain of paper with nothing on it. */
  grain: (_, random) => {
    const deviation = random.uniform(8, 40);
    return picture(between(random, 20, 64), between(random, 20, 64), () => 12 + deviation * random.normal());
  },
  /** Dirt of single dots, coarse or fine. */
  dots: (_, random) => {
    const [share, side] = [random.uniform(0.02, 0.3), between(random, 12, 40)];
    return picture(side, side, () => (random.uniform() < share ? 255 : 0));
  },
  /** A spot with soft or hard edges. */
  spot: (_, random) => {
    const hills = Array.from({ length: between(random, 1, 4) }, () => ({
      x: random.uniform(9, 19),
      y: random.uniform(9, 19),
      wide: random.uniform(1.5, 7),
      high: random.uniform(1.5, 7),
      slant: random.uniform(-0.8, 0.8),
    }));
    const [strength, hard] = [random.uniform(120, 400), random.uniform(0, 0.4)];
    return picture(TILE_SIDE, TILE_SIDE, (x, y) => {
      const height = hills.reduce((sum, hill) => {
        const [dx, dy] = [(x - hill.x) / hill.wide, (y - hill.y) / hill.high];
        return sum + Math.exp(-(dx * dx + dy * dy - hill.slant * dx * dy));
      }, 0);
      return height < hard ? 0 : strength * height;
    });
  },
  /** Strokes that are no writing. */
  strokes: (_, random) => {
    const point = (): readonly [number, number] => [random.uniform(4, 24), random.uniform(4, 24)];
    // One straight line would be a 1.
    const lines = Array.from({ length: between(random, 1, 4) }, (_, at) =>
      Array.from({ length: between(random, at === 0 ? 3 : 2, 4) }, point),
    );
    const width = random.uniform(1, 2.2);
    return picture(TILE_SIDE, TILE_SIDE, (x, y) => {
      const nearest = Math.min(
        ...lines.flatMap((corners) =>
          corners.slice(1).map((to, at) => distanceToSegment([x, y], corners[at]!, to)),
        ),
      );
      return 255 * (width + 0.5 - nearest);
    });
  },
} satisfies Record<string, Draw>;
export type Kind = keyof typeof draw;
export const kinds = Object.keys(draw) as Kind[];

type Place = readonly [number, number];
function distanceToSegment([x, y]: Place, [x0, y0]: Place, [x1, y1]: Place): number {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const along = Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - x0 - along * dx, y - y0 - along * dy);
}
