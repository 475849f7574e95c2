import path from 'node:path';
import fs from 'node:fs';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { defaultRecipe, TILE_BYTES, TILE_SIDE, type NormalisationRecipe } from '../../shared/domain.ts';
import { someDigits } from '../training/digits.testing.ts';
import type { GreyPicture } from './picture.ts';
import {
  asPicture,
  asSharp,
  correlation,
  massCentre,
  photographed,
  scanOf,
  tileOf,
} from './pictures.testing.ts';
import { readImage } from './read-image.ts';
import { normalise, type StepName } from './recipe.ts';

let test: Uint8Array;
let train: Uint8Array;
beforeAll(async () => {
  test = (await someDigits('test', 10_000)).tiles;
  train = (await someDigits('train', 60_000)).tiles;
});

const darkOnLight: NormalisationRecipe = { ...defaultRecipe, polarity: 'dark-on-light' };
const lightOnDark: NormalisationRecipe = { ...defaultRecipe, polarity: 'light-on-dark' };
const even = (width: number, height: number, level: number): GreyPicture => ({
  width,
  height,
  data: new Uint8Array(width * height).fill(level),
});

describe('a tile of MNIST', () => {
  const changed = (tiles: Uint8Array, recipe: NormalisationRecipe, invert = false): number => {
    let count = 0;
    for (let index = 0; index < tiles.length / TILE_BYTES; index++) {
      const tile = tileOf(tiles, index);
      const result = normalise(asPicture(invert ? tile.map((value) => 255 - value) : tile), recipe);
      if (!result || Buffer.compare(result, tile) !== 0) count++;
    }
    return count;
  };

  it('passes bit for bit, all 70,000 of them', () => {
    expect(train.length + test.length).toBe(70_000 * TILE_BYTES);
    for (const recipe of [defaultRecipe, lightOnDark]) {
      expect(changed(train, recipe)).toBe(0);
      expect(changed(test, recipe)).toBe(0);
    }
  });

  it('passes black on white too', () => {
    expect(changed(test, defaultRecipe, true)).toBe(0);
    expect(changed(test, darkOnLight, true)).toBe(0);
  });

  it('is a copy, which the caller may keep', () => {
    const picture = asPicture(tileOf(test, 0));
    const tile = normalise(picture, defaultRecipe)!;
    picture.data.fill(0);
    expect(Buffer.compare(tile, tileOf(test, 0))).toBe(0);
  });

  it('that lies off centre is no tile and is moved there', () => {
    const moved = new Uint8Array(TILE_BYTES);
    moved.set(tileOf(test, 0).subarray(3 * TILE_SIDE));
    expect(normalise(asPicture(moved), defaultRecipe)).not.toEqual(moved);
    expect(alike(normalise(asPicture(moved), defaultRecipe)!, tileOf(test, 0))).toBeGreaterThan(0.95);
  });
});

/** Correlation where it is best within one pixel: rounding the centre of mass may go either way. */
function alike(tile: Uint8Array, expected: Uint8Array): number {
  const moved = (by: number): Uint8Array => tile.map((_, at) => tile[at + by] ?? 0);
  const shifts = [-1, 0, 1].flatMap((x) => [-1, 0, 1].map((y) => x + y * TILE_SIDE));
  return Math.max(...shifts.map((by) => correlation(moved(by), expected)));
}

describe('known PNG files', () => {
  const folder = path.join(import.meta.dirname, 'golden');
  const names = fs.readdirSync(folder).filter((name) => name.endsWith('.png'));

  it.each(names)('%s gives its tile', async (name) => {
    const outcome = await readImage(fs.readFileSync(path.join(folder, name)), name, defaultRecipe);
    if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome));
    const rows = Array.from({ length: TILE_SIDE }, (_, y) =>
      Buffer.from(outcome.tile.subarray(y * TILE_SIDE, (y + 1) * TILE_SIDE)).toString('hex'),
    );
    await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot(path.join(folder, `${name}.tile`));
  });

  it('are the ones that are known', () => {
    expect(names).toEqual([
      '0-mnist.png',
      '2-photograph.png',
      '4-palette.png',
      '5-small.png',
      '7-scan-16-bit.png',
      '9-transparent.png',
    ]);
  });
});

