import { StudioError } from '../../shared/errors.ts';

/** Makes work stand still between two of its steps, and go on; counts the time that it stood still. */
export class Gate {
  #pausedAt: number | null = null;
  #pausedSeconds = 0;
  #waiting: (() => void)[] = [];
  readonly #listeners = new Set<(paused: boolean) => void>();

  get paused(): boolean {
    return this.#pausedAt !== null;
  }

  /** In all, the time since a pause that lasts included. */
  get pausedSeconds(): number {
    return this.#pausedSeconds + (this.#pausedAt === null ? 0 : (performance.now() - this.#pausedAt) / 1000);
  }

  /** Throws `bad-request` when it is that way already. */
  set(paused: boolean): void {
    if (paused === this.paused) throw new StudioError('bad-request');
    if (paused) this.#pausedAt = performance.now();
    else {
      this.#pausedSeconds = this.pausedSeconds;
      this.#pausedAt = null;
      for (const go of this.#waiting.splice(0)) go();
    }
    for (const listener of [...this.#listeners]) listener(paused);
  }

  /** Resolves when it is no longer paused. */
  opened(): Promise<void> {
    return this.paused ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve();
  }

  /** Told of every change; call the answer to be told no more. */
  onChange(listener: (paused: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
