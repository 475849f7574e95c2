import { Worker } from 'node:worker_threads';
import { entryBeside } from '../entry.ts';
import type { ByteString } from './listing.ts';

const ENTRY = entryBeside(import.meta.url, 'lstat');

export interface LookRequest {
  /** Absolute, ends with `/`. */
  folder: ByteString;
  names: readonly ByteString[];
}

/** Sizes in bytes and times of change in nanoseconds, in the order of the names. */
export interface Looked {
  sizes: Float64Array<ArrayBuffer>;
  times: BigInt64Array<ArrayBuffer>;
  /** Those that are no regular files, or the system's name of the error, such as `ENOENT`. */
  others: [at: number, what: { isLink: boolean } | { code: string }][];
}

/** To start one costs as much as it saves over some thousands of files: one that no walk uses is kept. */
let spare: StatThread | null = null;

/**
 * Looks at many files of a folder in a thread of its own, synchronously: through the thread pool each costs a message there and back. A network drive that hangs holds
 * up this thread alone.
 */
export class StatThread {
  readonly #worker = new Worker(ENTRY);
  #waiting: PromiseWithResolvers<Looked> | null = null;
  #ready = false;

  /** The one that is kept, or a new one; it is the caller's until it is given back. */
  static take(): StatThread {
    const taken = spare ?? new StatThread();
    spare = null;
    return taken;
  }

  static get isKept(): boolean {
    return spare !== null;
  }

  /** Kept for the next walk, unless it failed, looks at something still, or another is. Its end is not waited for: it may hang in a system call. */
  static giveBack(thread: StatThread): void {
    if (spare === null && thread.#ready && thread.#waiting === null) spare = thread;
    else {
      thread.#worker.unref();
      void thread.#worker.terminate();
    }
  }

  private constructor() {
    this.#worker.unref();
    this.#worker.on('message', (message: Looked | 'ready') => {
      if (message === 'ready') this.#ready = true;
      else this.#waiting?.resolve(message);
    });
    this.#worker.on('error', (error: Error) => {
      this.#ready = false;
      if (spare === this) spare = null;
      this.#waiting?.reject(error);
    });
  }

  /** Whether it has started and need not be waited for. */
  get ready(): boolean {
    return this.#ready;
  }

  /** One call at a time. Links are not followed. Rejects when the thread fails. */
  look(request: LookRequest): Promise<Looked> {
    this.#waiting = Promise.withResolvers();
    this.#worker.ref();
    this.#worker.postMessage(request);
    return this.#waiting.promise.finally(() => {
      this.#waiting = null;
      this.#worker.unref();
    });
  }
}
