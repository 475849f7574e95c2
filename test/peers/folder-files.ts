import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import sharp from 'sharp';
import { readMnist } from '../../src/engine/datasets/mnist.ts';
import { tileAt } from '../../src/engine/datasets/store.ts';
import { mnistFolder } from '../../src/engine/training/digits.testing.ts';
import { TILE_SIDE } from '../../src/shared/domain.ts';

const FILES_PER_FOLDER = 1_000;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function chunk(type: string, content: Buffer): Buffer {
  const bytes = Buffer.alloc(content.length + 12);
  bytes.writeUInt32BE(content.length, 0);
  bytes.write(type, 4, 'latin1');
  content.copy(bytes, 8);
  bytes.writeUInt32BE(zlib.crc32(bytes.subarray(4, content.length + 8)), content.length + 8);
  return bytes;
}

/** A tile as a grey PNG of 8 bits. */
function pngOf(tile: Uint8Array): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(TILE_SIDE, 0);
  header.writeUInt32BE(TILE_SIDE, 4);
  header[8] = 8;
  const rows = Buffer.alloc(TILE_SIDE * (TILE_SIDE + 1));
  for (let row = 0; row < TILE_SIDE; row++)
    rows.set(tile.subarray(row * TILE_SIDE, (row + 1) * TILE_SIDE), row * (TILE_SIDE + 1) + 1);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', zlib.deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Where the tile's inked pixel of that number lies. */
function inkedPixel(tile: Uint8Array, number: number): number {
  const inked = [...tile.keys()].filter((at) => tile[at]! > 32);
  return inked[number]!;
}

/** Digits as PNG files of 28 x 28, no two alike, a thousand to a folder. */
export async function writeDigits(folder: string, count: number): Promise<void> {
  const { tiles, labels } = await readMnist(mnistFolder, 'train');
  for (let at = 0; at < count; at++) {
    const place = path.join(folder, String(Math.floor(at / FILES_PER_FOLDER)).padStart(4, '0'));
    if (at % FILES_PER_FOLDER === 0) fs.mkdirSync(place, { recursive: true });
    const tile = tileAt(tiles, at % labels.length).slice();
    // The last bit of one inked pixel tells the rounds through the digits apart: a tile stays what it is, and costs what it does.
    const round = Math.floor(at / labels.length);
    if (round > 0) tile[inkedPixel(tile, round - 1)]! ^= 1;
    fs.writeFileSync(path.join(place, `${at}.png`), pngOf(tile));
  }
}

/** Scans of 300 dpi: 200 x 200, dark on a light ground, the digit somewhere on it, as a scanner writes them in grey or in colour; JPEG and PNG in turn. */
export async function writeScans(folder: string, count: number, tone: 'grey' | 'colour'): Promise<void> {
  fs.mkdirSync(folder, { recursive: true });
  const { tiles } = await readMnist(mnistFolder, 'test');
  for (let at = 0; at < count; at++) {
    const side = 110 + ((at * 37) % 70);
    const raw = { width: TILE_SIDE, height: TILE_SIDE, channels: 1 } as const;
    const digit = await sharp(tileAt(tiles, at), { raw })
      .resize(side, side, { kernel: 'cubic' })
      .negate()
      .linear(0.8, 35)
      .png()
      .toBuffer();
    const [left, top] = [(at * 13) % (200 - side), (at * 29) % (200 - side)];
    const scan = sharp({ create: { width: 200, height: 200, channels: 3, background: '#efefef' } })
      .composite([{ input: digit, left, top }])
      .removeAlpha()
      .toColourspace(tone === 'grey' ? 'b-w' : 'srgb');
    const file = path.join(folder, `scan-${String(at).padStart(5, '0')}`);
    if (at % 2 === 0) await scan.jpeg({ quality: 85 }).toFile(`${file}.jpg`);
    else await scan.png().toFile(`${file}.png`);
  }
}
