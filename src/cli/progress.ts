import type { WriteStream } from 'node:tty';

const REDRAW_INTERVAL = 100;
/** Where nobody watches, such as in a log: a line now and then. */
const LINE_INTERVAL = 10_000;

/** Progress on standard error: one line that is rewritten on a terminal, sparse lines elsewhere. */
export class ProgressLine {
  readonly #stream: WriteStream;
  #shownAt = performance.now() - REDRAW_INTERVAL;
  #drawn = false;

  constructor(stream: WriteStream = process.stderr) {
    this.#stream = stream;
  }

  /** What stands now; most calls only compare the time. */
  update(text: () => string): void {
    const interval = this.#stream.isTTY ? REDRAW_INTERVAL : LINE_INTERVAL;
    const now = performance.now();
    if (now - this.#shownAt < interval) return;
    this.#shownAt = now;
    if (!this.#stream.isTTY) return void this.#stream.write(`${text()}\n`);
    // One less than the width: a full line would wrap on some terminals. Some do not tell theirs.
    const width = (this.#stream.columns || 80) - 1;
    this.#stream.write(`\r${text().slice(0, width)}\x1b[K`);
    this.#drawn = true;
  }

  /** A line that stays. */
  line(text: string): void {
    this.clear();
    this.#stream.write(`${text}\n`);
  }

  clear(): void {
    if (this.#drawn) this.#stream.write('\r\x1b[K');
    this.#drawn = false;
  }
}
