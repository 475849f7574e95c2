import sharp, { type Sharp } from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { someDigits } from '../training/digits.testing.ts';
import { decode, type Decoded } from './decode.ts';
import { jpegPixels, plainJpeg } from './jpeg.ts';
import { lumaOf, type Channels } from './luma.ts';
import type { GreyPicture } from './picture.ts';
import { asPicture, asSharp, photographed, scanOf, tileOf } from './pictures.testing.ts';
import { sniff, type ImageFormat } from './sniff.ts';

let scan: GreyPicture;
let tiles: Uint8Array;
beforeAll(async () => {
  ({ tiles } = await someDigits('test', 20));
  // Wider than high, so that a picture turned on its side shows.
  const { width, height, data } = photographed(await scanOf(tileOf(tiles, 2), 5, 30));
  scan = { width, height: height - 40, data: data.slice(0, width * (height - 40)) };
});

async function decoded(bytes: Buffer, format?: ImageFormat): Promise<Decoded> {
  const sniffed = sniff(bytes);
  expect(sniffed).toEqual({ kind: 'image', format: format ?? expect.any(String) });
  const result = await decode(bytes, sniffed.kind === 'image' ? sniffed.format : 'png');
  if ('code' in result) throw new Error(JSON.stringify(result));
  return result;
}
const greyOf = async (bytes: Buffer): Promise<Uint8Array> => (await decoded(bytes)).picture.data;
/** The greatest difference between two pictures' pixels. */
function furthest(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).toBe(b.length);
  let most = 0;
  a.forEach((value, at) => (most = Math.max(most, Math.abs(value - b[at]!))));
  return most;
}
/** Pixels of RGB or RGBA, each channel made from the scan's grey. */
const inColour = (channels: (grey: number, at: number) => number[]): Sharp => {
  const count = channels(0, 0).length as 3 | 4;
  const pixels = new Uint8Array(scan.data.length * count);
  scan.data.forEach((grey, at) => pixels.set(channels(grey, at), at * count));
  return sharp(pixels, { raw: { width: scan.width, height: scan.height, channels: count } });
};
const purple = (grey: number): [number, number, number] => [grey, grey >> 1, 255 - (grey >> 2)];

describe('the fast path and sharp give the same pixels', () => {
  /** What sharp makes of the file, by the calls of the slow path. */
  async function bySharp(bytes: Buffer): Promise<Uint8Array> {
    const { data, info } = await sharp(bytes)
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return lumaOf(data, info.channels as Channels);
  }
  const palette = { palette: true, dither: 0 } as const;
  const kinds: [string, () => Sharp][] = [
    ['grey', () => asSharp(scan).png()],
    [
      'grey, 1 bit',
      () =>
        asSharp(scan)
          .threshold(128)
          .png({ ...palette, colours: 2 }),
    ],
    ['RGB', () => inColour(purple).png()],
    ['RGB with even channels', () => inColour((grey) => [grey, grey, grey]).png()],
    ['RGBA', () => inColour((grey, at) => [...purple(grey), at % 256]).png()],
    ['RGBA, opaque', () => inColour((grey) => [...purple(grey), 255]).png()],
    ['ink on nothing', () => inColour((grey) => [30, 30, 90, 255 - grey]).png()],
    [
      'grey and alpha',
      () =>
        inColour((grey) => [grey, grey, grey, 200])
          .toColourspace('b-w')
          .png(),
    ],
    ...[2, 4, 16, 256].map((colours): [string, () => Sharp] => [
      `palette of ${colours}`,
      () => inColour(purple).png({ ...palette, colours }),
    ]),
    [
      'palette with transparency',
      () => inColour((grey) => [...purple(grey), grey > 128 ? 255 : 0]).png({ ...palette, colours: 16 }),
    ],
  ];

  it.each(kinds)('PNG: %s', async (_, make) => {
    const bytes = await make().toBuffer();
    const fast = await decoded(bytes, 'png');
    expect([fast.width, fast.height]).toEqual([scan.width, scan.height]);
    expect(Buffer.compare(fast.picture.data, await bySharp(bytes))).toBe(0);
  });

  const colour = (): Sharp => inColour(purple);
  const jpegs: [string, () => Sharp][] = [
    ['grey', () => asSharp(scan).jpeg()],
    ['grey, progressive', () => asSharp(scan).jpeg({ progressive: true })],
    ['colour', () => colour().jpeg({ chromaSubsampling: '4:4:4' })],
    ['colour at half the width and height', () => colour().jpeg({ chromaSubsampling: '4:2:0' })],
    ['colour, progressive', () => colour().jpeg({ progressive: true, quality: 60 })],
    ['of odd sides', () => colour().extract({ left: 0, top: 0, width: 33, height: 17 }).jpeg()],
    ['of one pixel', () => colour().extract({ left: 0, top: 0, width: 1, height: 1 }).jpeg()],
  ];
  it.each(jpegs)('JPEG: %s', async (_, make) => {
    const bytes = await make().toBuffer();
    expect(plainJpeg(bytes)).not.toBeNull();
    expect(await jpegPixels(bytes)).not.toBeNull();
    const fast = await decoded(bytes, 'jpeg');
    expect(Buffer.compare(fast.picture.data, await bySharp(bytes))).toBe(0);
  });

  it('for tiles, which come out as they are', async () => {
    for (let index = 0; index < 20; index++) {
      const tile = tileOf(tiles, index);
      const bytes = await asSharp(asPicture(tile)).png().toBuffer();
      expect(Buffer.compare(await greyOf(bytes), tile)).toBe(0);
      expect(Buffer.compare(await bySharp(bytes), tile)).toBe(0);
    }
  });

  it('and what the slow path alone reads is the same picture', async () => {
    const plain = await greyOf(await asSharp(scan).png().toBuffer());
    expect(Buffer.compare(plain, scan.data)).toBe(0);
    const interlaced = await asSharp(scan).png({ progressive: true }).toBuffer();
    expect(Buffer.compare(await greyOf(interlaced), plain)).toBe(0);
    const deep = await asSharp(scan).toColourspace('grey16').png().toBuffer();
    expect((await sharp(deep).metadata()).depth).toBe('ushort');
    expect(Buffer.compare(await greyOf(deep), plain)).toBe(0);
  });
});

