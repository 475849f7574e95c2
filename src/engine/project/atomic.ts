import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { StudioError } from '../../shared/errors.ts';
import { storeError } from './sqlite.ts';

/** Writes a file's content to the open file piece by piece. */
export type FileWriter = (handle: FileHandle) => Promise<void>;

/**
 * Writes a file so that after a crash either the old or the new one is there, whole. Throws `disk-full` or `cannot-write`, and what
 * the content throws; the old file then stays.
 */
export async function writeFileAtomic(file: string, content: Uint8Array | FileWriter): Promise<void> {
  const folder = path.dirname(file);
  const temporary = besides(file);
  await writing(file, async () => {
    try {
      await mkdir(folder, { recursive: true });
      await writeDurably(temporary, content);
      await rename(temporary, file);
      await syncFolder(folder);
    } finally {
      await rm(temporary, { force: true });
    }
  });
}

/** Whether a folder with these entries, one at least, may be replaced. */
export type MayReplace = (entries: readonly string[]) => Promise<boolean>;

/** The entries of a folder that may be written in place of. Throws `file-exists` when it may not, and `cannot-write`. */
export const replaceableEntries = (folder: string, mayReplace: MayReplace): Promise<string[]> =>
  writing(folder, async () => {
    const present = await entries(path.resolve(folder));
    if (present.length > 0 && !(await mayReplace(present)))
      throw new StudioError('file-exists', { file: folder });
    return present;
  });

/**
 * Writes a folder of files as a whole, in place of none, an empty one, or one that may be replaced. Throws `file-exists` when it may
 * not, `disk-full` or `cannot-write`.
 */
export async function writeFolderAtomic(
  folder: string,
  files: Readonly<Record<string, Uint8Array>>,
  mayReplace: MayReplace,
): Promise<void> {
  const target = path.resolve(folder);
  const parent = path.dirname(target);
  const temporary = besides(target);
  const replaced = besides(target);
  await writing(folder, async () => {
    const present = await replaceableEntries(folder, mayReplace);
    try {
      await mkdir(parent, { recursive: true });
      await mkdir(temporary);
      for (const [name, bytes] of Object.entries(files))
        await writeDurably(path.join(temporary, name), bytes);
      await syncFolder(temporary);
      // A folder cannot be renamed over one that is not empty.
      if (present.length > 0) await rename(target, replaced);
      await rename(temporary, target).catch(async (error: unknown) => {
        if (present.length > 0) await rename(replaced, target);
        throw error;
      });
      await syncFolder(parent);
      await rm(replaced, { recursive: true, force: true });
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  });
}

/** Hidden, in the same folder, and never longer than a name may be. */
const besides = (target: string): string => path.join(path.dirname(target), `.lenet-studio-${randomUUID()}`);

async function entries(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    if (codeOf(error) === 'ENOTDIR') throw new StudioError('file-exists', { file: folder }, { cause: error });
    throw error;
  }
}

async function writeDurably(file: string, content: Uint8Array | FileWriter): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    if (typeof content === 'function') await content(handle);
    else await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a rename last. Windows cannot open folders and does not need it. */
export async function syncFolder(folder: string | Buffer): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Any error of the file system while `file` is written is one about `file`. */
async function writing<Value>(file: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (cause) {
    const error = storeError(cause, file);
    const code = codeOf(error);
    if (error instanceof StudioError || !code?.startsWith('E') || code.startsWith('ERR_')) throw error;
    throw new StudioError('cannot-write', { file, detail: code }, { cause });
  }
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException | null)?.code;
