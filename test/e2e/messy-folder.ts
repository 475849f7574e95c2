import fs from 'node:fs';
import path from 'node:path';
import { png, type Digit } from './digits.ts';

export interface ExpectedRow {
  status: 'done' | 'failed' | 'skipped';
  /** Of a digit that is done. */
  label?: number;
}

/** Names that a CSV, a terminal or a careless program trips over, and one that is not UTF-8. */
const ODD_NAMES: readonly (string | Buffer)[] = [
  'plain.png',
  'with space.png',
  'comma, quote " and ‘more’.png',
  'new\nline.png',
  '😀 数字.png',
  '-rf.png',
  "=cmd'.png",
  'back\\slash.png',
  Buffer.concat([Buffer.from('latin1-'), Buffer.from([0xe9]), Buffer.from('.png')]),
];
const FOLDERS = ['', 'a b', 'a b/c,d', 'Ä/数/deep'];

/** The name that is not UTF-8, as the studio writes it. */
const NOT_UTF8 = 'latin1-\\xe9.png';

/**
 * Writes a folder as users have them: digits under odd names in nested folders, among files that are none. Needs a user who is
 * not root for what cannot be read.
 * @returns what each file has to come to, by its relative path
 */
export async function writeMessyFolder(
  folder: string,
  digits: readonly Digit[],
): Promise<Map<string, ExpectedRow>> {
  const expected = new Map<string, ExpectedRow>();
  const put = (name: string, bytes: string | Uint8Array, row: ExpectedRow): void => {
    fs.writeFileSync(path.join(folder, name), bytes);
    expected.set(name, row);
  };
  for (const name of FOLDERS) fs.mkdirSync(path.join(folder, name), { recursive: true });
  let next = 0;
  for (const inside of FOLDERS)
    for (const name of ODD_NAMES) {
      const { tile, label } = digits[next++ % digits.length]!;
      const bytes = Buffer.isBuffer(name) ? name : Buffer.from(name);
      fs.writeFileSync(Buffer.concat([Buffer.from(path.join(folder, inside, '/')), bytes]), await png(tile));
      const shown = Buffer.isBuffer(name) ? NOT_UTF8 : name;
      expected.set(path.posix.join(inside, shown), { status: 'done', label });
    }

  const picture = await png(digits[0]!.tile);
  put('empty.png', '', { status: 'failed' });
  put('truncated.png', picture.subarray(0, picture.length - 40), { status: 'failed' });
  put('wrong-checksum.png', withWrongChecksum(picture), { status: 'failed' });
  put('text.png', 'this is no picture\n', { status: 'skipped' });
  put('readme.txt', 'neither is this\n', { status: 'skipped' });
  put('.hidden.png', picture, { status: 'skipped' });
  put('Thumbs.db', 'x', { status: 'skipped' });
  put('unreadable.png', picture, { status: 'failed' });
  fs.chmodSync(path.join(folder, 'unreadable.png'), 0);
  fs.symlinkSync('.', path.join(folder, 'loop'));
  expected.set('loop', { status: 'skipped' });
  fs.mkdirSync(path.join(folder, 'closed'), { mode: 0 });
  expected.set('closed/', { status: 'failed' });
  fs.mkdirSync(path.join(folder, 'nothing in it'));
  return expected;
}

/** So that whoever cleans up can look into it. */
export const openMessyFolder = (folder: string): void => fs.chmodSync(path.join(folder, 'closed'), 0o700);

/** The picture's data with its checksum spoiled. */
function withWrongChecksum(picture: Buffer): Buffer {
  const spoiled = Buffer.from(picture);
  const data = spoiled.indexOf('IDAT');
  const length = spoiled.readUInt32BE(data - 4);
  spoiled.writeUInt32BE((spoiled.readUInt32BE(data + 4 + length) ^ 1) >>> 0, data + 4 + length);
  return spoiled;
}
