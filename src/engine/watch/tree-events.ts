import fs, { type FSWatcher } from 'node:fs';
import path from 'node:path';
import { joinBytes } from '../files/names.ts';

/** Folders that are followed one by one; a larger tree is looked through instead. */
const MOST_FOLDERS = 4_000;

/**
 * Tells of names below a folder at which something happened. Where the system follows a tree by itself (macOS, Windows) it does; on Linux every
 * folder is followed on its own, which costs one watch a folder. `complete` turns false where that is not possible: on a network drive, or
 * when the system has no more watches; then the tree has to be looked through.
 */
export class TreeEvents {
  readonly #root: Buffer;
  readonly #onName: (path: Buffer) => void;
  readonly #recursive = process.platform !== 'linux';
  readonly #watchers = new Map<string, FSWatcher>();
  complete = true;

  constructor(root: Buffer, onName: (path: Buffer) => void) {
    this.#root = root;
    this.#onName = onName;
  }

  /** Follows a folder, by its path below the root; empty for the root. Again does nothing. */
  follow(folder: Buffer): void {
    const key = folder.toString('latin1');
    if (this.#watchers.has(key) || (this.#recursive && folder.length > 0)) return;
    if (this.#watchers.size >= MOST_FOLDERS) return void (this.complete = false);
    try {
      const place = folder.length === 0 ? this.#root : joinBytes(this.#root, folder);
      const options = { encoding: 'buffer', recursive: this.#recursive, persistent: false } as const;
      const watcher = fs.watch(place, options, (_, name) => {
        if (name === null) return;
        const below = path.sep === '/' ? name : Buffer.from(name.toString().replaceAll(path.sep, '/'));
        this.#onName(folder.length === 0 ? below : joinBytes(folder, below));
      });
      watcher.on('error', () => this.#lose(key));
      this.#watchers.set(key, watcher);
    } catch {
      this.complete = false;
    }
  }

  /** Follows a folder anew that came in the place of one that went. */
  followAnew(folder: Buffer): void {
    const key = folder.toString('latin1');
    for (const name of this.#watchers.keys())
      if (name === key || key === '' || name.startsWith(`${key}/`)) this.#lose(name);
    this.follow(folder);
  }

  /** A folder that is gone is no loss; its watcher says nothing any more. */
  #lose(key: string): void {
    this.#watchers.get(key)?.close();
    this.#watchers.delete(key);
    if (key === '') this.complete = false;
  }

  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }
}
