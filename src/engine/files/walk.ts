import { lstat, stat, type BigIntStats } from 'node:fs';
import fs from 'node:fs/promises';
import { StudioError } from '../../shared/errors.ts';
import { orCancelled, together } from '../jobs/flow.ts';
import type { FollowedLinks } from './links.ts';
import {
  checkCancelled,
  list,
  skipped,
  toBuffer,
  type ByteString,
  type Listing,
  type Refusal,
} from './listing.ts';
import { escapeName, joinBytes } from './names.ts';
import { errorCode, fileReason, folderReason } from './reasons.ts';
import { StatThread } from './stat-thread.ts';

/** What lies at a path; every entry of the tree that is not a folder gives exactly one. */
export type WalkEntry = {
  /** Relative to the root, as bytes, with `/`. A folder that could not be listed ends with `/`. */
  path: Buffer;
} & ({ outcome: 'file'; size: number; mtimeNs: bigint } | Refusal);

export interface WalkOptions {
  /** Ends the walk with `cancelled`. */
  signal?: AbortSignal;
  /** Told of each folder below the root before its files come. */
  onFolder?: (path: Buffer) => void;
  /** Links are followed, as far as these are to be; without it none is. */
  links?: FollowedLinks | null;
}

const CHUNK = 256;
/** Files that a walk has looked at before it starts a thread for the rest, unless one is kept, and least of one folder that are worth a call of it. */
const THREAD = { after: 2_000, least: 32 };
/** lstat calls under way at once: enough to keep the thread pool's threads busy. */
const STATS_AT_ONCE = 64;
const systemFiles = new Set(['thumbs.db', 'ehthumbs.db', 'ehthumbs_vista.db', 'desktop.ini', '.ds_store']);

/**
 * Lists a folder tree in the byte order of the relative path, in chunks of at most 256 entries, the first of them long before
 * the tree has been seen whole. Links are not followed unless asked, and nothing but folders is opened. Throws `folder-unreadable`
 * when the root itself cannot be listed, and `cancelled`.
 */
export async function* walk(
  root: Buffer | string,
  options: WalkOptions = {},
): AsyncGenerator<WalkEntry[], void, undefined> {
  const rootBytes = typeof root === 'string' ? Buffer.from(root) : root;
  const { signal } = options;
  let chunk: WalkEntry[] = [];
  const looker = new Looker(rootBytes, options);
  try {
    for await (const entry of entriesBelow(rootBytes, looker, options)) {
      chunk.push(...entry);
      while (chunk.length >= CHUNK) {
        checkCancelled(signal);
        yield chunk.slice(0, CHUNK);
        chunk = chunk.slice(CHUNK);
      }
    }
  } finally {
    looker.close();
  }
  checkCancelled(signal);
  if (chunk.length > 0) yield chunk;
}

/** A folder half walked: its sorted names, and how far the walk has come. */
interface OpenFolder {
  /** Relative, empty or ending with `/`. */
  path: ByteString;
  hidden: boolean;
  /** A link led there. */
  linked: boolean;
  listing: Listing;
  next: number;
}

/** Depth first with a stack of its own, so that no depth of folders is too much. */
async function* entriesBelow(
  root: Buffer,
  looker: Looker,
  { signal, onFolder, links = null }: WalkOptions,
): AsyncGenerator<WalkEntry[], void, undefined> {
  const listed = async (path: ByteString, hidden: boolean): Promise<Listing> => {
    const listing = await list(path === '' ? root : joinBytes(root, toBuffer(path)), signal);
    await links?.resolve(root, path, listing, (name) => nameRefused({ hidden }, name) === null);
    return listing;
  };
  const first = await listed('', false);
  if (first.error)
    throw new StudioError('folder-unreadable', { folder: escapeName(root), detail: errorCode(first.error) });
  const stack: OpenFolder[] = [{ path: '', hidden: false, linked: false, listing: first, next: 0 }];
  for (let folder = stack.at(-1); folder; folder = stack.at(-1)) {
    checkCancelled(signal);
    const { names } = folder.listing;
    if (folder.next === names.length) {
      stack.pop();
      continue;
    }
    const name = names[folder.next]!;
    if (!name.endsWith('/')) {
      yield await looker.next(folder);
      continue;
    }
    folder.next++;
    const path = folder.path + name;
    const hidden = folder.hidden || name.startsWith('.');
    const linked = folder.linked || folder.listing.links.has(name);
    const own = path.slice(0, -1);
    if (folder.linked && !(await links!.mayEnter(joinBytes(root, toBuffer(path)), own))) {
      yield [{ path: toBuffer(own), ...skipped('link-repeats') }];
      continue;
    }
    onFolder?.(toBuffer(own));
    const listing = await listed(path, hidden);
    if (listing.error) yield [unlistedFolder(path, hidden, listing.error)];
    stack.push({ path, hidden, linked, listing, next: 0 });
  }
}

function unlistedFolder(path: ByteString, hidden: boolean, error: unknown): WalkEntry {
  if (hidden) return { path: toBuffer(path), outcome: 'skipped', reason: { code: 'hidden' } };
  return { path: toBuffer(path), outcome: 'failed', reason: folderReason(error) };
}

/** Looks at the files of a walk, one call at a time. */
class Looker {
  readonly #root: Buffer;
  readonly #links: FollowedLinks | null;
  readonly #signal: AbortSignal | undefined;
  #thread: StatThread | null = null;
  #looked = 0;

