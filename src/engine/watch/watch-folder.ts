import fs from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { StudioError } from '../../shared/errors.ts';
import { FollowedLinks } from '../files/links.ts';
import { entryAt, walk, type WalkEntry } from '../files/walk.ts';
import { joinBytes } from '../files/names.ts';
import { breathe, checkCancelled } from '../jobs/flow.ts';
import { enterFiles, setChanged } from '../batches/ledger.ts';
import { OwnContents } from '../batches/own-contents.ts';
import { runQueued } from '../batches/runner.ts';
import type { BatchOptions } from '../batches/options.ts';
import { listedFile } from '../batches/folder-listing.ts';
import { sql } from '../project/sqlite.ts';
import { openWriters } from './open-writers.ts';
import { TreeEvents } from './tree-events.ts';

export interface WatchOptions extends BatchOptions {
  signal: AbortSignal;
  /** The batch has more rows. */
  onChange?: (() => void) | undefined;
  /** The folder cannot be read now, or can be again (null): it is tried again and again. */
  onTrouble?: ((error: StudioError | null) => void) | undefined;
  /** Links out of the folder are followed. */
  followLinks?: boolean;
  /** False: the folder is looked through again and again, as where the system tells nothing. */
  events?: boolean;
}

/** Time between two looks at a file, milliseconds: when they agree, it is complete. */
const LOOK = 400;
/** Time between two walks through the whole folder, milliseconds: where the system tells of changes, and where it does not. */
const WALK = { told: 30_000, untold: 1_000 };
/** A walk takes at most this share of the time, however large the folder. */
const WALK_SHARE = 0.2;

/** A file as a look found it. */
interface Candidate {
  /** -1: what is no file. */
  size: number;
  mtimeNs: bigint;
  /** When it was first found so. */
  since: number;
}

/**
 * Watches the folder of a batch that has been read to its end: new files are entered and classified once they are complete, that is, of one size and time
 * of change in two looks, and open for writing nowhere as far as the system tells. A file that had failed and is another one now is read again; one that
 * was read and has changed since is counted (`changed`). Ends when the signal fires, with `cancelled`. Throws what `runQueued` throws.
 */
export async function watchFolder(options: WatchOptions, root: Buffer): Promise<never> {
  const watch = new Watch(options, root);
  try {
    return await watch.run();
  } finally {
    watch.close();
  }
}

function seen(entry: WalkEntry): Candidate {
  const since = performance.now();
  return entry.outcome === 'file'
    ? { size: entry.size, mtimeNs: entry.mtimeNs, since }
    : { size: -1, mtimeNs: 0n, since };
}

class Watch {
  readonly #options: WatchOptions;
  readonly #root: Buffer;
  readonly #events: TreeEvents;
  /** By path: files that are not in the ledger as they are, as the last look found them; null: not looked at yet. */
  readonly #candidates = new Map<string, Candidate | null>();
  /** Files of the ledger that have changed since. */
  readonly #changed = new Set<string>();
  #wake: PromiseWithResolvers<void> = Promise.withResolvers();
  #nextWalk = 0;
  /** As the last walk followed them. */
  #links: FollowedLinks | null = null;

