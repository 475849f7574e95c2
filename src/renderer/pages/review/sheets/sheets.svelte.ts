import type {
  DecisionChanges,
  DecisionCounts,
  DigitPage,
  DigitRow,
  JournalState,
} from '../../../../shared/contract/index.ts';
import { TILE_BYTES } from '../../../../shared/domain.ts';
import type { BatchQuery } from '../filter.ts';
import { sheetChanges, type Mark, type Marks } from './changes.ts';

export const sheetSizes = [50, 100, 200, 500] as const;

/** The calls of the engine that sheets need. */
export interface SheetCalls {
  page(query: BatchQuery, offset: number, limit: number): Promise<DigitPage>;
  decide(changes: DecisionChanges): Promise<JournalState>;
  decisions(batchId: number): Promise<DecisionCounts>;
}

/**
 * Group verification: sheets of digits that a batch read as the same one and that nobody has decided about, the least sure first. Lives as
 * long as the window, so that a look at another page loses no mark.
 */
export class Sheets {
  /** Null: no sheet is on the screen. */
  batchId = $state<number | null>(null);
  /** What they were read as. */
  digit = $state(0);
  size = $state<number>(sheetSizes[0]);
  rows = $state.raw<readonly DigitRow[]>([]);
  /** Of the digits of the sheet, N x 28 x 28. */
  pixels = $state.raw(new Uint8Array());
  marks = $state.raw<Marks>({});
  cursor = $state(0);
  /** Open digits by what they were read as; null before the first answer. */
  open = $state.raw<readonly number[] | null>(null);
  /** Open digits before this sheet, that were put off. */
  postponed = $state(0);
  busy = $state(false);
  error = $state.raw<unknown>(null);

  readonly #calls: SheetCalls;
  /** The question that is being answered; a later one makes its answer void. */
  #serial = 0;

  constructor(calls: SheetCalls) {
    this.#calls = calls;
  }

  get left(): number | null {
    return this.open?.[this.digit] ?? null;
  }

  get confirmed(): number {
    return this.rows.filter(({ ref }) => this.marks[ref] === undefined).length;
  }

  /** Begins with the digit that has most left. */
  async begin(batchId: number): Promise<void> {
    Object.assign(this, {
      batchId,
      rows: [],
      open: null,
      postponed: 0,
      cursor: 0,
      marks: {},
      error: null,
    });
    try {
      const { open } = await this.#calls.decisions(batchId);
      if (this.batchId !== batchId) return;
      this.digit = open.indexOf(Math.max(...open));
    } catch (error) {
      this.error = error;
      return;
    }
    await this.load();
  }

  end(): void {
    this.#serial++;
    this.batchId = null;
    this.rows = [];
    this.marks = {};
  }

  async show(digit: number): Promise<void> {
    Object.assign(this, { digit, postponed: 0, cursor: 0, marks: {} });
    await this.load();
  }

  async resize(size: number): Promise<void> {
    this.size = size;
    await this.load();
  }

  /** Reads the sheet again; marks of digits that are still on it stay. */
  async load(): Promise<void> {
    const { batchId, digit, size } = this;
    if (batchId === null) return;
    const serial = ++this.#serial;
    try {
      const query: BatchQuery = { kind: 'batch', batchId, decided: 'open', predicted: digit, order: 'doubt' };
      let page = await this.#calls.page(query, this.postponed, size);
      if (page.rows.length === 0 && page.total > 0) {
        // Only what was put off is left: from the beginning.
        if (serial === this.#serial) this.postponed = 0;
        page = await this.#calls.page(query, 0, size);
      }
      const pixels = new Uint8Array(await page.pixels.arrayBuffer());
      const { open } = await this.#calls.decisions(batchId);
      if (serial !== this.#serial) return;
      this.rows = page.rows;
      this.pixels = pixels;
      this.open = open;
      this.marks = Object.fromEntries(
        page.rows.flatMap(({ ref }) => (this.marks[ref] === undefined ? [] : [[ref, this.marks[ref]]])),
      );
      this.cursor = Math.min(this.cursor, Math.max(0, page.rows.length - 1));
      this.error = null;
    } catch (error) {
      if (serial === this.#serial) this.error = error;
    }
  }

  tile(index: number): Uint8Array {
    return this.pixels.subarray(index * TILE_BYTES, (index + 1) * TILE_BYTES);
  }

  /** Marks a digit; the same mark again, or the label that was read, takes it away. */
  mark(index: number, mark: Mark): void {
    const row = this.rows[index];
    if (row === undefined) return;
    this.cursor = index;
    const { [row.ref]: old, ...others } = this.marks;
    const isNone =
      JSON.stringify(old) === JSON.stringify(mark) || (mark.kind === 'label' && mark.label === this.digit);
    this.marks = isNone ? others : { ...others, [row.ref]: mark };
  }

  move(by: number): void {
    this.cursor = Math.min(Math.max(this.cursor + by, 0), Math.max(0, this.rows.length - 1));
  }

  /** Decides about the whole sheet, as one step, and shows the next one. */
  async confirm(): Promise<void> {
    if (this.busy || this.rows.length === 0) return;
    this.busy = true;
    try {
      await this.#calls.decide(sheetChanges(this.rows, this.marks));
      this.marks = {};
      this.cursor = 0;
      await this.load();
    } catch (error) {
      this.error = error;
    } finally {
      this.busy = false;
    }
  }

  /** Puts the sheet off, without its marks, and shows the next one; after the last they come again. */
  async postpone(): Promise<void> {
    if (this.busy || this.rows.length === 0) return;
    // Until the next one is here, a key must not confirm the one that was put off.
    this.busy = true;
    this.postponed += this.rows.length;
    this.marks = {};
    this.cursor = 0;
    await this.load();
    this.busy = false;
  }
}
