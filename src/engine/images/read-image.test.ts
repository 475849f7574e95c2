import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultRecipe } from '../../shared/domain.ts';
import { someDigits } from '../training/digits.testing.ts';
import type { GreyPicture } from './picture.ts';
import { asPicture, asSharp, correlation, scanOf, tileOf } from './pictures.testing.ts';
import { readImage, readImageFile } from './read-image.ts';
import type { ReadOutcome } from './types.ts';

let folder: string;
let tile: Uint8Array;
let scan: GreyPicture;
let png: Buffer;
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'read-image-'));
  tile = tileOf((await someDigits('test', 5)).tiles, 4);
  scan = await scanOf(tile, 5, 20);
  png = await asSharp(scan).png().toBuffer();
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** The outcome of a real file of this name. */
async function outcomeOf(name: string, content: Buffer | string): Promise<ReadOutcome> {
  const file = path.join(folder, name);
  fs.writeFileSync(file, content);
  return readImageFile(Buffer.from(file), defaultRecipe);
}
const failed = (code: string, params?: object) => ({
  status: 'failed',
  reason: params ? { code, params } : { code },
});
const skipped = (found: string) => ({
  status: 'skipped',
  reason: { code: 'not-an-image', params: { found } },
});
const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name), data]);
  return Buffer.concat([u32(data.length), body, u32(crc32(body))]);
}

describe('bad input', () => {
  it.each(['a.png', 'b.JPG', 'c.tiff', 'd.webp', 'e.gif', 'f.bmp'])('an empty %s fails', async (name) => {
    expect(await outcomeOf(name, '')).toEqual(failed('empty-file'));
  });

  it.each(['empty', 'empty.txt', 'png', '.gitkeep'])(
    'an empty file of another name is skipped: %s',
    async (name) => {
      expect(await outcomeOf(name, '')).toEqual(skipped('empty'));
    },
  );

  it.each([
    ['notes.png', 'seven is 7\n', 'text'],
    ['unicode.png', '数字 – naïve', 'text'],
    ['page.jpg', '<html><body>', 'text'],
    ['BM.bmp', 'BMW and other cars', 'text'],
    ['archive.png', 'PK\x03\x04', 'zip'],
    ['noise.png', Buffer.from([0, 1, 2, 3, 4, 5]), 'unknown'],
    ['short.png', Buffer.from('\x89PNG', 'latin1'), 'unknown'],
    ['scan.pdf', '%PDF-1.7', 'pdf'],
  ])('is skipped by its first bytes: %s', async (name, content, found) => {
    expect(await outcomeOf(name, content)).toEqual(skipped(found));
  });

  it.each([
    ['heif', '\0\0\0\x18ftypheic', 'photo.heic'],
    ['avif', '\0\0\0\x18ftypavif', 'a.avif'],
    ['psd', '8BPS\0\x01', 'a.psd'],
    ['netpbm', 'P5\n28 28\n255\n', 'a.pgm'],
    ['ico', '\0\0\x01\0\x01\0', 'a.ico'],
  ])('a picture of another kind fails: %s', async (format, start, name) => {
    const bytes = Buffer.concat([Buffer.from(start, 'latin1'), Buffer.alloc(64)]);
    expect(await outcomeOf(name, bytes)).toEqual(failed('unsupported-format', { format }));
  });

  it('a picture in a text fails', async () => {
    const svg = '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>';
    expect(await outcomeOf('a.svg', svg)).toEqual(failed('unsupported-format', { format: 'svg' }));
  });

  it('a PNG cut anywhere fails', async () => {
    for (const length of [9, 20, 33, 40, Math.floor(png.length / 2), png.length - 12, png.length - 1])
      expect(await outcomeOf('cut.png', png.subarray(0, length)), `${length} bytes`).toEqual(
        failed('truncated'),
      );
  });

  it('a PNG with a wrong CRC fails, whichever chunk it is in', async () => {
    for (const name of ['IHDR', 'IDAT', 'IEND']) {
      const bytes = Buffer.from(png);
      const at = bytes.indexOf(name);
      const length = bytes.readUInt32BE(at - 4);
      bytes[at + 4 + length]! ^= 1;
      expect(await outcomeOf('crc.png', bytes)).toEqual(failed('bad-checksum', { chunk: name }));
    }
    const flipped = Buffer.from(png);
    flipped[flipped.indexOf('IDAT') + 40]! ^= 0x10;
    expect(await outcomeOf('crc.png', flipped)).toEqual(failed('bad-checksum', { chunk: 'IDAT' }));
  });

  it('a PNG whose pixels do not inflate fails', async () => {
    const header = chunk('IHDR', Buffer.concat([u32(28), u32(28), Buffer.from([8, 0, 0, 0, 0])]));
    const signature = png.subarray(0, 8);
    const end = chunk('IEND', Buffer.alloc(0));
    const broken = Buffer.concat([signature, header, chunk('IDAT', Buffer.alloc(64, 7)), end]);
    expect(await outcomeOf('broken.png', broken)).toMatchObject(failed('cannot-decode', expect.anything()));
    const short = Buffer.concat([signature, header, chunk('IDAT', deflateSync(Buffer.alloc(100))), end]);
    expect((await outcomeOf('short.png', short)).status).toBe('failed');
    const empty = Buffer.concat([signature, header, end]);
    expect((await outcomeOf('none.png', empty)).status).toBe('failed');
  });

  it.each(['jpeg', 'webp', 'tiff', 'gif'] as const)('a %s cut in the middle fails', async (format) => {
    const bytes = await asSharp(scan).toFormat(format, { compression: 'lzw' }).toBuffer();
    const outcome = await outcomeOf(`cut.${format}`, bytes.subarray(0, Math.floor(bytes.length / 2)));
    expect(outcome.status).toBe('failed');
    const early = await outcomeOf(`cut.${format}`, bytes.subarray(0, 16));
    expect(early.status).toBe('failed');
  });

  it('a picture of nothing but paper fails as blank', async () => {
    const { width, height } = scan;
    const paper = { width, height, data: new Uint8Array(width * height).fill(250) };
    expect(await outcomeOf('blank.png', await asSharp(paper).png().toBuffer())).toEqual(failed('blank'));
    const clear = await sharp({ create: { width, height, channels: 4, background: '#0000' } })
      .png()
      .toBuffer();
    expect(await outcomeOf('clear.png', clear)).toEqual(failed('blank'));
  });

  it('what is no regular file is not opened', async () => {
    const at = (name: string): string => path.join(folder, name);
    execFileSync('mkfifo', [at('pipe.png')]);
    fs.writeFileSync(at('real.png'), png);
    fs.symlinkSync(at('real.png'), at('link.png'));
    fs.symlinkSync(at('loop.png'), at('loop.png'));
    const read = (file: string) => readImageFile(Buffer.from(file), defaultRecipe);
    const skippedAs = (code: string) => ({ status: 'skipped', reason: { code } });
    expect(await read(at('pipe.png'))).toEqual(skippedAs('not-a-regular-file'));
    expect(await read('/dev/zero')).toEqual(skippedAs('not-a-regular-file'));
    expect(await read(folder)).toEqual(skippedAs('not-a-regular-file'));
    expect(await read(at('link.png'))).toEqual(skippedAs('symbolic-link'));
    expect(await read(at('loop.png'))).toEqual(skippedAs('symbolic-link'));
    expect(await read(at('gone.png'))).toEqual(failed('vanished'));
  });

  // The suite runs unprivileged; for root every file is readable.
  it.skipIf(process.getuid?.() === 0)('a file without permission fails', async () => {
    const file = path.join(folder, 'secret.png');
    fs.writeFileSync(file, png, { mode: 0 });
    expect(await readImageFile(Buffer.from(file), defaultRecipe)).toEqual(failed('permission-denied'));
  });

  it.each([
    'a b.png',
    'quote".png',
    "it's.png",
    'new\nline.png',
    '🙂.png',
    'comma,.png',
    '-rf.png',
    '字.png',
  ])('an odd name is a name: %j', async (name) => {
    expect(await outcomeOf(name, png)).toMatchObject({ status: 'done', note: null });
  });

  it('a name that is not UTF-8 is a name', async () => {
    const file = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0xfe]), Buffer.from('.png')]);
    fs.writeFileSync(file, png);
    expect(await readImageFile(file, defaultRecipe)).toMatchObject({ status: 'done', note: null });
  });
});

