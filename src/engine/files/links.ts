import fs from 'node:fs/promises';
import type { BigIntStats } from 'node:fs';
import type { Reason } from '../../shared/errors.ts';
import { together } from '../jobs/flow.ts';
import { skipped, toBuffer, type ByteString, type Listing, type Refusal } from './listing.ts';
import { joinBytes } from './names.ts';
import { errorCode, fileReason } from './reasons.ts';

/** Links that are looked at at once. */
const AT_ONCE = 64;
const SLASH = '/';

interface Target {
  stats: BigIntStats;
  /** Without links. */
  real: ByteString;
  /** Of the folder that it lies in. */
  parent: BigIntStats;
}

/** What a link is to a walk: something to go on with, or a row of its own. */
export type Followed = 'file' | 'folder' | Refusal;

const keyOf = ({ dev, ino }: BigIntStats): string => `${dev}:${ino}`;

/**
 * The links that one walk below a root follows: to files and folders outside of it, and to hidden ones in it. Every file is read once. What lies
 * in the root by itself is read there; of several links to one file or folder the first counts; a folder that holds the link, or the root, is not entered
 * again. Real folders and files are told apart by device and inode.
 */
export class FollowedLinks {
  readonly #root: ByteString;
  /** Paths by what they lead to: the root, every folder behind a link, every file that is a link. */
  readonly #paths: Map<string, ByteString>;

  private constructor(root: ByteString, stats: BigIntStats) {
    this.#root = root;
    this.#paths = new Map([[keyOf(stats), '']]);
  }

  /** Null where the root cannot be read, which the walk then says. */
  static async below(root: Buffer): Promise<FollowedLinks | null> {
    try {
      const [real, stats] = await Promise.all([realPath(root), fs.stat(root, { bigint: true })]);
      return new FollowedLinks(real, stats);
    } catch {
      return null;
    }
  }

  /** Decides about the links of a listed folder, in the order of their names; `path` is empty or ends with `/`. */
  async resolve(
    root: Buffer,
    path: ByteString,
    listing: Listing,
    isWanted: (name: ByteString) => boolean,
  ): Promise<void> {
    const names = listing.names.filter(
      (name) => listing.refused.get(name)?.reason.code === 'symbolic-link' && isWanted(name),
    );
    if (names.length === 0) return;
    const place = await realPath(joinBytes(root, toBuffer(path))).catch(() => null);
    const targets = await together(names, AT_ONCE, (name) =>
      targetOf(joinBytes(root, toBuffer(path + name))),
    );
    const folders = new Set<ByteString>();
    names.forEach((name, at) => {
      const followed = this.#decide(path + name, place, targets[at]!);
      if (typeof followed !== 'string') return void listing.refused.set(name, followed);
      listing.refused.delete(name);
      listing.links.add(followed === 'folder' ? name + SLASH : name);
      if (followed === 'folder') folders.add(name);
    });
    if (folders.size === 0) return;
    listing.names = listing.names.map((name) => (folders.has(name) ? name + SLASH : name)).sort();
  }

  /** The same for one link, by its path below the root. */
  async follow(root: Buffer, path: ByteString): Promise<Followed> {
    const folder = path.slice(0, path.lastIndexOf(SLASH) + 1);
    const place = await realPath(joinBytes(root, toBuffer(folder))).catch(() => null);
    return this.#decide(path, place, await targetOf(joinBytes(root, toBuffer(path))));
  }

  /** Whether a real folder behind a link is to be entered under this path. */
  async mayEnter(folder: Buffer, path: ByteString): Promise<boolean> {
    const stats = await fs.stat(folder, { bigint: true }).catch(() => null);
    // That it cannot be read is for the listing to say.
    return stats === null || this.#claim(stats, path);
  }

  /** Whether a file behind a link to its folder was read as a link before. */
  isRead(stats: BigIntStats, path: ByteString): boolean {
    const known = this.#paths.get(keyOf(stats));
    return known !== undefined && known !== path;
  }

  #claim(stats: BigIntStats, path: ByteString): boolean {
    const key = keyOf(stats);
    const known = this.#paths.get(key);
    if (known === undefined) this.#paths.set(key, path);
    return known === undefined || known === path;
  }

  #decide(path: ByteString, place: ByteString | null, target: Target | Reason): Followed {
    if ('code' in target) return { outcome: 'failed', reason: target };
    const { stats, real, parent } = target;
    if (stats.isDirectory()) {
      if (holds(real, this.#root) || (place !== null && holds(real, place))) return skipped('link-loop');
      return !this.#isOwn(real) && this.#claim(stats, path) ? 'folder' : skipped('link-repeats');
    }
    if (!stats.isFile()) return skipped('not-a-regular-file');
    // Its folder is read under a path of its own.
    const isElsewhere = this.#isOwn(real) || this.#paths.has(keyOf(parent));
    return !isElsewhere && this.#claim(stats, path) ? 'file' : skipped('link-repeats');
  }

  /** Whether the walk comes there without any link. */
  #isOwn(real: ByteString): boolean {
    if (!holds(this.#root, real)) return false;
    return !real
      .slice(this.#root.length)
      .split(SLASH)
      .some((name) => name.startsWith('.'));
  }
}

const holds = (folder: ByteString, path: ByteString): boolean =>
  path === folder || path.startsWith(folder.endsWith(SLASH) ? folder : folder + SLASH);

const realPath = async (place: Buffer): Promise<ByteString> =>
  (await fs.realpath(place, { encoding: 'buffer' })).toString('latin1');

async function targetOf(link: Buffer): Promise<Target | Reason> {
  try {
    const [stats, real] = await Promise.all([fs.stat(link, { bigint: true }), realPath(link)]);
    const parent = toBuffer(real.slice(0, real.lastIndexOf(SLASH)) || SLASH);
    return { stats, real, parent: await fs.stat(parent, { bigint: true }) };
  } catch (error) {
    const code = errorCode(error);
    return ['ENOENT', 'ENOTDIR', 'ELOOP'].includes(code) ? { code: 'broken-link' } : fileReason(error);
  }
}
