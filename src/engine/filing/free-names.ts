import { isUtf8 } from 'node:buffer';
import { opendir } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from '../files/reasons.ts';
import { storeError } from '../project/sqlite.ts';
import { classFolders } from './class-folders.ts';

/** Bytes of a name on most file systems. */
const LONGEST = 255;

/** Names that files of the class folders may get: one that is taken gets a number, as in `7 (2).png`. */
export class FreeNames {
  /** By folder and name, the highest number that was given. */
  readonly #taken = new Map<string, number>();

  /** Knows what lies in the class folders of a folder. Throws `cannot-write`. */
  static async in(target: string): Promise<FreeNames> {
    const names = new FreeNames();
    for (const folder of classFolders) {
      try {
        // Names as strings: where they are no UTF-8, the file system itself tells them apart when it comes to that.
        for await (const { name } of await opendir(path.join(target, folder)))
          names.#taken.set(key(folder, Buffer.from(name)), 1);
      } catch (error) {
        if (errorCode(error) !== 'ENOENT') throw storeError(error, path.join(target, folder));
      }
    }
    return names;
  }

  /** A name like this one, which nobody gets after it. */
  take(folder: string, name: Buffer): Buffer {
    const wanted = key(folder, name);
    let number = (this.#taken.get(wanted) ?? 0) + 1;
    let free = name;
    if (number > 1) while (this.#taken.has(key(folder, (free = numbered(name, number))))) number++;
    this.#taken.set(wanted, number);
    if (free !== name) this.#taken.set(key(folder, free), 1);
    return free;
  }
}

/** Names that some file system takes for the same are the same. */
function key(folder: string, name: Buffer): string {
  const text = isUtf8(name) ? name.toString().normalize('NFC').toLowerCase() : name.toString('latin1');
  return `${folder}/${text}`;
}

/** Before the extension; a name that would get too long loses the end of its stem. */
function numbered(name: Buffer, number: number): Buffer {
  const dot = name.lastIndexOf('.');
  const stem = dot > 0 ? name.subarray(0, dot) : name;
  const end = Buffer.concat([Buffer.from(` (${number})`), name.subarray(stem.length)]);
  let length = Math.max(1, Math.min(stem.length, LONGEST - end.length));
  // Not in the middle of a character.
  while (length > 1 && length < stem.length && (stem[length]! & 0xc0) === 0x80) length--;
  return Buffer.concat([stem.subarray(0, length), end]);
}
