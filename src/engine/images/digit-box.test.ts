import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digitBox, type DigitBox } from '../../shared/contract/index.ts';
import { defaultRecipe, TILE_SIDE } from '../../shared/domain.ts';
import { someDigits } from '../training/digits.testing.ts';
import { digitBoxOf, renderOriginal } from './original.ts';
import { asPicture, asSharp, tileOf } from './pictures.testing.ts';

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'box-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

interface Place {
  left: number;
  top: number;
  width: number;
  height: number;
}
interface Sheet {
  width: number;
  height: number;
  paper?: string;
  ink?: string;
}

/** A sheet with one bar on it, and whatever else. */
const sheet = ({ width, height, paper = '#fff', ink = '#111' }: Sheet, ...bars: Place[]): Sharp =>
  sharp({ create: { width, height, channels: 3, background: paper } }).composite(
    bars.map(({ left, top, ...size }) => ({
      input: { create: { ...size, channels: 3 as const, background: ink } },
      left,
      top,
    })),
  );

async function file(name: string, picture: Sharp, write: (picture: Sharp) => Sharp = (one) => one.png()) {
  const bytes = await write(picture).toBuffer();
  fs.writeFileSync(path.join(folder, name), bytes);
  return Buffer.from(path.join(folder, name));
}

async function boxIn(path: Buffer): Promise<DigitBox | null> {
  const outcome = await digitBoxOf(path, defaultRecipe);
  if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome));
  if (outcome.box) expect(digitBox.parse(outcome.box)).toEqual(outcome.box);
  return outcome.box;
}

/** How far the box's four sides lie from where they belong, at most. */
function apart(box: DigitBox | null, { left, top, width, height }: Place): number {
  if (!box) throw new Error('no box');
  return Math.max(
    ...[box.left - left, box.top - top].map(Math.abs),
    ...[box.left + box.width - left - width, box.top + box.height - top - height].map(Math.abs),
  );
}

