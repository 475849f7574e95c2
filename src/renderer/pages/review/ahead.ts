import type { DigitDetail, DigitRow } from '../../../shared/contract/index.ts';

/** Digits read ahead: enough for keys that come faster than answers. */
export const AHEAD = 12;

/** A digit with its pixels at hand: reading a blob takes longer than painting it. */
export type ReadDigit = DigitDetail & { tile?: Uint8Array };

/** The digits that follow the selected one, read before they are asked for, so that a key shows the next one at once. */
export class Ahead {
  readonly #read: (ref: string) => Promise<DigitDetail>;
  #rows: readonly DigitRow[] = [];
  #details = new Map<string, ReadDigit>();
  #serial = 0;

  constructor(read: (ref: string) => Promise<DigitDetail>) {
    this.#read = read;
  }

  /** Says what follows now. What was read of it already is kept. */
  expect(rows: readonly DigitRow[]): void {
    const serial = ++this.#serial;
    const known = this.#details;
    this.#rows = rows;
    this.#details = new Map();
    for (const { ref, label, decision } of rows) {
      const detail = known.get(ref);
      if (detail !== undefined && detail.label === label && detail.decision === decision)
        this.#details.set(ref, detail);
    }
    void this.#fill(serial);
  }

  /** The next one, where it has been read; it is the selected one then. */
  take(): ReadDigit | null {
    const [next, ...rest] = this.#rows;
    const detail = next === undefined ? undefined : this.#details.get(next.ref);
    if (detail === undefined) return null;
    this.#rows = rest;
    return detail;
  }

  clear(): void {
    this.#serial++;
    this.#rows = [];
    this.#details.clear();
  }

  async #fill(serial: number): Promise<void> {
    for (const { ref } of this.#rows) {
      if (this.#details.has(ref)) continue;
      try {
        const detail = await this.#read(ref);
        const tile = new Uint8Array(await detail.pixels.arrayBuffer());
        if (serial !== this.#serial) return;
        this.#details.set(ref, { ...detail, tile });
      } catch {
        // It is read again when it is its turn, and then the error is shown.
        return;
      }
    }
  }
}
