import fs from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { TILE_SIDE } from '../../src/shared/domain.ts';
import { testDigits, writeClasses } from './digits.ts';

/**
 * A folder with train/ and test/ in which four digits are there twice: one in both, one with another label, one in another format and one
 * saved as JPEG in both with another label.
 */
export async function writeTwice(folder: string): Promise<void> {
  const digits = testDigits(200);
  await writeClasses(path.join(folder, 'train'), digits);
  await writeClasses(path.join(folder, 'test'), testDigits(40, 300));
  const fileOf = (at: number): string =>
    path.join(folder, 'train', String(digits[at]!.label), `${String(at).padStart(5, '0')}.png`);
  const other = (at: number): string => String((digits[at]!.label + 1) % 10);
  const imageOf = (at: number) =>
    sharp(digits[at]!.tile, { raw: { width: TILE_SIDE, height: TILE_SIDE, channels: 1 } });
  fs.copyFileSync(fileOf(10), path.join(folder, 'test', String(digits[10]!.label), 'leak.png'));
  fs.copyFileSync(fileOf(20), path.join(folder, 'train', other(20), 'label.png'));
  await imageOf(30)
    .webp({ lossless: true })
    .toFile(path.join(folder, 'train', String(digits[30]!.label), 'same.webp'));
  await imageOf(40)
    .jpeg({ quality: 97, chromaSubsampling: '4:4:4' })
    .toFile(path.join(folder, 'test', other(40), 'near.jpg'));
}
