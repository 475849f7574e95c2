import fs from 'node:fs/promises';
import path from 'node:path';
import { StudioError } from '../../shared/errors.ts';

/** A folder's absolute path with its links resolved. Throws `folder-unreadable` when there is none. */
export async function realFolder(chosen: string): Promise<string> {
  try {
    const real = await fs.realpath(path.resolve(chosen));
    if ((await fs.stat(real)).isDirectory()) return real;
  } catch (error) {
    throw new StudioError('folder-unreadable', {
      folder: chosen,
      detail: (error as NodeJS.ErrnoException).code ?? '',
    });
  }
  throw new StudioError('folder-unreadable', { folder: chosen, detail: 'ENOTDIR' });
}
