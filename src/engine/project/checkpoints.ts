import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { entryBeside } from '../entry.ts';
import { AUTOCHECKPOINT_PAGES, type Db } from './sqlite.ts';

const ENTRY = entryBeside(import.meta.url, 'checkpointer');
const AFTER_ROWS = 20_000;
/** Pages in the log at which the writer moves them itself after all: 64 MB. */
const MOST_PAGES = 16_000;
const CLOSE_MS = 2_000;

/**
 * Checkpoints of a database that much is written to. What a transaction writes goes to a log, and from there into the database: that second writing, and the waiting
 * for the disk that goes with it, is done by a thread with a connection of its own, beside the transactions.
 */
export class Checkpoints {
  readonly #db: Db;
  readonly #after: number;
  #rows = 0;
  #thread: { worker: Worker; ended: Promise<unknown> } | null = null;

  /** @param after rows from which on the thread is worth its start */
  constructor(db: Db, after = AFTER_ROWS) {
    this.#db = db;
    this.#after = after;
  }

  /** Takes note of rows that were committed. */
  wrote(rows: number): void {
    this.#rows += rows;
    if (this.#rows >= this.#after) this.#thread ??= this.#start();
  }

  #start(): { worker: Worker; ended: Promise<unknown> } {
    const worker = new Worker(ENTRY, { workerData: this.#db.name });
    worker.unref();
    // The disk is full, most likely: the log keeps what is not moved, and who writes to it is told.
    worker.on('error', () => this.#leaveToWriter());
    this.#db.pragma(`wal_autocheckpoint = ${MOST_PAGES}`);
    return { worker, ended: new Promise((resolve) => worker.once('exit', resolve)) };
  }

  #leaveToWriter(): void {
    if (this.#db.open) this.#db.pragma(`wal_autocheckpoint = ${AUTOCHECKPOINT_PAGES}`);
  }

  /** The thread's connection is closed then, so that the database can be. */
  async close(): Promise<void> {
    if (this.#thread === null) return;
    const { worker, ended } = this.#thread;
    this.#leaveToWriter();
    // Nothing else may keep this process until then.
    worker.ref();
    worker.postMessage('end');
    await Promise.race([ended, sleep(CLOSE_MS, undefined, { ref: false })]);
    // A disk that hangs is not waited for.
    worker.unref();
    void worker.terminate();
  }
}