describe('a digit black on white', () => {
  it.each([
    { what: 'scanned', scale: 5, margin: 30, noise: null },
    { what: 'scanned with little paper around', scale: 12, margin: 2, noise: null },
    { what: 'photographed', scale: 12, margin: 150, noise: 6 },
    { what: 'photographed from near, with much noise', scale: 12, margin: 60, noise: 12 },
    { what: 'photographed small', scale: 3, margin: 10, noise: 4 },
  ])('$what comes out as its tile', async ({ scale, margin, noise }) => {
    for (let index = 0; index < 30; index++) {
      const tile = tileOf(test, index);
      const scan = await scanOf(tile, scale, margin);
      const picture = noise === null ? scan : photographed(scan, noise);
      const jpeg = await asSharp(picture).jpeg({ quality: 85 }).toBuffer();
      const outcome = await readImage(jpeg, `${index}.jpg`, defaultRecipe);
      if (outcome.status !== 'done') throw new Error(`${index}: ${JSON.stringify(outcome)}`);
      expect(alike(outcome.tile, tile), `digit ${index}`).toBeGreaterThan(0.8);
      const { x, y } = massCentre(outcome.tile);
      expect(Math.hypot(x - 14, y - 14), `digit ${index}`).toBeLessThan(0.75);
    }
  });

  it('is taken for white on black only when the recipe says so', async () => {
    const scan = await scanOf(tileOf(test, 0));
    const [told, found] = [normalise(scan, darkOnLight), normalise(scan, defaultRecipe)];
    expect(told).toEqual(found);
    expect(normalise(scan, lightOnDark)).not.toEqual(found);
  });

  it('within a printed frame is read without it', async () => {
    const framed = await scanOf(tileOf(test, 2), 5, 40);
    const { width, height, data } = framed;
    for (let y = 0, at = 0; y < height; y++)
      for (let x = 0; x < width; x++, at++)
        if (Math.min(x, y, width - 1 - x, height - 1 - y) < 4) data[at] = 0;
    expect(alike(normalise(framed, defaultRecipe)!, tileOf(test, 2))).toBeGreaterThan(0.8);
  });
});

describe('a picture without a digit', () => {
  it.each([
    ['black', even(200, 200, 0)],
    ['grey', even(640, 480, 128)],
    ['white', even(200, 200, 255)],
    ['an empty tile', even(28, 28, 0)],
    ['one pixel', even(1, 1, 0)],
    ['one row', even(3000, 1, 255)],
    ['an empty page, photographed', photographed(even(400, 300, 255), 2)],
  ])('is blank: %s', (_, picture) => {
    for (const recipe of [defaultRecipe, darkOnLight, lightOnDark])
      expect(normalise(picture, recipe)).toBeNull();
  });

  it.each([1, 2, 3])('is blank with a speck of %i pixels', (side) => {
    const page = even(200, 160, 255);
    for (let y = 0; y < side; y++) page.data.fill(0, (70 + y) * 200 + 90, (70 + y) * 200 + 90 + side);
    expect(normalise(page, defaultRecipe)).toBeNull();
  });

  it('does not stop at a speck that is as large as a small digit', () => {
    const page = even(200, 160, 255);
    for (let y = 70; y < 80; y++) page.data.fill(0, y * 200 + 90, y * 200 + 100);
    expect(normalise(page, defaultRecipe)!.filter((value) => value > 0)).toHaveLength(400);
  });

  it.each([
    [1, 2],
    [2, 1],
    [1, 5000],
    [5000, 1],
    [2048, 3],
    [19, 19],
    [27, 29],
  ])('does not stop at stripes of %i x %i pixels', (width, height) => {
    const stripes = even(width, height, 255);
    for (let at = 0; at < stripes.data.length; at += 3) stripes.data[at] = 0;
    const tile = normalise(stripes, defaultRecipe);
    expect(tile === null || tile.length === TILE_BYTES).toBe(true);
  });
});

describe('the steps', () => {
  it('are seen in their order, and the last is the tile', async () => {
    const seen: { name: StepName; picture: GreyPicture }[] = [];
    const scan = await scanOf(tileOf(test, 4));
    const tile = normalise(scan, defaultRecipe, (name, { width, height, data }) =>
      seen.push({ name, picture: { width, height, data: new Uint8Array(data) } }),
    );
    expect(seen.map(({ name }) => name)).toEqual(['decoded', 'grey', 'ink', 'crop', 'box', 'centred']);
    expect(seen.at(-1)!.picture.data).toEqual(tile);
    const box = seen[4]!.picture;
    expect(Math.max(box.width, box.height)).toBe(20);
    for (const { picture } of seen) expect(picture.data).toHaveLength(picture.width * picture.height);
  });

  it('end where no ink is found', () => {
    const seen: StepName[] = [];
    normalise(even(100, 100, 200), defaultRecipe, (name) => seen.push(name));
    expect(seen).toEqual(['decoded', 'grey']);
  });
});

it('reads a sample of MNIST bit for bit from PNG files', async () => {
  for (let index = 0; index < 10_000; index += 50) {
    const tile = tileOf(test, index);
    const png = await asSharp(asPicture(tile)).png().toBuffer();
    const { channels } = await sharp(png).metadata();
    const outcome = await readImage(png, 'x.png', defaultRecipe);
    expect(channels).toBe(1);
    expect(outcome).toMatchObject({ status: 'done', width: 28, height: 28, note: null });
    expect(outcome.status === 'done' && Buffer.compare(outcome.tile, tile)).toBe(0);
  }
});