describe('a picture above 100 megapixels by its header', () => {
  const [width, height] = [12_000, 10_000];
  const limit = { width, height, limit: 100 };
  /** Marker, length, precision, height, width, one component. */
  const jpegHeader = Buffer.from('ffd8ffc0000b0827102ee001011100ffda0008010100003f00', 'hex');
  /** A small picture whose header claims to be large. */
  async function small(format: 'gif' | 'webp', claim: (bytes: Buffer) => void): Promise<Buffer> {
    const bytes = await asSharp(scan).toFormat(format, { lossless: true }).toBuffer();
    claim(bytes);
    return bytes;
  }
  const gifHeader = () =>
    small('gif', (bytes) => {
      bytes.writeUInt16LE(width, 6);
      bytes.writeUInt16LE(height, 8);
    });
  /** VP8L: width - 1 and height - 1 in 14 bits each. */
  const webpHeader = () =>
    small('webp', (bytes) => bytes.writeUInt32LE((width - 1) | ((height - 1) << 14), 21));
  const bmpHeader = (): Buffer => {
    const bytes = Buffer.alloc(64);
    bytes.write('BM');
    bytes.writeUInt32LE(40, 14);
    bytes.writeInt32LE(width, 18);
    bytes.writeInt32LE(-height, 22);
    bytes.writeUInt16LE(1, 26);
    bytes.writeUInt16LE(24, 28);
    return bytes;
  };

  it.each([
    ['huge.jpg', () => jpegHeader],
    ['huge.gif', gifHeader],
    ['huge.webp', webpHeader],
    ['huge.bmp', bmpHeader],
  ])('fails: %s', async (name, bytes) => {
    expect(await outcomeOf(name, await bytes())).toEqual(failed('too-large', limit));
  });

  it.each(['png', 'tiff', 'jpeg'] as const)('is not decoded: a real %s', async (format) => {
    const bytes = await sharp({ create: { width, height, channels: 3, background: '#fff' } })
      .toColourspace('b-w')
      .toFormat(format, { compression: 'deflate', compressionLevel: 1 })
      .toBuffer();
    // The first call pays for the loading of the decoder.
    await readImage(await asSharp(scan).toFormat(format).toBuffer(), 'small', defaultRecipe);
    const spent = async (work: () => Promise<unknown>): Promise<number> => {
      const before = process.cpuUsage();
      await work();
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    const refusing = await spent(async () =>
      expect(await outcomeOf(`huge.${format}`, bytes)).toEqual(failed('too-large', limit)),
    );
    const decoding = await spent(() => sharp(bytes).raw().toBuffer());
    expect(refusing).toBeLessThan(decoding / 10);
  });

  it('counts exactly', async () => {
    const header = (w: number, h: number): Buffer =>
      Buffer.concat([
        png.subarray(0, 8),
        chunk('IHDR', Buffer.concat([u32(w), u32(h), Buffer.from([1, 0, 0, 0, 0])])),
        chunk('IEND', Buffer.alloc(0)),
      ]);
    expect(await outcomeOf('a.png', header(10_001, 10_000))).toMatchObject({ reason: { code: 'too-large' } });
    expect(await outcomeOf('b.png', header(10_000, 10_000))).toMatchObject({
      reason: { code: 'cannot-decode' },
    });
    expect(await outcomeOf('c.png', header(0xffff_ffff, 0xffff_ffff))).toMatchObject({
      reason: { code: 'too-large' },
    });
  });

  it('decodes one just below, small enough to work with', async () => {
    const large = await sharp(png)
      .resize(9_000, 9_000, { kernel: 'nearest' })
      .png({ compressionLevel: 1 })
      .toBuffer();
    const outcome = await outcomeOf('large.png', large);
    if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome));
    expect(outcome).toMatchObject({ width: 9_000, height: 9_000 });
    expect(correlation(outcome.tile, tile)).toBeGreaterThan(0.9);
  });
});