  constructor(options: WatchOptions, root: Buffer) {
    this.#options = { ...options, own: new OwnContents(options.db) };
    this.#root = root;
    this.#events = new TreeEvents(root, (path) => {
      this.#candidates.set(path.toString('latin1'), this.#candidates.get(path.toString('latin1')) ?? null);
      this.#wake.resolve();
    });
    if (options.events === false) this.#events.complete = false;
  }

  close(): void {
    this.#events.close();
  }

  async run(): Promise<never> {
    const { signal } = this.#options;
    const stop = (): void => this.#wake.resolve();
    signal.addEventListener('abort', stop);
    try {
      // Of an earlier watch that was killed.
      await runQueued(this.#options);
      for (;;) {
        checkCancelled(signal);
        if (performance.now() >= this.#nextWalk) await this.#walk();
        await this.#look();
        await this.#rest();
      }
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** Until the next look, at the latest the next walk; with nothing to look at, until something happens. */
  async #rest(): Promise<void> {
    const { signal } = this.#options;
    const untilWalk = this.#nextWalk - performance.now();
    if (this.#candidates.size > 0)
      return void (await sleep(Math.min(LOOK, Math.max(0, untilWalk)), undefined, { signal }).catch(
        () => undefined,
      ));
    this.#wake = Promise.withResolvers();
    // What happened in between has been noted.
    if (this.#candidates.size > 0 || signal.aborted) return;
    const timer = setTimeout(this.#wake.resolve, Math.max(0, untilWalk));
    await this.#wake.promise;
    clearTimeout(timer);
  }

  /** Looks through the whole folder for what is not in the ledger as it is. */
  async #walk(): Promise<void> {
    const { signal, onTrouble, followLinks, events = true } = this.#options;
    const began = performance.now();
    let isThere = true;
    try {
      if (events) this.#events.follow(Buffer.alloc(0));
      this.#links = followLinks ? await FollowedLinks.below(this.#root) : null;
      for await (const entries of walk(this.#root, {
        signal,
        links: this.#links,
        ...(events && { onFolder: (path: Buffer) => this.#events.follow(path) }),
      })) {
        for (const entry of entries) this.#consider(entry);
        await breathe();
      }
      onTrouble?.(null);
    } catch (error) {
      if (!(error instanceof StudioError) || error.code !== 'folder-unreadable') throw error;
      isThere = false;
      this.#events.close();
      onTrouble?.(error);
    }
    const took = performance.now() - began;
    const pause = isThere && this.#events.complete ? WALK.told : WALK.untold;
    this.#nextWalk = performance.now() + Math.max(pause, took / WALK_SHARE);
  }

  #consider(entry: WalkEntry): void {
    const key = entry.path.toString('latin1');
    if (this.#candidates.has(key) || !this.#isNews(entry)) return;
    this.#candidates.set(key, null);
  }

  /** Whether the ledger has the file not at all, or as one that failed and was another then. */
  #isNews(entry: WalkEntry): boolean {
    const { db, batchId } = this.#options;
    const row = sql<{ status: string; size: number | null; mtime: string | null }>(
      db,
      'SELECT status, size, CAST(mtime_ns AS TEXT) AS mtime FROM batch_file WHERE batch_id = ? AND path = ?',
    ).get(batchId, entry.path);
    if (!row) return true;
    if (entry.outcome !== 'file' || row.status === 'queued') return false;
    if (row.size === entry.size && row.mtime === String(entry.mtimeNs)) return false;
    if (row.status === 'failed' || row.status === 'skipped') return true;
    const key = entry.path.toString('latin1');
    if (!this.#changed.has(key)) {
      this.#changed.add(key);
      setChanged(db, batchId, this.#changed.size);
      this.#options.onChange?.();
    }
    return false;
  }

  /** A look at each candidate; those that are complete go into the ledger and are classified. */
  async #look(): Promise<void> {
    if (this.#candidates.size === 0) return;
    const { db, batchId, signal } = this.#options;
    const ready: WalkEntry[] = [];
    for (const [key, last] of [...this.#candidates]) {
      checkCancelled(signal);
      const path = Buffer.from(key, 'latin1');
      const entry = await entryAt(this.#root, path, this.#links);
      if (entry === null) this.#candidates.delete(key);
      else if (entry === 'folder') await this.#enterFolder(path);
      else if (!this.#isNews(entry)) this.#candidates.delete(key);
      else {
        const found = seen(entry);
        if (last === null || last.size !== found.size || last.mtimeNs !== found.mtimeNs)
          this.#candidates.set(key, found);
        else if (found.since - last.since >= LOOK) ready.push(entry);
      }
    }
    if (ready.length === 0) return;
    const places = await Promise.all(ready.map(({ path }) => this.#placeOf(path)));
    const writers = await openWriters(new Set(places));
    const complete = ready.filter((_, at) => !writers.has(places[at]!));
    if (complete.length === 0) return;
    enterFiles(db, batchId, complete.map(listedFile), { again: true });
    for (const { path } of complete) this.#candidates.delete(path.toString('latin1'));
    await runQueued(this.#options);
    this.#options.onChange?.();
  }

  /** The name that whoever writes a file has opened. */
  async #placeOf(path: Buffer): Promise<string> {
    const place = joinBytes(this.#root, path);
    if (!this.#links) return place.toString();
    return fs.realpath(place).catch(() => place.toString());
  }

  /** A folder that came: it is followed, and what it holds already is looked at. */
  async #enterFolder(folder: Buffer): Promise<void> {
    this.#candidates.delete(folder.toString('latin1'));
    const { signal, followLinks, events = true } = this.#options;
    if (events) this.#events.followAnew(folder);
    const place = joinBytes(this.#root, folder);
    try {
      for await (const entries of walk(place, {
        signal,
        // Only for its names: whether they are read is said when they are looked at.
        links: followLinks ? await FollowedLinks.below(place) : null,
        ...(events && { onFolder: (path: Buffer) => this.#events.follow(joinBytes(folder, path)) }),
      }))
        for (const { path } of entries) {
          const key = joinBytes(folder, path).toString('latin1');
          if (!this.#candidates.has(key)) this.#candidates.set(key, null);
        }
    } catch (error) {
      // It is gone again.
      if (!(error instanceof StudioError) || error.code !== 'folder-unreadable') throw error;
    }
  }
}
