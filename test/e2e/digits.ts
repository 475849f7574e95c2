import fs from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { CLASSES, TILE_BYTES, TILE_SIDE } from '../../src/shared/domain.ts';
import { mnist } from './places.ts';

const IMAGES_HEADER = 16;
const LABELS_HEADER = 8;

export interface Digit {
  tile: Buffer;
  label: number;
}

/** Digits of MNIST's test files, from a position on. */
export function testDigits(count: number, from = 0): Digit[] {
  const labels = fs.readFileSync(path.join(mnist, 't10k-labels-idx1-ubyte'));
  const images = fs.readFileSync(path.join(mnist, 't10k-images-idx3-ubyte'));
  return Array.from({ length: count }, (_, index) => {
    const start = IMAGES_HEADER + (from + index) * TILE_BYTES;
    return { tile: images.subarray(start, start + TILE_BYTES), label: labels[LABELS_HEADER + from + index]! };
  });
}

export function png(tile: Buffer): Promise<Buffer> {
  return sharp(tile, { raw: { width: TILE_SIDE, height: TILE_SIDE, channels: 1 } })
    .png()
    .toBuffer();
}

/** Writes digits as PNG files, one sub-folder per class. */
export async function writeClasses(folder: string, digits: readonly Digit[]): Promise<void> {
  for (let label = 0; label < CLASSES; label++)
    fs.mkdirSync(path.join(folder, String(label)), { recursive: true });
  await Promise.all(
    digits.map(async ({ tile, label }, index) =>
      fs.writeFileSync(
        path.join(folder, String(label), `${String(index).padStart(5, '0')}.png`),
        await png(tile),
      ),
    ),
  );
}

/** Writes digits as PNG files into one folder; the names carry no label. */
export async function writeFlat(folder: string, digits: readonly Digit[]): Promise<void> {
  fs.mkdirSync(folder, { recursive: true });
  await Promise.all(
    digits.map(async ({ tile }, index) =>
      fs.writeFileSync(path.join(folder, `${String(index).padStart(5, '0')}.png`), await png(tile)),
    ),
  );
}

/** A digit as a scanner gives it: dark on light, `side` pixels wide and high, JPEG. */
export function scan({ tile }: Digit, side: number): Promise<Buffer> {
  return sharp(tile, { raw: { width: TILE_SIDE, height: TILE_SIDE, channels: 1 } })
    .negate()
    .resize(side, side, { kernel: 'cubic' })
    .jpeg()
    .toBuffer();
}

/** Writes one picture under many names, as files of their own for whoever reads them. */
export function writeCopies(folder: string, picture: Buffer, count: number, extension: string): void {
  fs.mkdirSync(folder, { recursive: true });
  const name = (index: number): string => path.join(folder, `${String(index).padStart(5, '0')}.${extension}`);
  fs.writeFileSync(name(0), picture);
  for (let index = 1; index < count; index++) fs.linkSync(name(0), name(index));
}
