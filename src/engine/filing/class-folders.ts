import fs from 'node:fs/promises';
import path from 'node:path';
import { CLASSES } from '../../shared/domain.ts';
import { StudioError } from '../../shared/errors.ts';
import { isInside } from '../files/inside.ts';
import { storeError } from '../project/sqlite.ts';

/** Names of the folders that files go into. */
export const classFolders: readonly string[] = [
  ...Array.from({ length: CLASSES }, (_, digit) => String(digit)),
  'rejected',
  'failed',
];

/**
 * The real path of the folder that class folders are to lie in, made when it is not there. Throws `target-inside-source` when one of
 * them would lie within the classified folder or hold it, `cannot-write`, `disk-full`.
 */
export async function filingTarget(target: string, root: string): Promise<string> {
  try {
    await fs.mkdir(target, { recursive: true });
    const real = await fs.realpath(target);
    const source = await fs.realpath(root).catch(() => root);
    const inside = [real, ...classFolders.map((name) => path.join(real, name))];
    if (inside.some((folder) => isInside(source, folder)) || inside.slice(1).some((f) => isInside(f, source)))
      throw new StudioError('target-inside-source', { target, folder: root });
    await fs.access(real, fs.constants.W_OK);
    return real;
  } catch (error) {
    throw storeError(error, target);
  }
}

/** Makes a class folder when it is not there; a link in its place is refused. Throws `cannot-write`, `disk-full`. */
export async function makeClassFolder(target: string, name: string): Promise<string> {
  const folder = path.join(target, name);
  try {
    await fs.mkdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    if (!(await fs.lstat(folder)).isDirectory())
      throw new StudioError('cannot-write', { file: folder, detail: 'ENOTDIR' });
    return folder;
  } catch (error) {
    throw storeError(error, folder);
  }
}
