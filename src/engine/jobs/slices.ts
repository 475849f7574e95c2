import { breathe, checkCancelled } from './flow.ts';

/** Longest piece of work in one go, in milliseconds: short beside what anybody notices. */
const SLICE_MS = 8;

/** Cuts long synchronous work into slices, between which calls are answered. */
export class Slices {
  readonly #signal: AbortSignal | undefined;
  #began = performance.now();

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  /** Whether it is time for `next`. */
  get over(): boolean {
    return performance.now() - this.#began > SLICE_MS;
  }

  /** Throws `cancelled`. */
  async next(): Promise<void> {
    await breathe();
    checkCancelled(this.#signal);
    this.#began = performance.now();
  }
}
