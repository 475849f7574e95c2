import type { TrainEvent } from '../../../shared/contract/index.ts';
import { afterEvent, nothingYet, type LiveRun } from './live.ts';

type Watch = (runId: number, signal: AbortSignal) => Promise<AsyncIterable<TrainEvent>>;

/** Follows one run at a time over the engine's stream. */
export class RunWatcher {
  live = $state.raw<LiveRun>(nothingYet);
  /** The first event has come: an empty curve is now a fact. */
  ready = $state(false);
  error = $state.raw<unknown>(null);
  readonly #open: Watch;

  constructor(open: Watch) {
    this.#open = open;
  }

  /** Watches a run from its history on; call the answer to stop. */
  follow(runId: number): () => void {
    const stop = new AbortController();
    this.live = nothingYet;
    this.ready = false;
    this.error = null;
    void this.#read(runId, stop.signal);
    return () => stop.abort();
  }

  async #read(runId: number, signal: AbortSignal): Promise<void> {
    try {
      for await (const event of await this.#open(runId, signal)) {
        if (signal.aborted) return;
        this.live = afterEvent(this.live, event);
        this.ready = true;
      }
    } catch (error) {
      if (!signal.aborted) this.error = error;
    }
  }
}
