import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ProgressCell } from './progress-cell.ts';
import {
  unpackAnswer,
  type ReadAnswer,
  type ReaderTask,
  type ReadRequest,
  type SentTask,
  type TaskOutcome,
} from './reader-protocol.ts';

/**
 * How a chunk ended: with its outcomes, or the process ended at one of its files (killed, when that took too long). The index is
 * null when it ended before the first of them; `cause` is the signal's name or the exit code, or why it did not start.
 */
export type ChunkEnd =
  | { how: 'answered'; outcomes: TaskOutcome[]; milliseconds: number }
  | { how: 'hung'; index: number | null }
  | { how: 'died'; index: number | null; cause: string | number };

/** How often a chunk's progress is looked at within the time-out. */
const LOOKS = 10;
/** Most milliseconds until a process begins with its first file; it may be long on a busy machine. */
const START_MS = 20_000;
const KILL_MS = 2_000;

interface CurrentChunk {
  number: number;
  resolve(end: ChunkEnd): void;
}

/** One reader process, working on one chunk at a time. */
export class ReaderChild {
  readonly #process: ChildProcess;
  readonly #cell = new ProgressCell();
  readonly #timeoutMs: number;
  #chunks = 0;
  #current: CurrentChunk | null = null;
  #ended: string | number | null = null;
  /** Prefixes that the process holds. */
  #known: Uint32Array | null = null;

  /**
   * @param entry the script of the process
   * @param timeoutMs most milliseconds for one file
   */
  constructor(entry: URL, timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    // Not fork(): it would pass this process's inspector flags on.
    const { NODE_OPTIONS: _, ...env } = process.env;
    this.#process = spawn(process.execPath, [fileURLToPath(entry), String(process.pid)], {
      env,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc', this.#cell.descriptor],
      serialization: 'advanced',
      windowsHide: true,
    });
    this.#process.on('message', (answer: ReadAnswer) => {
      if (answer.chunk === this.#current?.number)
        this.#finish({
          how: 'answered',
          outcomes: unpackAnswer(answer),
          milliseconds: answer.milliseconds,
        });
    });
    this.#process.on('error', (error) => this.#end(error.message));
    this.#process.on('exit', (code, signal) => this.#end(signal ?? code!));
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get ended(): boolean {
    return this.#ended !== null;
  }

  /** Works on the files of one chunk; never rejects. After `hung` and `died` the process is gone. */
  read(paths: readonly Buffer[], task: ReaderTask): Promise<ChunkEnd> {
    const number = ++this.#chunks;
    const { promise, resolve } = Promise.withResolvers<ChunkEnd>();
    if (this.#ended !== null) return Promise.resolve({ how: 'died', index: null, cause: this.#ended });
    this.#current = { number, resolve };
    this.#watch(number);
    const request: ReadRequest = { chunk: number, paths: [...paths], task: this.#sent(task) };
    // A message that cannot be sent needs no care: the process has ended, and its end is seen.
    this.#process.send(request, () => undefined);
    return promise;
  }

  #sent(task: ReaderTask): SentTask {
    if (task.kind !== 'new') return task;
    if (task.known === this.#known) return { ...task, known: null };
    this.#known = task.known;
    return task;
  }

  /** Ends the process and waits until it has gone, though not for ever: one that waits for a dead network drive stays. */
  async kill(): Promise<void> {
    if (this.#ended !== null) return;
    const gone = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await Promise.race([gone, sleep(KILL_MS, null, { ref: false })]);
  }

  /**
   * Looks from time to time whether the reader still moves from file to file. Counts looks, not time: when this process itself
   * was held up, that is not the reader's fault.
   */
  #watch(number: number): void {
    let at: number | null = null;
    let looks = 0;
    const interval = this.#timeoutMs / LOOKS;
    const timer = setInterval(() => {
      if (this.#current?.number !== number) return clearInterval(timer);
      const index = this.#indexIn(number);
      looks = index === at ? looks + 1 : 0;
      at = index;
      if (looks * interval < (index === null ? START_MS : this.#timeoutMs)) return;
      clearInterval(timer);
      this.#finish({ how: 'hung', index });
      this.#process.kill('SIGKILL');
    }, interval);
  }

  /** Null while the process has not begun the chunk. */
  #indexIn(number: number): number | null {
    const { chunk, index } = this.#cell.read();
    return chunk === number ? index : null;
  }

  #finish(end: ChunkEnd): void {
    const current = this.#current;
    this.#current = null;
    current?.resolve(end);
  }

  #end(cause: string | number): void {
    if (this.#ended !== null) return;
    this.#ended = cause;
    if (this.#current) this.#finish({ how: 'died', index: this.#indexIn(this.#current.number), cause });
    this.#cell.close();
  }
}
