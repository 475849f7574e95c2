import { FollowedLinks } from '../files/links.ts';
import { walk, type WalkEntry } from '../files/walk.ts';
import { breathe, checkCancelled } from '../jobs/flow.ts';
import { enterGone } from './again.ts';
import * as ledger from './ledger.ts';
import { CHUNK, opened, report, type BatchOptions } from './options.ts';

/** Age from which on a file counts as complete when a watched folder is first listed, milliseconds; the watch looks at younger ones. */
const SETTLED = 2_000;
const isSettled = (entry: WalkEntry): boolean =>
  entry.outcome !== 'file' || Date.now() - Number(entry.mtimeNs / 1_000_000n) > SETTLED;

/** Enters the folder's files into the ledger, and hands them out again in chunks as they come. */
export class FolderListing {
  readonly #options: BatchOptions;
  readonly #batch: ledger.LedgerRow;
  readonly #signal: AbortSignal;
  #wake: PromiseWithResolvers<void> = Promise.withResolvers();
  complete: boolean;
  /** Rejects when the folder cannot be listed. */
  readonly ended: Promise<void>;

  constructor(options: BatchOptions, batch: ledger.LedgerRow, signal: AbortSignal) {
    this.#options = options;
    this.#batch = batch;
    this.#signal = signal;
    this.complete = batch.listed === 1;
    this.ended = this.complete ? Promise.resolve() : this.#list();
    this.ended.catch(() => undefined);
  }

  async #list(): Promise<void> {
    const { db, batchId } = this.#options;
    const { root, followLinks } = this.#batch;
    try {
      const links = followLinks === 1 ? await FollowedLinks.below(root!) : null;
      for await (const entries of walk(root!, { signal: this.#signal, links })) {
        checkCancelled(this.#signal);
        const complete = this.#batch.watch === null ? entries : entries.filter(isSettled);
        ledger.enterFiles(db, batchId, complete.map(listedFile));
        report(this.#options, false);
        this.#wakeReader();
        await opened({ ...this.#options, signal: this.#signal });
        await breathe();
      }
      if (this.#batch.againOf !== null) await enterGone(db, batchId, this.#batch.againOf);
      ledger.markListed(db, batchId);
    } finally {
      this.complete = true;
      this.#wakeReader();
    }
  }

  #wakeReader(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }

  async *chunks(): AsyncGenerator<ledger.QueuedFile[]> {
    const { db, batchId, chunk = CHUNK } = this.#options;
    for (let last = 0; ;) {
      // Both looked at before the ledger is: files entered in between are then found by this look or announced by the next wake.
      const { complete } = this;
      const wake = this.#wake.promise;
      const files = ledger.queuedFiles(db, batchId, last, chunk);
      if (files.length === chunk || (complete && files.length > 0)) {
        last = files.at(-1)!.id;
        yield files;
      } else if (complete) {
        return;
      } else {
        await wake;
      }
    }
  }
}

export const listedFile = (entry: WalkEntry): ledger.ListedFile =>
  entry.outcome === 'file'
    ? { path: entry.path, size: BigInt(entry.size), mtimeNs: entry.mtimeNs, refused: null }
    : {
        path: entry.path,
        size: null,
        mtimeNs: null,
        refused: { status: entry.outcome, reason: entry.reason },
      };