  constructor(root: Buffer, { links = null, signal }: WalkOptions) {
    this.#root = root;
    this.#links = links;
    this.#signal = signal;
  }

  /** The entries of the next files of a folder, up to a chunk or the next sub-folder. */
  async next(folder: OpenFolder): Promise<WalkEntry[]> {
    const { names } = folder.listing;
    const start = folder.next;
    let end = start;
    while (end < names.length && end - start < CHUNK && !names[end]!.endsWith('/')) end++;
    folder.next = end;
    const next = names.slice(start, end);
    this.#looked += next.length;
    const thread = this.#threadFor(next.length);
    const looked = thread && (await this.#inThread(thread, folder, next));
    return looked ?? together(next, STATS_AT_ONCE, (name) => entryOf(this.#root, folder, name, this.#links));
  }

  /** The thread, once it has started, for files that are worth a call of it. Where a link leads is not its to know. */
  #threadFor(count: number): StatThread | null {
    if (this.#links !== null || count < THREAD.least) return null;
    if (StatThread.isKept || this.#looked > THREAD.after) this.#thread ??= StatThread.take();
    return this.#thread?.ready ? this.#thread : null;
  }

  /** Null when the thread failed. */
  async #inThread(
    thread: StatThread,
    folder: OpenFolder,
    names: readonly ByteString[],
  ): Promise<WalkEntry[] | null> {
    const refusals = names.map((name) => refusalOf(folder, name));
    const asked = names.filter((_, at) => refusals[at] === null);
    const place = joinBytes(this.#root, toBuffer(folder.path)).toString('latin1');
    const looked = await orCancelled(
      thread.look({ folder: place, names: asked }).catch(() => null),
      this.#signal,
    );
    if (looked === null) return null;
    const { sizes, times, others } = looked;
    const notFiles = new Map(others);
    let used = 0;
    return names.map((name, index): WalkEntry => {
      const path = toBuffer(folder.path + name);
      const refused = refusals[index]!;
      if (refused) return { path, ...refused };
      const at = used++;
      const other = notFiles.get(at);
      if (other && 'code' in other) return { path, outcome: 'failed', reason: fileReason(other) };
      if (other) return { path, ...notAFile(other.isLink) };
      return { path, outcome: 'file', size: sizes[at]!, mtimeNs: times[at]! };
    });
  }

  close(): void {
    if (this.#thread !== null) StatThread.giveBack(this.#thread);
  }
}

/** What lies at one path below a root, as a walk tells it; null when nothing does. */
export async function entryAt(
  root: Buffer,
  path: Buffer,
  links: FollowedLinks | null = null,
): Promise<WalkEntry | 'folder' | null> {
  const bytes = path.toString('latin1');
  const names = bytes.split('/');
  const name = names.pop()!;
  const hidden = names.some((folder) => folder.startsWith('.'));
  const stats = await fs.lstat(joinBytes(root, path)).catch(() => null);
  if (stats === null) return null;
  if (stats.isDirectory()) return 'folder';
  const refused = nameRefused({ hidden }, name);
  if (refused) return { path, ...refused };
  if (!links || !stats.isSymbolicLink()) return statFile(path, joinBytes(root, path));
  const followed = await links.follow(root, bytes);
  if (followed === 'folder') return followed;
  return followed === 'file'
    ? statFile(path, joinBytes(root, path), { follow: true })
    : { path, ...followed };
}

async function entryOf(
  root: Buffer,
  folder: OpenFolder,
  name: ByteString,
  links: FollowedLinks | null,
): Promise<WalkEntry> {
  const path = toBuffer(folder.path + name);
  const refused = refusalOf(folder, name);
  if (refused) return { path, ...refused };
  const follow = folder.listing.links.has(name);
  return statFile(path, joinBytes(root, path), { follow, ...(folder.linked && !follow && { links }) });
}

const refusalOf = (folder: OpenFolder, name: ByteString): Refusal | null =>
  nameRefused(folder, name) ?? folder.listing.refused.get(name) ?? null;

function nameRefused(folder: Pick<OpenFolder, 'hidden'>, name: ByteString): Refusal | null {
  if (folder.hidden) return skipped('hidden');
  if (systemFiles.has(name.toLowerCase())) return skipped('system-file');
  return name.startsWith('.') ? skipped('hidden') : null;
}

/** It may have been replaced since it was listed. */
const notAFile = (isLink: boolean): Refusal => skipped(isLink ? 'symbolic-link' : 'not-a-regular-file');

/** `links`: those that may have led to the file before, of a file in a folder that a link leads to. */
function statFile(
  path: Buffer,
  absolute: Buffer,
  { follow = false, links = null }: { follow?: boolean; links?: FollowedLinks | null } = {},
): Promise<WalkEntry> {
  return new Promise((resolve) =>
    (follow ? stat : lstat)(absolute, { bigint: true }, (error: Error | null, stats: BigIntStats) => {
      if (error) resolve({ path, outcome: 'failed', reason: fileReason(error) });
      else if (!stats.isFile()) resolve({ path, ...notAFile(stats.isSymbolicLink()) });
      else if (links?.isRead(stats, path.toString('latin1'))) resolve({ path, ...skipped('link-repeats') });
      else resolve({ path, outcome: 'file', size: Number(stats.size), mtimeNs: stats.mtimeNs });
    }),
  );
}
