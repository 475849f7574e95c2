import fs from 'node:fs/promises';
import path from 'node:path';
import type { BatchFormat } from '../../shared/contract/batches.ts';
import { StudioError } from '../../shared/errors.ts';
import { isInside } from '../files/inside.ts';
import { writeFileAtomic, type FileWriter } from '../project/atomic.ts';
import { storeError } from '../project/sqlite.ts';
import { isJsonExport } from './jsonl.ts';
import { isParquetExport } from './parquet.ts';

export const CSV_HEADER = 'path,digit,confidence,second,second_confidence,status,reason\n';

/** Where an export is wanted. */
export interface ExportPlace {
  file: string;
  format: BatchFormat;
}

/** Where an export goes. */
export interface CsvTarget {
  /** Links resolved. */
  file: string;
  /** A pipe or a device, such as /dev/stdout: written to as it is, never replaced. */
  stream: boolean;
}

/**
 * Looks at the place for an export before hours of work go into it. Among the source images only what `isFreeFor` may be replaced. Throws
 * `cannot-write`, with the path as it was asked for.
 */
export async function csvTarget(
  file: string,
  images: readonly string[],
  format: BatchFormat = 'csv',
): Promise<CsvTarget> {
  try {
    const target = await realTarget(path.resolve(file));
    const there = await fs.stat(target).catch(() => null);
    if (there?.isDirectory()) throw refusal(file, 'EISDIR');
    if (there && !there.isFile()) return { file: target, stream: true };
    const folder = path.dirname(target);
    await fs.access(folder, fs.constants.W_OK);
    if (images.some((root) => isInside(root, folder)) && !(await isFreeFor(format, target)))
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

/** Bytes at either end that tell an export of ours from another file; its first line may be longer. */
const END_BYTES = 16_384;

const isOurs: Record<BatchFormat, (start: string, end: string) => boolean> = {
  csv: (start) => start.startsWith(CSV_HEADER),
  jsonl: isJsonExport,
  parquet: isParquetExport,
};

/**
 * Whether a file may be replaced by an export unasked: there is none, it is empty, an export of ours in that format, or no file but a
 * pipe. Throws `cannot-write` when that cannot be told.
 */
export async function isFreeFor(format: BatchFormat, file: string): Promise<boolean> {
  const there = await fs.stat(file).catch(() => null);
  if (!there) return true;
  if (!there.isFile()) return !there.isDirectory();
  if (there.size === 0) return true;
  const handle = await fs.open(file, 'r').catch((error: unknown) => {
    throw storeError(error, file);
  });
  try {
    const [start, end] = [0, Math.max(0, there.size - END_BYTES)].map(async (position) => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(END_BYTES), 0, END_BYTES, position);
      return buffer.toString('utf8', 0, bytesRead);
    });
    return isOurs[format](await start!, await end!);
  } finally {
    await handle.close();
  }
}
