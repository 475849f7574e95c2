import type { RetryProgress } from '../../../shared/contract/index.ts';
import type { ReasonCode } from '../../../shared/errors.ts';

export interface RetryInput {
  dataSetId: number;
  fileId?: number | undefined;
  reason?: ReasonCode | undefined;
}
export type RetryCall = (input: RetryInput, signal: AbortSignal) => Promise<AsyncIterable<RetryProgress>>;

/** Files that are read again, with how far that has come; what was read stays when it is stopped. */
export class Retry {
  running = $state(false);
  /** Files were read again since the last reset. */
  ended = $state(false);
  done = $state(0);
  total = $state(0);
  mended = $state(0);
  error = $state.raw<unknown>(null);
  readonly #call: RetryCall;
  #stop = new AbortController();

  constructor(call: RetryCall) {
    this.#call = call;
  }

  /** Ends when all was read or it was stopped. One at a time. */
  async run(input: RetryInput): Promise<void> {
    if (this.running) return;
    this.reset();
    const { signal } = this.#stop;
    this.running = true;
    try {
      for await (const progress of await this.#call(input, signal)) {
        if (signal.aborted) break;
        Object.assign(this, progress);
      }
      this.ended = true;
    } catch (error) {
      if (!signal.aborted) this.error = error;
    } finally {
      this.running = false;
    }
  }

  stop(): void {
    this.#stop.abort();
  }

  reset(): void {
    this.stop();
    this.#stop = new AbortController();
    Object.assign(this, { ended: false, done: 0, total: 0, mended: 0, error: null });
  }
}
