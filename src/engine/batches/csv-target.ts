import fs, { type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { StudioError } from '../../shared/errors.ts';
import { writeFileAtomic, type FileWriter } from '../project/atomic.ts';
import { storeError } from '../project/sqlite.ts';

export const CSV_HEADER = 'path,digit,confidence,second,second_confidence,status,reason\n';

/** Where a CSV goes. */
export interface CsvTarget {
  /** Links resolved. */
  file: string;
  /** A pipe or a device, such as /dev/stdout: written to as it is, never replaced. */
  stream: boolean;
}

/**
 * Looks at the place for a CSV before hours of work go into it. Among the source images only what `isFree` may be replaced. Throws
 * `cannot-write`, with the path as it was asked for.
 */
export async function csvTarget(
  file: string,
  images: readonly string[],
  isFree: (file: string) => Promise<boolean> = isFreeForCsv,
): Promise<CsvTarget> {
  try {
    const target = await realTarget(path.resolve(file));
    const there = await fs.stat(target).catch(() => null);
    if (there?.isDirectory()) throw refusal(file, 'EISDIR');
    if (there && !there.isFile()) return { file: target, stream: true };
    const folder = path.dirname(target);
    await fs.access(folder, fs.constants.W_OK);
    if (images.some((root) => isInside(root, folder)) && !(await isFree(target)))
      throw refusal(file, 'source image');
    return { file: target, stream: false };
  } catch (error) {
    throw storeError(error, file);
  }
}

/** Throws `cannot-write`, `disk-full`, and what the content throws. */
export async function writeTarget(
  { file, stream }: CsvTarget,
  content: FileWriter | Uint8Array,
): Promise<void> {
  if (!stream) return writeFileAtomic(file, content);
  try {
    const handle = await fs.open(file, 'w');
    try {
      await (typeof content === 'function' ? content(handle) : handle.writeFile(content));
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw storeError(error, file);
  }
}

/** A file that is there by its real path, which may not exist for a pipe; a new one by its folder's. */
const realTarget = async (file: string): Promise<string> =>
  fs.realpath(file).catch(async () => path.join(await fs.realpath(path.dirname(file)), path.basename(file)));

const refusal = (file: string, detail: string): StudioError =>
  new StudioError('cannot-write', { file, detail });

function isInside(outer: string, folder: string): boolean {
  const relative = path.relative(outer, folder);
  return !path.isAbsolute(relative) && relative.split(path.sep)[0] !== '..';
}

/**
 * Whether a file may be replaced by a CSV unasked: there is none, it is empty, a CSV of ours, or no file but a pipe. Throws `cannot-write`
 * when that cannot be told.
 */
export const isFreeForCsv = (file: string): Promise<boolean> => isFreeFor(file, startsWith(CSV_HEADER));

/** Whether an open file of this size is one that the studio wrote. */
export type IsOurs = (handle: FileHandle, size: number) => Promise<boolean>;

/** Tells a file by its first bytes. */
export const startsWith =
  (start: string): IsOurs =>
  async (handle) => {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(start.length), 0, start.length, 0);
    return buffer.toString('latin1', 0, bytesRead) === start;
  };

/** The same for a file of any kind. Throws `cannot-write`. */
export async function isFreeFor(file: string, isOurs: IsOurs): Promise<boolean> {
  const there = await fs.stat(file).catch(() => null);
  if (!there) return true;
  if (!there.isFile()) return !there.isDirectory();
  if (there.size === 0) return true;
  const handle = await fs.open(file, 'r').catch((error: unknown) => {
    throw storeError(error, file);
  });
  try {
    return await isOurs(handle, there.size);
  } finally {
    await handle.close();
  }
}