describe('a note says', () => {
  /** The scan, then pictures that differ from it and from each other. */
  const frames = (count: number): Promise<Buffer[]> =>
    Promise.all(
      Array.from({ length: count }, (_, frame) =>
        asSharp({
          ...scan,
          data: frame === 0 ? scan.data : new Uint8Array(scan.data.length).fill(40 * frame),
        })
          // sharp joins grey pictures wrongly.
          .toColourspace('srgb')
          .png()
          .toBuffer(),
      ),
    );

  it.each(['gif', 'webp'] as const)('that an animated %s gave its first picture', async (format) => {
    const still = await outcomeOf(
      `still.${format}`,
      await asSharp(scan).toFormat(format, { lossless: true }).toBuffer(),
    );
    const animated = await sharp(await frames(3), { join: { animated: true } })
      .toFormat(format, { lossless: true })
      .toBuffer();
    expect(await outcomeOf(`film.${format}`, animated)).toMatchObject({
      status: 'done',
      tile: tileFrom(still),
      width: scan.width,
      height: scan.height,
      note: { code: 'first-of-frames', params: { count: 3 } },
    });
  });

  it('that a TIFF of several pages gave its first', async () => {
    const tiff = await sharp(await frames(2), { join: { animated: true } })
      .tiff({ compression: 'lzw' })
      .toBuffer();
    const outcome = await outcomeOf('pages.tif', tiff);
    expect(outcome).toMatchObject({
      status: 'done',
      height: scan.height,
      note: { code: 'first-of-frames', params: { count: 2 } },
    });
    expect(tileFrom(outcome)).toEqual(tileFrom(await readImage(png, 'a.png', defaultRecipe)));
  });

  it('that a PNG is animated', async () => {
    const at = png.indexOf('IDAT') - 4;
    const control = chunk('acTL', Buffer.concat([u32(4), u32(0)]));
    const apng = Buffer.concat([png.subarray(0, at), control, png.subarray(at)]);
    expect(await outcomeOf('a.png', apng)).toMatchObject({
      status: 'done',
      note: { code: 'first-of-frames', params: { count: 4 } },
    });
  });

  it('that name and content differ', async () => {
    expect(await outcomeOf('a.jpg', png)).toMatchObject({
      status: 'done',
      note: { code: 'name-and-content-differ', params: { name: 'jpg', content: 'png' } },
    });
    for (const name of ['a.PNG', 'without-extension', 'a.dat'])
      expect(await outcomeOf(name, png)).toMatchObject({ status: 'done', note: null });
  });
});

it('gives hash and size of the original', async () => {
  const outcome = await readImage(await asSharp(asPicture(tile)).png().toBuffer(), 'a.png', defaultRecipe);
  expect(outcome).toMatchObject({
    status: 'done',
    width: 28,
    height: 28,
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(tileFrom(outcome)).toEqual(tile);
});

function tileFrom(outcome: ReadOutcome): Uint8Array {
  if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome));
  return outcome.tile;
}