describe('the box around the digit', () => {
  /** On these sizes ink is looked for at 96, 384 and 1024 pixels, or as it is. */
  const sheets: [string, Sheet, Place][] = [
    ['a cut-out', { width: 40, height: 60 }, { left: 14, top: 9, width: 6, height: 40 }],
    ['a scan', { width: 300, height: 200 }, { left: 210, top: 40, width: 24, height: 120 }],
    ['a page', { width: 1_200, height: 1_700 }, { left: 300, top: 1_100, width: 60, height: 240 }],
    [
      'a small digit on a page',
      { width: 1_200, height: 1_700 },
      { left: 900, top: 90, width: 14, height: 56 },
    ],
    [
      'a picture that is decoded smaller',
      { width: 4_100, height: 3_000 },
      { left: 2_600, top: 600, width: 400, height: 1_800 },
    ],
    [
      'a tiny digit in such a one',
      { width: 4_100, height: 3_000 },
      { left: 3_100, top: 2_500, width: 40, height: 160 },
    ],
  ];

  it.each(sheets)('lies where it is on %s', async (_, size, bar) => {
    const box = await boxIn(await file('a.png', sheet(size, bar)));
    expect(box!.picture).toEqual({ width: size.width, height: size.height });
    // The eye sees no more than a line's width beside it, and never less than the digit.
    const long = Math.max(size.width, size.height);
    expect(apart(box, bar)).toBeLessThanOrEqual(Math.max(1, (2 * long) / 96));
    expect(apart(box, bar)).toBeLessThanOrEqual(Math.max(1, bar.height / 12));
  });

  it('is the same on the negative', async () => {
    const bar = { left: 210, top: 40, width: 24, height: 120 };
    const size = { width: 300, height: 200 };
    const positive = await boxIn(await file('light.png', sheet(size, bar)));
    const negative = await boxIn(await file('dark.png', sheet({ ...size, paper: '#000', ink: '#eee' }, bar)));
    expect(negative).toEqual(positive);
  });

  /** Of a sheet of 300 x 200 as the file holds it; what the tag does to it, as EXIF defines it. */
  const turned: [number, (place: Place) => Place][] = [
    [1, (place) => place],
    [
      3,
      ({ left, top, width, height }) => ({
        left: 300 - left - width,
        top: 200 - top - height,
        width,
        height,
      }),
    ],
    [
      6,
      ({ left, top, width, height }) => ({
        left: 200 - top - height,
        top: left,
        width: height,
        height: width,
      }),
    ],
    [
      8,
      ({ left, top, width, height }) => ({
        left: top,
        top: 300 - left - width,
        width: height,
        height: width,
      }),
    ],
  ];
  it.each(turned)('is turned as EXIF orientation %i says', async (orientation, place) => {
    const bar = { left: 210, top: 40, width: 24, height: 120 };
    const tagged = await file('turned.jpg', sheet({ width: 300, height: 200 }, bar), (picture) =>
      picture.jpeg({ quality: 95 }).withMetadata({ orientation }),
    );
    const box = await boxIn(tagged);
    const { width, height } = box!.picture;
    expect([width, height]).toEqual(orientation > 4 ? [200, 300] : [300, 200]);
    expect(apart(box, place(bar))).toBeLessThanOrEqual(8);
  });

  it('fits the picture that is shown, pixel by pixel, however both are shrunk', async () => {
    const bar = { left: 2_600, top: 600, width: 400, height: 1_800 };
    const tagged = await file('large.jpg', sheet({ width: 4_100, height: 3_000 }, bar), (picture) =>
      picture.jpeg().withMetadata({ orientation: 6 }),
    );
    const box = (await boxIn(tagged))!;
    const shown = await renderOriginal(tagged);
    if (shown.status !== 'done') throw new Error('not shown');
    const { data, info } = await sharp(shown.png).greyscale().raw().toBuffer({ resolveWithObject: true });
    expect(Math.max(info.width, info.height)).toBe(1_600);
    const [across, down] = [info.width / box.picture.width, info.height / box.picture.height];
    let [inside, outside] = [0, 0];
    for (let y = 0, at = 0; y < info.height; y++)
      for (let x = 0; x < info.width; x++, at++) {
        if (data[at]! > 128) continue;
        const [u, v] = [(x + 0.5) / across - box.left, (y + 0.5) / down - box.top];
        if (u >= 0 && v >= 0 && u <= box.width && v <= box.height) inside++;
        else outside++;
      }
    expect(outside).toBe(0);
    expect(inside / (box.width * across * box.height * down)).toBeGreaterThan(0.8);
  });

  it('leaves out a frame at the border and specks', async () => {
    const bar = { left: 140, top: 50, width: 22, height: 100 };
    const size = { width: 300, height: 200 };
    const frame = [
      { left: 4, top: 4, width: 292, height: 2 },
      { left: 4, top: 194, width: 292, height: 2 },
      { left: 4, top: 4, width: 2, height: 192 },
      { left: 294, top: 4, width: 2, height: 192 },
    ];
    const speck = { left: 250, top: 160, width: 2, height: 2 };
    const box = await boxIn(await file('frame.png', sheet(size, bar, ...frame, speck)));
    expect(apart(box, bar)).toBeLessThanOrEqual(8);
  });

  it('is that of the ink on what already is a tile', async () => {
    const tile = tileOf((await someDigits('test', 1)).tiles, 0);
    const box = (await boxIn(await file('tile.png', asSharp(asPicture(tile)))))!;
    const inked = [...tile.keys()].filter((at) => tile[at]! >= 32);
    const columns = inked.map((at) => at % TILE_SIDE);
    const rows = inked.map((at) => Math.floor(at / TILE_SIDE));
    const [left, top] = [Math.min(...columns), Math.min(...rows)];
    expect(box).toEqual({
      ...{ left, top, width: Math.max(...columns) - left + 1, height: Math.max(...rows) - top + 1 },
      picture: { width: TILE_SIDE, height: TILE_SIDE },
    });
  });

  it('is not there on blank paper, and a file that cannot be read says why', async () => {
    expect(await boxIn(await file('blank.png', sheet({ width: 90, height: 60 })))).toBeNull();
    expect(await boxIn(await file('large-blank.png', sheet({ width: 3_000, height: 2_100 })))).toBeNull();
    const missing = Buffer.from(path.join(folder, 'missing.png'));
    expect(await digitBoxOf(missing, defaultRecipe)).toEqual({
      status: 'failed',
      reason: { code: 'vanished' },
    });
  });
});