describe('a picture comes out the same from', () => {
  const lossless: [string, ImageFormat, () => Sharp][] = [
    ['WebP', 'webp', () => asSharp(scan).webp({ lossless: true })],
    ['TIFF', 'tiff', () => asSharp(scan).tiff({ compression: 'none' })],
    ['TIFF with LZW', 'tiff', () => asSharp(scan).tiff({ compression: 'lzw', predictor: 'horizontal' })],
    ['TIFF in tiles', 'tiff', () => asSharp(scan).tiff({ compression: 'deflate', tile: true })],
    ['TIFF of 16 bits', 'tiff', () => asSharp(scan).toColourspace('grey16').tiff({ compression: 'lzw' })],
    ['PNG of 16 bits in colour', 'png', () => asSharp(scan).toColourspace('rgb16').png()],
  ];
  it.each(lossless)('%s', async (_, format, make) => {
    const { picture, width, height, frames } = await decoded(await make().toBuffer(), format);
    expect({ width, height, frames }).toEqual({ width: scan.width, height: scan.height, frames: 1 });
    expect(furthest(picture.data, scan.data)).toBe(0);
  });

  const lossy: [string, number, ImageFormat, () => Sharp][] = [
    ['JPEG', 12, 'jpeg', () => asSharp(scan).jpeg({ quality: 95 })],
    ['progressive JPEG', 12, 'jpeg', () => asSharp(scan).jpeg({ quality: 95, progressive: true })],
    ['JPEG in colour', 12, 'jpeg', () => inColour((grey) => [grey, grey, grey]).jpeg({ quality: 95 })],
    ['WebP with losses', 24, 'webp', () => asSharp(scan).webp({ quality: 95 })],
    ['GIF', 8, 'gif', () => asSharp(scan).gif({ dither: 0 })],
  ];
  it.each(lossy)('%s, within %i levels', async (_, levels, format, make) => {
    const { picture } = await decoded(await make().toBuffer(), format);
    expect(furthest(picture.data, scan.data)).toBeLessThanOrEqual(levels);
  });

  it('a CMYK JPEG, dark where it was dark', async () => {
    const bytes = await inColour((grey) => [grey, grey, grey])
      .toColourspace('cmyk')
      .jpeg({ quality: 95 })
      .toBuffer();
    expect((await sharp(bytes).metadata()).space).toBe('cmyk');
    expect(furthest(await greyOf(bytes), scan.data)).toBeLessThan(40);
  });

  it.each([
    ['24 bits', 24, false],
    ['24 bits from the top', 24, true],
    ['32 bits', 32, false],
    ['a palette of 256', 8, false],
  ])('BMP of %s', async (_, bits, fromTop) => {
    const { picture, width, height } = await decoded(bmp(scan, bits, fromTop), 'bmp');
    expect([width, height]).toEqual([scan.width, scan.height]);
    expect(Buffer.compare(picture.data, scan.data)).toBe(0);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('JPEG and PNG turned by EXIF orientation %i', async (orientation) => {
    // The camera's pixels are such that turning them as told gives the scan.
    const sideways = await sharp(
      await asSharp(scan)
        .png()
        .withMetadata({ orientation: inverse(orientation) })
        .toBuffer(),
    )
      .autoOrient()
      .toColourspace('b-w')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const { width, height } = sideways.info;
    expect([width, height]).toEqual(orientation < 5 ? [scan.width, scan.height] : [scan.height, scan.width]);
    const turned = asSharp({ width, height, data: new Uint8Array(sideways.data) }).withMetadata({
      orientation,
    });
    for (const [bytes, levels] of [
      [await turned.clone().png().toBuffer(), 0],
      [await turned.clone().jpeg({ quality: 95 }).toBuffer(), 12],
    ] as const) {
      const result = await decoded(bytes);
      expect([result.width, result.height]).toEqual([scan.width, scan.height]);
      expect([result.picture.width, result.picture.height]).toEqual([scan.width, scan.height]);
      expect(furthest(result.picture.data, scan.data)).toBeLessThanOrEqual(levels);
    }
  });
});

describe('transparency', () => {
  it.each([
    ['black', 0],
    ['white', 255],
  ])('shows %s ink against its opposite', async (_, level) => {
    const opaque = (at: number): boolean => scan.data[at]! < 90;
    const grey = await greyOf(
      await inColour((_, at) => [level, level, level, opaque(at) ? 255 : 0])
        .png()
        .toBuffer(),
    );
    expect(grey.every((value, at) => value === (opaque(at) ? level : 255 - level))).toBe(true);
  });

  it('hides what is under it', async () => {
    const clear = await greyOf(
      await inColour((grey) => [grey, grey, grey, 0])
        .png()
        .toBuffer(),
    );
    expect(new Set(clear).size).toBe(1);
  });
});

describe('a very large picture', () => {
  it.each(['png', 'jpeg', 'bmp'] as const)('is handed on smaller, its own size kept: %s', async (format) => {
    const [width, height] = [5_000, 2_500];
    const large = { width, height, data: new Uint8Array(width * height).fill(255) };
    for (let y = 500; y < 2_000; y++) large.data.fill(0, y * width + 2_000, y * width + 3_000);
    const bytes = format === 'bmp' ? bmp(large, 8, false) : await asSharp(large).toFormat(format).toBuffer();
    const { picture, ...size } = await decoded(bytes, format);
    expect(size).toEqual({ width, height, frames: 1 });
    expect([picture.width, picture.height]).toEqual([2048, 1024]);
    expect(picture.data[512 * 2048 + 1024]).toBe(0);
    expect(picture.data[100 * 2048 + 100]).toBe(255);
  });
});

/** The orientation that undoes another: 6 and 8 are quarter turns, the others undo themselves. */
const inverse = (orientation: number): number =>
  orientation === 6 ? 8 : orientation === 8 ? 6 : orientation;

/** A BMP file without compression. */
function bmp({ width, height, data }: GreyPicture, bits: number, fromTop: boolean): Buffer {
  const colours = bits === 8 ? 256 : 0;
  const stride = Math.ceil((width * bits) / 32) * 4;
  const start = 54 + 4 * colours;
  const bytes = Buffer.alloc(start + stride * height);
  bytes.write('BM');
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(start, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(fromTop ? -height : height, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(bits, 28);
  for (let level = 0; level < colours; level++) bytes.fill(level, 54 + 4 * level, 57 + 4 * level);
  for (let y = 0; y < height; y++) {
    const row = start + (fromTop ? y : height - 1 - y) * stride;
    for (let x = 0; x < width; x++) {
      const at = row + (x * bits) / 8;
      bytes.fill(data[y * width + x]!, at, at + Math.min(3, bits / 8));
    }
  }
  return bytes;
}
