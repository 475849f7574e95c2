import Database from 'better-sqlite3';
import { breathe } from '../jobs/flow.ts';
import { configureReading, type Db } from '../project/sqlite.ts';

/** Milliseconds that one look may take: the rest is read between other calls. */
const LOOK = { least: 15, most: 80 };
const SLICE_MS = 12;
/** Rows between two looks at the clock. */
const STRIDE = 256;

/**
 * The ids that a statement finds, read a little at a time over a connection of its own, so that the first are here at once and changes
 * of the project need not wait for the rest. It sees the project as it is when it begins. The statement gives 0 for a row that it passes over.
 */
export class DigitList {
  #ids = new Uint32Array(1024);
  #length = 0;
  #reader: Db | null;
  readonly #rows: IterableIterator<number>;

  constructor(file: string, statement: { text: string; values: unknown[] }) {
    this.#reader = new Database(file, { readonly: true });
    try {
      configureReading(this.#reader);
      this.#rows = this.#reader
        .prepare<unknown[], number>(statement.text)
        .pluck()
        .iterate(...statement.values);
    } catch (error) {
      this.#reader.close();
      throw error;
    }
  }

  /** Ids found so far. */
  get length(): number {
    return this.#length;
  }

  get complete(): boolean {
    return this.#reader === null;
  }

  /** The ids from place `from` to before `to`, as far as they are here. */
  ids(from: number, to: number): Uint32Array {
    return this.#ids.subarray(Math.min(from, this.#length), Math.min(to, this.#length));
  }

  /** Reads on until `count` ids are here, within what one look may take; short lists come to their end. */
  look(count: number): void {
    const began = performance.now();
    while (this.#stride()) {
      const spent = performance.now() - began;
      if (spent > LOOK.most || (spent > LOOK.least && this.#length >= count)) return;
    }
  }

  /** Reads to the end, or until `count` ids are here; other calls are answered in between. */
  async readTo(count = Infinity): Promise<void> {
    while (!this.complete && this.#length < count) {
      const began = performance.now();
      while (this.#stride() && performance.now() - began < SLICE_MS);
      await breathe();
    }
  }

  /** Nothing more is read. */
  close(): void {
    if (this.#reader === null) return;
    this.#rows.return?.();
    this.#reader.close();
    this.#reader = null;
  }

  /** Answers whether there may be more. */
  #stride(): boolean {
    if (this.#reader === null) return false;
    if (this.#ids.length < this.#length + STRIDE) {
      const larger = new Uint32Array(2 * this.#ids.length);
      larger.set(this.#ids);
      this.#ids = larger;
    }
    for (let row = 0; row < STRIDE; row++) {
      const { done, value } = this.#rows.next();
      if (done === true) {
        this.close();
        return false;
      }
      if (value !== 0) this.#ids[this.#length++] = value;
    }
    return true;
  }
}
