/** Seconds over which the rate is smoothed. */
const SMOOTHING = 4;

/** Follows how fast something goes on: units per second, recent ones counting most, and the time that is left. */
export class Pace {
  #rate: number | null = null;
  #done: number;
  #at: number;

  constructor(done: number, now = performance.now()) {
    this.#done = done;
    this.#at = now;
  }

  /** `done` units by now. Steps of less than 50 ms are added up, they would be noise. */
  update(done: number, now = performance.now()): void {
    const seconds = (now - this.#at) / 1000;
    if (seconds < 0.05) return;
    const rate = Math.max(done - this.#done, 0) / seconds;
    const weight = 1 - Math.exp(-seconds / SMOOTHING);
    this.#rate = this.#rate === null ? rate : this.#rate + weight * (rate - this.#rate);
    this.#done = done;
    this.#at = now;
  }

  /** The time since the last update was not spent at work. */
  goOn(now = performance.now()): void {
    this.#at = now;
  }

  get rate(): number | null {
    return this.#rate;
  }

  /** Null while the total or the rate is not known. */
  secondsLeft(total: number): number | null {
    return this.#rate && total > 0 ? Math.max(total - this.#done, 0) / this.#rate : null;
  }
}
