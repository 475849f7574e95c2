import { lstat } from 'node:fs';
import fs from 'node:fs/promises';
import { StudioError, type Reason } from '../../shared/errors.ts';
import { together } from '../jobs/flow.ts';
import { checkCancelled, list, toBuffer, type ByteString, type Listing } from './listing.ts';
import { escapeName, joinBytes } from './names.ts';
import { errorCode, fileReason, folderReason } from './reasons.ts';

/** What lies at a path; every entry of the tree that is not a folder gives exactly one. */
export type WalkEntry = {
  /** Relative to the root, as bytes, with `/`. A folder that could not be listed ends with `/`. */
  path: Buffer;
} & ({ outcome: 'file'; size: number; mtimeNs: bigint } | { outcome: 'skipped' | 'failed'; reason: Reason });

export interface WalkOptions {
  /** Ends the walk with `cancelled`. */
  signal?: AbortSignal;
  /** Told of each folder below the root before its files come. */
  onFolder?: (path: Buffer) => void;
}

const CHUNK = 256;
/** lstat calls under way at once: enough to keep the thread pool's threads busy. */
const STATS_AT_ONCE = 64;
const systemFiles = new Set(['thumbs.db', 'ehthumbs.db', 'ehthumbs_vista.db', 'desktop.ini', '.ds_store']);

/**
 * Lists a folder tree in the byte order of the relative path, in chunks of at most 256 entries, the first of them long before
 * the tree has been seen whole. Links are never followed and nothing but folders is opened. Throws `folder-unreadable`
 * when the root itself cannot be listed, and `cancelled`.
 */
export async function* walk(
  root: Buffer | string,
  { signal, onFolder }: WalkOptions = {},
): AsyncGenerator<WalkEntry[], void, undefined> {
  const rootBytes = typeof root === 'string' ? Buffer.from(root) : root;
  let chunk: WalkEntry[] = [];
  for await (const entry of entriesBelow(rootBytes, signal, onFolder)) {
    chunk.push(...entry);
    while (chunk.length >= CHUNK) {
      checkCancelled(signal);
      yield chunk.slice(0, CHUNK);
      chunk = chunk.slice(CHUNK);
    }
  }
  checkCancelled(signal);
  if (chunk.length > 0) yield chunk;
}

/** A folder half walked: its sorted names, and how far the walk has come. */
interface OpenFolder {
  /** Relative, empty or ending with `/`. */
  path: ByteString;
  hidden: boolean;
  listing: Listing;
  next: number;
}

/** Depth first with a stack of its own, so that no depth of folders is too much. */
async function* entriesBelow(
  root: Buffer,
  signal: AbortSignal | undefined,
  onFolder: WalkOptions['onFolder'],
): AsyncGenerator<WalkEntry[], void, undefined> {
  const first = await list(root, signal);
  if (first.error)
    throw new StudioError('folder-unreadable', { folder: escapeName(root), detail: errorCode(first.error) });
  const stack: OpenFolder[] = [{ path: '', hidden: false, listing: first, next: 0 }];
  for (let folder = stack.at(-1); folder; folder = stack.at(-1)) {
    checkCancelled(signal);
    const { names } = folder.listing;
    if (folder.next === names.length) {
      stack.pop();
      continue;
    }
    const name = names[folder.next]!;
    if (!name.endsWith('/')) {
      yield await statNext(root, folder);
      continue;
    }
    folder.next++;
    const path = folder.path + name;
    const hidden = folder.hidden || name.startsWith('.');
    onFolder?.(toBuffer(path.slice(0, -1)));
    const listing = await list(joinBytes(root, toBuffer(path)), signal);
    if (listing.error) yield [unlistedFolder(path, hidden, listing.error)];
    stack.push({ path, hidden, listing, next: 0 });
  }
}

function unlistedFolder(path: ByteString, hidden: boolean, error: unknown): WalkEntry {
  if (hidden) return { path: toBuffer(path), outcome: 'skipped', reason: { code: 'hidden' } };
  return { path: toBuffer(path), outcome: 'failed', reason: folderReason(error) };
}

/** The entries of the next files of a folder, up to a chunk or the next sub-folder. */
async function statNext(root: Buffer, folder: OpenFolder): Promise<WalkEntry[]> {
  const { names } = folder.listing;
  const start = folder.next;
  let end = start;
  while (end < names.length && end - start < CHUNK && !names[end]!.endsWith('/')) end++;
  folder.next = end;
  return together(names.slice(start, end), STATS_AT_ONCE, (name) => entryOf(root, folder, name));
}

/** What lies at one path below a root, as a walk tells it; null when nothing does. */
export async function entryAt(root: Buffer, path: Buffer): Promise<WalkEntry | 'folder' | null> {
  const names = path.toString('latin1').split('/');
  const name = names.pop()!;
  const hidden = names.some((folder) => folder.startsWith('.'));
  const stats = await fs.lstat(joinBytes(root, path)).catch(() => null);
  if (stats === null) return null;
  if (stats.isDirectory()) return 'folder';
  const refused = nameRefused({ hidden }, name);
  return refused ? { path, outcome: 'skipped', reason: refused } : statFile(path, joinBytes(root, path));
}

async function entryOf(root: Buffer, folder: OpenFolder, name: ByteString): Promise<WalkEntry> {
  const path = toBuffer(folder.path + name);
  const refused = nameRefused(folder, name) ?? folder.listing.refused.get(name);
  if (refused) return { path, outcome: 'skipped', reason: refused };
  return statFile(path, joinBytes(root, path));
}

function nameRefused(folder: Pick<OpenFolder, 'hidden'>, name: ByteString): Reason | null {
  if (folder.hidden) return { code: 'hidden' };
  if (systemFiles.has(name.toLowerCase())) return { code: 'system-file' };
  return name.startsWith('.') ? { code: 'hidden' } : null;
}

function statFile(path: Buffer, absolute: Buffer): Promise<WalkEntry> {
  return new Promise((resolve) =>
    lstat(absolute, { bigint: true }, (error, stats) => {
      if (error) resolve({ path, outcome: 'failed', reason: fileReason(error) });
      // It may have been replaced since it was listed.
      else if (stats.isSymbolicLink())
        resolve({ path, outcome: 'skipped', reason: { code: 'symbolic-link' } });
      else if (!stats.isFile()) resolve({ path, outcome: 'skipped', reason: { code: 'not-a-regular-file' } });
      else resolve({ path, outcome: 'file', size: Number(stats.size), mtimeNs: stats.mtimeNs });
    }),
  );
}
