import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { decode } from './decode.ts';
import { jpegPixels, plainJpeg } from './jpeg.ts';

const [width, height] = [90, 40];
let grey: Buffer;
let colour: Buffer;
beforeAll(async () => {
  const raw = { width, height, channels: 3 } as const;
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, at) => (at * at) % 251);
  colour = await sharp(pixels, { raw }).jpeg().toBuffer();
  grey = await sharp(pixels, { raw }).toColourspace('b-w').jpeg().toBuffer();
});

describe('a plain JPEG', () => {
  it('is grey or in colour, and tells its size', () => {
    expect(plainJpeg(grey)).toEqual({ width, height });
    expect(plainJpeg(colour)).toEqual({ width, height });
  });

  it('is none with an orientation, in CMYK, or cut in its header', async () => {
    const turned = await sharp(colour).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    expect(plainJpeg(turned)).toBeNull();
    expect(plainJpeg(await sharp(colour).toColourspace('cmyk').jpeg().toBuffer())).toBeNull();
    const scanAt = grey.indexOf(Buffer.from([0xff, 0xda]));
    for (let length = 0; length <= scanAt; length++) expect(plainJpeg(grey.subarray(0, length))).toBeNull();
  });

  it('comes out as its pixels, one channel or three', async () => {
    const one = (await jpegPixels(grey))!;
    expect([one.channels, one.pixels.length]).toEqual([1, width * height]);
    const three = (await jpegPixels(colour))!;
    expect([three.channels, three.pixels.length]).toEqual([3, 3 * width * height]);
  });
});

describe('a damaged JPEG', () => {
  it('fails wherever it is cut, and the next one is read', async () => {
    for (const share of [0.6, 0.8, 0.95, 0.999]) {
      const cut = grey.subarray(0, Math.floor(grey.length * share));
      expect(await jpegPixels(cut)).toBeNull();
      expect(await decode(cut, 'jpeg')).toEqual({ code: 'truncated' });
      expect(await jpegPixels(grey)).not.toBeNull();
    }
  });

  it('is what sharp says it is', async () => {
    const [read, refused] = [[] as number[], [] as number[]];
    for (let at = colour.length >> 1; at < colour.length - 2; at += 3) {
      const bytes = Buffer.from(colour);
      bytes[at]! ^= 0x11;
      const bySharp = sharp(bytes, { failOn: 'warning' }).raw().toBuffer();
      const isRead = await bySharp.then(
        () => true,
        () => false,
      );
      expect('picture' in (await decode(bytes, 'jpeg'))).toBe(isRead);
      (isRead ? read : refused).push(at);
    }
    // Else this has shown nothing.
    expect(read).not.toEqual([]);
    expect(refused).not.toEqual([]);
  });
});
