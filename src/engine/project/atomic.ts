import fs from 'node:fs/promises';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { storeError } from './sqlite.ts';

/**
 * Writes a file so that it is there whole or not at all: beside it first, to the disk, then renamed over it.
 * `write` gets an open handle. Throws `disk-full` or `cannot-write`; what was there before stays.
 */
export async function writeAtomically(
  file: string,
  write: (handle: fs.FileHandle) => Promise<void>,
): Promise<void> {
  const temporary = path.join(
    path.dirname(file),
    `.${path.basename(file)}.${randomBytes(6).toString('hex')}.part`,
  );
  try {
    const handle = await fs.open(temporary, 'wx');
    try {
      await write(handle);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await fs.rename(temporary, file);
  } catch (error) {
    await fs.rm(temporary, { force: true });
    throw storeError(error, file);
  }
}
