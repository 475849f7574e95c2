import type { TrainEvent } from '../../../shared/contract/index.ts';
import { EngineGone } from '../../app/connection.svelte.ts';
import { afterEvent, nothingYet, type LiveRun } from './live.ts';

type Watch = (runId: number, signal: AbortSignal) => Promise<AsyncIterable<TrainEvent>>;

/** Follows one run at a time over the engine's stream. */
export class RunWatcher {
  live = $state.raw<LiveRun>(nothingYet);
  /** The first event has come: an empty curve is now a fact. */
  ready = $state(false);
  error = $state.raw<unknown>(null);
  readonly #open: Watch;
  #runId: number | null = null;

  constructor(open: Watch) {
    this.#open = open;
  }

  /** Watches a run from its history on; call the answer to stop. The same run again keeps what is known until that comes. */
  follow(runId: number): () => void {
    const stop = new AbortController();
    this.error = null;
    if (runId !== this.#runId) {
      this.#runId = runId;
      this.live = nothingYet;
      this.ready = false;
    }
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
      if (!signal.aborted && !(error instanceof EngineGone)) this.error = error;
    }
  }
}
