import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import type { Reason } from '../../shared/errors.ts';
import { errorCode, fileReason } from './reasons.ts';

/** Why a file gave no bytes. */
export type OpenRefusal = { status: 'failed' | 'skipped'; reason: Reason };

/** A pipe that was put there meanwhile does not block the opening. */
const FOLLOWING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
const FLAGS = FOLLOWING | (constants.O_NOFOLLOW ?? 0);

const skipped = (code: 'symbolic-link' | 'not-a-regular-file'): OpenRefusal => ({
  status: 'skipped',
  reason: { code },
});
const failed = (reason: Reason): OpenRefusal => ({ status: 'failed', reason });

/**
 * The bytes of a regular file, or why there are none. No link is followed on the way to it or at its end, unless asked. Synchronous: made for the
 * reader processes, where nothing else waits and a thread pool would cost more than the read.
 *
 * @param path absolute; where no links are followed, with those of its root resolved
 * @param limit most bytes that are read; a larger file is `file-too-large`
 */
export function readRegularFile(path: Buffer | string, limit: number, follow = false): Buffer | OpenRefusal {
  let file: number;
  try {
    file = openSync(path, follow ? FOLLOWING : FLAGS);
  } catch (error) {
    return openRefusal(error);
  }
  try {
    return !follow && isBehindLink(path) ? skipped('symbolic-link') : readOpen(file, limit);
  } catch (error) {
    return failed(fileReason(error));
  } finally {
    closeSync(file);
  }
}

/** How long a folder stays what it was found to be, in milliseconds: looking costs as much as reading a small file. */
const TRUSTED_MS = 500;
const SLASH = '/'.charCodeAt(0);
let trusted: { folder: Buffer; until: number } | null = null;

/** Whether a link leads to the folder of a file: it may have come there since the folder was listed. */
function isBehindLink(path: Buffer | string): boolean {
  const bytes = Buffer.from(path);
  const folder = bytes.subarray(0, Math.max(1, bytes.lastIndexOf(SLASH)));
  const now = performance.now();
  if (trusted !== null && now < trusted.until && trusted.folder.equals(folder)) return false;
  if (!realpathSync.native(folder, { encoding: 'buffer' }).equals(folder)) return true;
  trusted = { folder, until: now + TRUSTED_MS };
  return false;
}

function openRefusal(error: unknown): OpenRefusal {
  switch (errorCode(error)) {
    case 'ELOOP':
      return skipped('symbolic-link');
    case 'ENXIO': // a socket, or a device without a driver
    case 'EISDIR':
      return skipped('not-a-regular-file');
    default:
      return failed(fileReason(error));
  }
}

function readOpen(file: number, limit: number): Buffer | OpenRefusal {
  const before = fstatSync(file);
  if (!before.isFile()) return skipped('not-a-regular-file');
  if (before.size > limit) return failed({ code: 'file-too-large', params: { bytes: before.size, limit } });
  const bytes = Buffer.allocUnsafeSlow(before.size);
  let length = 0;
  while (length < bytes.length) {
    const count = readSync(file, bytes, length, bytes.length - length, null);
    if (count === 0) break;
    length += count;
  }
  const after = fstatSync(file);
  if (length !== before.size || after.size !== before.size || after.mtimeMs !== before.mtimeMs)
    return failed({ code: 'changed-while-reading' });
  return bytes;
}
