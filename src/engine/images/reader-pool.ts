import { availableParallelism } from 'node:os';
import { StudioError, type Reason } from '../../shared/errors.ts';
import type { NormalisationRecipe } from '../../shared/domain.ts';
import { ReaderChild, type ChunkEnd } from './reader-child.ts';
import type { ImageReader, ReadOutcome } from './types.ts';

/** Beside this file: `.ts` in the source tree, `.mjs` when bundled. */
const ENTRY = new URL(`./reader${import.meta.url.endsWith('.ts') ? '.ts' : '.mjs'}`, import.meta.url);
const MOST_PROCESSES = 8;
/** Files per message to a process: enough to make the message cheap, few enough that no process ends long after the others. */
const CHUNK = 32;
/** A picture of 100 megapixels takes a few seconds. */
const TIMEOUT_MS = 30_000;
/** Times that each process may end before its first file, until the fault is not the files'. */
const MOST_FALSE_STARTS = 3;

export interface ReaderPoolOptions {
  processes?: number;
  /** Most milliseconds for one file; its process is killed then. */
  timeoutMs?: number;
  /** The script of a process, which calls `serveReads`. */
  entry?: URL;
}

/** One call of `read`. */
interface Batch {
  recipe: NormalisationRecipe;
  outcomes: ReadOutcome[];
  left: number;
  resolve(outcomes: ReadOutcome[]): void;
  reject(error: Error): void;
}

interface Chunk {
  batch: Batch;
  paths: readonly Buffer[];
  /** Of the first path in its batch. */
  start: number;
  /** A single file at which a process died before. */
  isSuspect: boolean;
}

/**
 * Reads image files in processes that start with the first call and stay. A file that takes too long fails with `read-timeout`; one
 * that ends its process twice, the second time alone, fails with `read-error`. The other files of the call are read all the same.
 */
export class ReaderPool implements ImageReader {
  readonly #timeoutMs: number;
  readonly #entry: URL;
  readonly #queue: Chunk[] = [];
  /** Null where a process is still to start. */
  readonly #children: (ReaderChild | null)[];
  readonly #busy = new Set<number>();
  #falseStarts = 0;
  #closed = false;

  constructor({
    processes = Math.min(MOST_PROCESSES, availableParallelism()),
    timeoutMs = TIMEOUT_MS,
    entry = ENTRY,
  }: ReaderPoolOptions = {}) {
    this.#timeoutMs = timeoutMs;
    this.#entry = entry;
    this.#children = new Array<ReaderChild | null>(processes).fill(null);
  }

  /** Of the processes that run now, for supervision. */
  get pids(): number[] {
    return this.#children.flatMap((child) => (child && !child.ended && child.pid ? [child.pid] : []));
  }

  /**
   * One outcome per path, in order; calls are served in turn. Rejects with `internal` when no reader process can be started,
   * and with `cancelled` when the pool is closed.
   */
  read(paths: readonly Buffer[], recipe: NormalisationRecipe): Promise<ReadOutcome[]> {
    if (this.#closed) return Promise.reject(new StudioError('cancelled'));
    if (paths.length === 0) return Promise.resolve([]);
    const { promise, resolve, reject } = Promise.withResolvers<ReadOutcome[]>();
    const batch: Batch = {
      recipe,
      outcomes: new Array<ReadOutcome>(paths.length),
      left: paths.length,
      resolve,
      reject,
    };
    const length = Math.min(CHUNK, Math.ceil(paths.length / this.#children.length));
    for (let start = 0; start < paths.length; start += length)
      this.#queue.push({ batch, paths: paths.slice(start, start + length), start, isSuspect: false });
    this.#wake();
    return promise;
  }

  /** Kills the processes and waits until they have gone; reads under way reject with `cancelled`. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#rejectQueued(new StudioError('cancelled'));
    await Promise.all(this.#children.map((child) => child?.kill()));
  }

  #wake(): void {
    for (let slot = 0; slot < this.#children.length; slot++)
      if (this.#queue.length > 0 && !this.#busy.has(slot)) void this.#work(slot);
  }

  /** Works on the queue with one process at a time until it is empty. */
  async #work(slot: number): Promise<void> {
    this.#busy.add(slot);
    for (let chunk = this.#queue.shift(); chunk; chunk = this.#queue.shift()) {
      const end = await this.#childAt(slot).read(chunk.paths, chunk.batch.recipe);
      if (end.how !== 'answered') this.#children[slot] = null;
      if (this.#closed) chunk.batch.reject(new StudioError('cancelled'));
      else this.#settle(chunk, end);
    }
    this.#busy.delete(slot);
  }

  #childAt(slot: number): ReaderChild {
    const child = this.#children[slot];
    if (child && !child.ended) return child;
    return (this.#children[slot] = new ReaderChild(this.#entry, this.#timeoutMs));
  }

  #settle(chunk: Chunk, end: ChunkEnd): void {
    if (end.how !== 'answered' && end.index === null) return this.#startAgain(chunk, end);
    this.#falseStarts = 0;
    if (end.how === 'answered') return enter(chunk, end.outcomes);
    const index = end.index!;
    const culprit: Chunk = { ...partOf(chunk, index, index + 1), isSuspect: true };
    this.#readFirst(partOf(chunk, 0, index), partOf(chunk, index + 1));
    if (end.how === 'hung')
      enter(culprit, [failed({ code: 'read-timeout', params: { seconds: this.#timeoutMs / 1000 } })]);
    else if (chunk.isSuspect)
      enter(culprit, [
        failed({ code: 'read-error', params: { detail: `the decoder crashed (${end.detail})` } }),
      ]);
    else this.#readFirst(culprit);
  }

  #startAgain(chunk: Chunk, end: Exclude<ChunkEnd, { how: 'answered' }>): void {
    if (++this.#falseStarts < MOST_FALSE_STARTS * this.#children.length) return this.#readFirst(chunk);
    this.#falseStarts = 0;
    const how = end.how === 'died' ? end.detail : 'no answer';
    const error = new StudioError('internal', { detail: `the image reader does not start: ${how}` });
    chunk.batch.reject(error);
    this.#rejectQueued(error);
  }

  #readFirst(...chunks: Chunk[]): void {
    this.#queue.unshift(...chunks.filter(({ paths }) => paths.length > 0));
    this.#wake();
  }

  #rejectQueued(error: StudioError): void {
    for (const { batch } of this.#queue.splice(0)) batch.reject(error);
  }
}

const failed = (reason: Reason): ReadOutcome => ({ status: 'failed', reason });

const partOf = (chunk: Chunk, from: number, to?: number): Chunk => ({
  ...chunk,
  paths: chunk.paths.slice(from, to),
  start: chunk.start + from,
});

function enter({ batch, start }: Chunk, outcomes: readonly ReadOutcome[]): void {
  outcomes.forEach((outcome, index) => (batch.outcomes[start + index] = outcome));
  batch.left -= outcomes.length;
  if (batch.left === 0) batch.resolve(batch.outcomes);
}
