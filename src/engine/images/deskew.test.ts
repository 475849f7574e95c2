import { beforeAll, describe, expect, it } from 'vitest';
import { defaultRecipe, normalisationOf, TILE_BYTES, TILE_SIDE } from '../../shared/domain.ts';
import { someDigits } from '../training/digits.testing.ts';
import { deskewed } from './deskew.ts';
import type { GreyPicture } from './picture.ts';
import { asPicture, massCentre, scanOf, tileOf } from './pictures.testing.ts';
import { normalise, type StepName } from './recipe.ts';
import { whole } from './resample.ts';

const COUNT = 200;
const EDGE = 32;

let tiles: Uint8Array;
beforeAll(async () => {
  ({ tiles } = await someDigits('test', COUNT));
});

/** How far a line lies to the right of the one above it, on the average over the inked pixels. */
function slantOf({ width, data }: GreyPicture): number {
  const inked = [...data.keys()].filter((at) => data[at]! >= EDGE);
  const [x, y] = [(at: number) => at % width, (at: number) => Math.floor(at / width)];
  const mean = (of: (at: number) => number): number =>
    inked.reduce((sum, at) => sum + of(at), 0) / inked.length;
  const [middleX, middleY] = [mean(x), mean(y)];
  return mean((at) => (x(at) - middleX) * (y(at) - middleY)) / mean((at) => (y(at) - middleY) ** 2);
}

/** A bar three pixels wide that leans by so many pixels a line. */
function bar(slant: number, height = 21): GreyPicture {
  const width = 60;
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const left = Math.round(30 + slant * (y - (height - 1) / 2));
    data.fill(255, y * width + left - 1, y * width + left + 2);
  }
  return { width, height, data };
}

describe('a bar', () => {
  it.each([-0.8, -0.3, 0.25, 0.6])('that leans by %f stands upright', (slant) => {
    const leaning = bar(slant);
    expect(slantOf(leaning)).toBeCloseTo(slant, 1);
    const straight = deskewed(leaning, whole(leaning), EDGE);
    expect(Math.abs(slantOf(straight))).toBeLessThan(0.05);
    expect(straight.height).toBe(leaning.height);
    // Shifting takes no ink away.
    const ink = ({ data }: GreyPicture): number => data.reduce((sum, value) => sum + value, 0);
    expect(ink(straight) / ink(leaning)).toBeCloseTo(1, 2);
  });

  it('that stands upright, and one that lies down, stay what they are', () => {
    const upright = bar(0);
    expect(Math.abs(slantOf(deskewed(upright, whole(upright), EDGE)))).toBe(0);
    const lying = { width: 40, height: 1, data: new Uint8Array(40).fill(255) };
    const result = deskewed(lying, whole(lying), EDGE);
    expect(result.data.filter((value) => value === 255)).toHaveLength(40);
    const empty = { width: 5, height: 5, data: new Uint8Array(25) };
    expect(deskewed(empty, whole(empty), EDGE).data.every((value) => value === 0)).toBe(true);
  });
});

describe('a recipe that sets digits upright', () => {
  const recipe = normalisationOf({ polarity: 'auto', crop: true, deskew: true });

  it('takes nearly all of the slant out of handwriting, tiles of MNIST included', () => {
    let [before, after] = [0, 0];
    for (let at = 0; at < COUNT; at++) {
      const tile = normalise(asPicture(tileOf(tiles, at)), recipe)!;
      before += Math.abs(slantOf(asPicture(tileOf(tiles, at))));
      after += Math.abs(slantOf(asPicture(tile)));
      const { x, y } = massCentre(tile);
      expect(Math.hypot(x - 14, y - 14), `digit ${at}`).toBeLessThan(0.75);
    }
    expect(after).toBeLessThan(before / 5);
  });

  it('shows it as a step', async () => {
    const seen: StepName[] = [];
    normalise(await scanOf(tileOf(tiles, 4)), recipe, (name) => seen.push(name));
    expect(seen).toEqual(['decoded', 'grey', 'ink', 'deskewed', 'crop', 'box', 'centred']);
  });
});

describe('a recipe that does not crop', () => {
  const recipe = normalisationOf({ polarity: 'auto', crop: false, deskew: false });

  it('keeps where a digit lies on its paper, and how large it is there', async () => {
    const scan = await scanOf(tileOf(tiles, 0), 2, 42);
    const [side, top] = [scan.width, scan.height - 2 * 28];
    // The lower right quarter of the paper holds the digit alone.
    const corner: GreyPicture = { ...scan, data: new Uint8Array(scan.data.length).fill(255) };
    for (let y = 0; y < top; y++)
      corner.data.set(scan.data.subarray(y * side, y * side + side - 56), (y + 56) * side + 56);
    const tile = normalise(corner, recipe)!;
    const { x, y } = massCentre(tile);
    expect(Math.min(x, y)).toBeGreaterThan(17);
    expect(normalise(corner, defaultRecipe)).not.toEqual(tile);
    const rows = [...tile.keys()].filter((at) => tile[at]! >= 128).map((at) => Math.floor(at / TILE_SIDE));
    expect(Math.max(...rows) - Math.min(...rows)).toBeLessThan(12);
  });

  it('fits a wide picture into the tile by its long side, and has no step for the crop', () => {
    const wide: GreyPicture = { width: 200, height: 100, data: new Uint8Array(20_000).fill(255) };
    for (let y = 30; y < 70; y++) wide.data.fill(0, y * 200 + 90, y * 200 + 110);
    const seen: StepName[] = [];
    const tile = normalise(wide, recipe, (name) => seen.push(name))!;
    expect(seen).toEqual(['decoded', 'grey', 'ink', 'box', 'centred']);
    expect(tile).toHaveLength(TILE_BYTES);
    const { x, y } = massCentre(tile);
    expect(Math.hypot(x - 14, y - 14)).toBeLessThan(0.75);
    expect(tile.subarray(0, 7 * TILE_SIDE).every((value) => value === 0)).toBe(true);
  });

  it('leaves a tile of MNIST as it is, and a blank page blank', () => {
    expect(normalise(asPicture(tileOf(tiles, 7)), recipe)).toEqual(tileOf(tiles, 7));
    const blank = { width: 90, height: 60, data: new Uint8Array(5_400).fill(255) };
    for (const deskew of [false, true])
      expect(normalise(blank, normalisationOf({ polarity: 'auto', crop: false, deskew }))).toBeNull();
  });
});
