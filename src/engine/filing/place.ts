import { createHash } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import fs, { type FileHandle } from 'node:fs/promises';
import type { ReasonCode } from '../../shared/errors.ts';
import { errorCode, fileReason } from '../files/reasons.ts';
import { storeError } from '../project/sqlite.ts';

/** Links are refused, and a pipe does not block the opening. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const BUFFER = 256 * 1024;

/** A file's SHA-256, hex, or why it has none. */
export type Digest = { hash: string } | { refused: ReasonCode };

export const digestOf = (file: Buffer): Promise<Digest> =>
  reading(file, async (handle) => {
    const hash = createHash('sha256');
    await eachPiece(handle, async (bytes) => void hash.update(bytes));
    return { hash: hash.digest('hex') };
  });

/** Opens a regular file; what the reading of it throws is the reason why it cannot be read. */
async function reading<Value>(
  file: Buffer,
  work: (handle: FileHandle, stats: Stats) => Promise<Value>,
): Promise<Value | { refused: ReasonCode }> {
  let handle: FileHandle | undefined;
  try {
    handle = await fs.open(file, FLAGS);
    const stats = await handle.stat();
    return stats.isFile() ? await work(handle, stats) : { refused: 'not-a-regular-file' };
  } catch (error) {
    if (error instanceof TargetError) throw error.cause;
    return { refused: errorCode(error) === 'ELOOP' ? 'symbolic-link' : fileReason(error).code };
  } finally {
    await handle?.close();
  }
}

async function eachPiece(handle: FileHandle, work: (bytes: Buffer) => Promise<void>): Promise<void> {
  const buffer = Buffer.allocUnsafe(BUFFER);
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, BUFFER, null);
    if (bytesRead === 0) return;
    await work(buffer.subarray(0, bytesRead));
  }
}

/** Not about the file that is read but about the one that is written. */
class TargetError extends Error {}

/** Removes what a copy that was killed left behind: its temporary file, and the empty one that may have taken the name for it. */
export async function sweep(to: Buffer, temporary: Buffer): Promise<void> {
  try {
    await fs.unlink(temporary);
  } catch {
    return;
  }
  const stats = await fs.lstat(to).catch(() => null);
  if (stats?.isFile() && stats.size === 0) await fs.unlink(to);
}

/** How the name came to be: as a second one of the same file, or as a copy of it. */
export type Placed = { how: 'linked' | 'copied' } | { refused: ReasonCode };

/**
 * Gives a file that has this SHA-256 a second name, which must be free: on the same file system without copying it, where links are allowed.
 * `temporary`: a name beside the second one.
 * Refused with `name-taken`, `file-changed`, and why it cannot be read. Throws `disk-full`, `cannot-write`.
 */
export async function linkOrCopy(from: Buffer, to: Buffer, hash: string, temporary: Buffer): Promise<Placed> {
  const found = await digestOf(from);
  if ('refused' in found) return found;
  if (found.hash !== hash) return { refused: 'file-changed' };
  try {
    await fs.link(from, to);
    return { how: 'linked' };
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return { refused: 'name-taken' };
    // Another file system, or one without links: whatever else is wrong is so for the copy, too.
    return copy(from, to, hash, temporary, true);
  }
}

/**
 * Copies a file that has this SHA-256 to a name, which must be free; its time of change and its mode are kept. `lasting`: what is
 * copied outlasts a power cut, because the original will go. As `linkOrCopy` otherwise.
 */
export async function copy(
  from: Buffer,
  to: Buffer,
  hash: string,
  temporary: Buffer,
  lasting = false,
): Promise<Placed> {
  const placed = await reading<Placed>(from, async (source, stats) => {
    try {
      const found = await copyTo(source, stats, temporary, lasting);
      if (found !== hash) return { refused: 'file-changed' };
      return await writing(to, () => rename(temporary, to));
    } finally {
      await fs.rm(temporary, { force: true });
    }
  });
  return placed;
}

/** Answers the SHA-256 of what was copied. */
async function copyTo(
  source: FileHandle,
  stats: Stats,
  temporary: Buffer,
  lasting: boolean,
): Promise<string> {
  const hash = createHash('sha256');
  const target = await writing(temporary, () => fs.open(temporary, 'wx', stats.mode & 0o777));
  try {
    await eachPiece(source, async (bytes) => {
      hash.update(bytes);
      await writing(temporary, () => target.appendFile(bytes));
    });
    await writing(temporary, () => target.utimes(stats.atime, stats.mtime));
    if (lasting) await writing(temporary, () => target.sync());
  } finally {
    await target.close();
  }
  return hash.digest('hex');
}

/** A rename that replaces nothing. */
async function rename(from: Buffer, to: Buffer): Promise<Placed> {
  try {
    await fs.link(from, to);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return { refused: 'name-taken' };
    // No links here: the name is taken by an empty file first.
    try {
      await (await fs.open(to, 'wx')).close();
    } catch (taken) {
      if (errorCode(taken) === 'EEXIST') return { refused: 'name-taken' };
      throw taken;
    }
    await fs.rename(from, to).catch(async (failed: unknown) => {
      await fs.unlink(to);
      throw failed;
    });
  }
  return { how: 'copied' };
}

async function writing<Value>(file: Buffer, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    throw new TargetError('', { cause: storeError(error, file.toString()) });
  }
}
