import { StudioError, type Reason } from '../../shared/errors.ts';
import { ReaderChild, type ChunkEnd } from './reader-child.ts';
import type { ReaderTask, TaskOutcome, TaskOutcomes } from './reader-protocol.ts';
import type { ReadFailure } from './types.ts';

/**
 * Files per message to a process: enough to make the message cheap and to last while the one that asks is busy with something else, few enough that no process ends long
 * after the others. As many as take `milliseconds`, within these bounds.
 */
const MESSAGE = { least: 32, most: 128, milliseconds: 4 };
/** Times that each process may end before its first file, until the fault is not the files'. */
const MOST_FALSE_STARTS = 3;
/** How long a file that nobody waits for any more may hold up the next: about what a new process costs, and some more. */
const GRACE_MS = 1_000;

export interface ReaderLaneOptions {
  processes: number;
  /** Most milliseconds for one file; its process is killed then. */
  timeoutMs: number;
  /** The script of a process, which calls `serveReads`. */
  entry: URL;
}

/** One call of `read`. */
interface Batch {
  task: ReaderTask;
  outcomes: TaskOutcome[];
  left: number;
  /** Nobody waits for it any more. */
  dropped: boolean;
  resolve(outcomes: TaskOutcome[]): void;
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

/** Processes that work on one queue of files, start with its first call and stay; what `ReaderPool` promises is kept here. */
export class ReaderLane {
  readonly #options: ReaderLaneOptions;
  readonly #queue: Chunk[] = [];
  /** Null where a process is still to start. */
  readonly #children: (ReaderChild | null)[];
  /** What each process works on now. */
  readonly #busy = new Map<number, Batch>();
  #falseStarts = 0;
  /** Files that a message holds, by what is done with them. */
  readonly #perMessage = new Map<ReaderTask['kind'], number>();
  #closed = false;

  constructor(options: ReaderLaneOptions) {
    this.#options = options;
    this.#children = new Array<ReaderChild | null>(options.processes).fill(null);
  }

  /** Of the processes that run now, for supervision. */
  get pids(): number[] {
    return this.#children.flatMap((child) => (child && !child.ended && child.pid ? [child.pid] : []));
  }

  /** One outcome per path, in order; calls are served in turn. Rejects with `internal` and `cancelled`. */
  read<Kind extends keyof TaskOutcomes>(
    paths: readonly Buffer[],
    task: ReaderTask & { kind: Kind },
    signal?: AbortSignal,
  ): Promise<TaskOutcomes[Kind][]> {
    if (this.#closed || signal?.aborted) return Promise.reject(new StudioError('cancelled'));
    if (paths.length === 0) return Promise.resolve([]);
    const { promise, resolve, reject } = Promise.withResolvers<TaskOutcome[]>();
    const outcomes = new Array<TaskOutcome>(paths.length);
    const batch: Batch = { task, outcomes, left: paths.length, dropped: false, resolve, reject };
    const fitting = this.#perMessage.get(task.kind) ?? MESSAGE.least;
    const length = Math.min(fitting, Math.ceil(paths.length / this.#children.length));
    for (let start = 0; start < paths.length; start += length)
      this.#queue.push({ batch, paths: paths.slice(start, start + length), start, isSuspect: false });
    this.#wake();
    const drop = (): void => this.#drop(batch);
    signal?.addEventListener('abort', drop, { once: true });
    // A task brings outcomes of its own kind.
    return promise.finally(() => signal?.removeEventListener('abort', drop)) as Promise<TaskOutcomes[Kind][]>;
  }

  /** Nobody waits for a call any more: it leaves the queue, and a process that stays at it is killed. */
  #drop(batch: Batch): void {
    batch.dropped = true;
    batch.reject(new StudioError('cancelled'));
    this.#queue.splice(0, Infinity, ...this.#queue.filter((chunk) => chunk.batch !== batch));
    const timer = setTimeout(() => {
      for (const [slot, current] of this.#busy) if (current === batch) void this.#children[slot]?.kill();
    }, GRACE_MS);
    timer.unref();
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
    for (let chunk = this.#queue.shift(); chunk; chunk = this.#queue.shift()) {
      this.#busy.set(slot, chunk.batch);
      const end = await this.#childAt(slot).read(chunk.paths, chunk.batch.task);
      if (end.how !== 'answered') this.#children[slot] = null;
      if (this.#closed) chunk.batch.reject(new StudioError('cancelled'));
      else if (!chunk.batch.dropped) this.#settle(chunk, end);
    }
    this.#busy.delete(slot);
  }

  #childAt(slot: number): ReaderChild {
    const child = this.#children[slot];
    if (child && !child.ended) return child;
    return (this.#children[slot] = new ReaderChild(this.#options.entry, this.#options.timeoutMs));
  }

  #settle(chunk: Chunk, end: ChunkEnd): void {
    if (end.how !== 'answered' && end.index === null) return this.#startAgain(chunk, end);
    this.#falseStarts = 0;
    if (end.how === 'answered') {
      this.#fitMessages(chunk, end.milliseconds);
      return enter(chunk, end.outcomes);
    }
    const index = end.index!;
    const culprit: Chunk = { ...partOf(chunk, index, index + 1), isSuspect: true };
    this.#readFirst(partOf(chunk, 0, index), partOf(chunk, index + 1));
    if (end.how === 'hung')
      enter(culprit, [failed({ code: 'read-timeout', params: { seconds: this.#options.timeoutMs / 1000 } })]);
    else if (chunk.isSuspect)
      enter(culprit, [failed({ code: 'decoder-crashed', params: { end: end.cause } })]);
    else this.#readFirst(culprit);
  }

  /** What is left over at the end of a call is too little to judge by. */
  #fitMessages({ batch, paths }: Chunk, milliseconds: number): void {
    if (paths.length < MESSAGE.least) return;
    const fitting = Math.round((MESSAGE.milliseconds / milliseconds) * paths.length);
    this.#perMessage.set(batch.task.kind, Math.min(MESSAGE.most, Math.max(MESSAGE.least, fitting)));
  }

  #startAgain(chunk: Chunk, end: Exclude<ChunkEnd, { how: 'answered' }>): void {
    if (++this.#falseStarts < MOST_FALSE_STARTS * this.#children.length) return this.#readFirst(chunk);
    this.#falseStarts = 0;
    const how =
      end.how === 'hung' ? 'no answer' : typeof end.cause === 'number' ? `exit code ${end.cause}` : end.cause;
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

const failed = (reason: Reason): ReadFailure => ({ status: 'failed', reason });

const partOf = (chunk: Chunk, from: number, to?: number): Chunk => ({
  ...chunk,
  paths: chunk.paths.slice(from, to),
  start: chunk.start + from,
});

function enter({ batch, start }: Chunk, outcomes: readonly TaskOutcome[]): void {
  outcomes.forEach((outcome, index) => (batch.outcomes[start + index] = outcome));
  batch.left -= outcomes.length;
  if (batch.left === 0) batch.resolve(batch.outcomes);
}
