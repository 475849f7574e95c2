import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { NormalisationRecipe } from '../../shared/domain.ts';
import { ProgressCell } from './progress-cell.ts';
import { unpackAnswer, type ReadAnswer, type ReadRequest } from './reader-protocol.ts';
import type { ReadOutcome } from './types.ts';

/** How a chunk ended: with its outcomes, or the process ended (or was ended) at one of its files. */
export type ChunkEnd =
  | { how: 'answered'; outcomes: ReadOutcome[] }
  | { how: 'hung' | 'died'; index: number };

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
  #ended = false;

  constructor(entry: URL, timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    // Not fork(): it would pass this process's inspector flags on.
    const { NODE_OPTIONS: _, ...env } = process.env;
    this.#process = spawn(process.execPath, [fileURLToPath(entry)], {
      env,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc', this.#cell.descriptor],
      serialization: 'advanced',
      windowsHide: true,
    });
    this.#process.on('message', (answer: ReadAnswer) => {
      if (answer.chunk === this.#current?.number)
        this.#finish({ how: 'answered', outcomes: unpackAnswer(answer) });
    });
    this.#process.on('error', () => this.#end());
    this.#process.on('exit', () => this.#end());
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Reads the files of one chunk; never rejects. After `hung` and `died` the process is gone. */
  read(paths: readonly Buffer[], recipe: NormalisationRecipe): Promise<ChunkEnd> {
    const number = ++this.#chunks;
    const { promise, resolve } = Promise.withResolvers<ChunkEnd>();
    if (this.#ended) return Promise.resolve({ how: 'died', index: 0 });
    this.#current = { number, resolve };
    this.#watch(number);
    const request: ReadRequest = { chunk: number, paths: [...paths], recipe };
    // A message that cannot be sent needs no care: the process has ended, and its end is seen.
    this.#process.send(request, () => undefined);
    return promise;
  }

  /** Ends the process and waits until it has gone. */
  async kill(): Promise<void> {
    if (this.#ended) return;
    const gone = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await gone;
  }

  /** Looks from time to time whether the reader still moves from file to file. */
  #watch(number: number): void {
    let at = this.#indexIn(number);
    let since = performance.now();
    const timer = setInterval(
      () => {
        if (this.#current?.number !== number) return clearInterval(timer);
        const index = this.#indexIn(number);
        if (index !== at) {
          at = index;
          since = performance.now();
        } else if (performance.now() - since >= this.#timeoutMs) {
          clearInterval(timer);
          this.#finish({ how: 'hung', index: Math.max(0, at) });
          this.#process.kill('SIGKILL');
        }
      },
      Math.max(10, this.#timeoutMs / 10),
    );
  }

  /** -1 while the process has not begun the chunk. */
  #indexIn(number: number): number {
    const { chunk, index } = this.#cell.read();
    return chunk === number ? index : -1;
  }

  #finish(end: ChunkEnd): void {
    const current = this.#current;
    this.#current = null;
    current?.resolve(end);
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#current) this.#finish({ how: 'died', index: Math.max(0, this.#indexIn(this.#current.number)) });
    this.#cell.close();
  }
}
