/** Decisions that the pace is taken from. */
const RECENT = 24;
/** A longer gap was a break. */
const BREAK_MS = 60_000;

/** How fast a person decides: the median of the last gaps between decisions. */
export class Pace {
  #times: number[] = [];

  /** Notes a decision at a time in milliseconds. */
  note(at: number): void {
    this.#times = [...this.#times, at].slice(-RECENT - 1);
  }

  /** Seconds per decision; null before there were five of them without a break. */
  get seconds(): number | null {
    const gaps = this.#times
      .slice(1)
      .map((at, index) => at - this.#times[index]!)
      .filter((gap) => gap <= BREAK_MS)
      .sort((a, b) => a - b);
    return gaps.length < 4 ? null : gaps[Math.floor(gaps.length / 2)]! / 1000;
  }

  clear(): void {
    this.#times = [];
  }
}
