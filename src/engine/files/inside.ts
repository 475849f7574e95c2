import fs from 'node:fs/promises';
import path from 'node:path';
import { joinBytes } from './names.ts';

const SLASH = '/'.charCodeAt(0);

/**
 * The absolute path of a file below a root; null when the relative path leads out of it, by `..` or by a link on the way, or when
 * nothing is there. A link as the last component is not followed. All are the file system's bytes.
 */
export async function fileInside(root: Buffer, relative: Buffer): Promise<Buffer | null> {
  const names = relative.toString('latin1').split('/');
  if (names.some((name) => name === '' || name === '.' || name === '..')) return null;
  const file = joinBytes(root, relative);
  const folder = file.subarray(0, file.lastIndexOf(SLASH));
  try {
    await fs.lstat(file);
    const [realRoot, realFolder] = await Promise.all(
      [root, folder].map((place) => fs.realpath(place, { encoding: 'buffer' })),
    );
    const below = folder.subarray(root.length);
    return Buffer.concat([realRoot!, below]).equals(realFolder!) ? file : null;
  } catch {
    return null;
  }
}

/** Whether what lies below a root is a link, or reached by one. */
export async function isBehindLink(root: Buffer, relative: Buffer): Promise<boolean> {
  const stats = await fs.lstat(joinBytes(root, relative)).catch(() => null);
  return stats !== null && (stats.isSymbolicLink() || (await fileInside(root, relative)) === null);
}

/** The path without links of what lies at another; null when nothing does. */
export const realFile = (place: Buffer): Promise<Buffer | null> =>
  fs.realpath(place, { encoding: 'buffer' }).catch(() => null);

/** Whether a folder is another one or lies below it, by their absolute paths. */
export function isInside(outer: string, folder: string): boolean {
  const relative = path.relative(outer, folder);
  return !path.isAbsolute(relative) && relative.split(path.sep)[0] !== '..';
}
