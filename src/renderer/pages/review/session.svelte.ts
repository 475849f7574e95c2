import type {
  Confusion,
  DigitDetail,
  DigitPage,
  DigitRow,
  JournalState,
} from '../../../shared/contract/index.ts';
import {
  firstFilter,
  indexAfterLabel,
  matches,
  queryOf,
  type BatchQuery,
  type ReviewFilter,
} from './filter.ts';
import { correctCount, type MatrixMode } from './matrix.ts';

/** The calls of the engine that reviewing needs. */
export interface ReviewCalls {
  confusion(batchId: number): Promise<Confusion>;
  page(query: BatchQuery, offset: number, limit: number): Promise<DigitPage>;
  detail(ref: string): Promise<DigitDetail>;
  setLabel(ref: string, label: number | null): Promise<JournalState>;
}

export interface Selection {
  /** Place in the list that the filter gives. */
  index: number;
  row: DigitRow;
}

/** How far around the old place a digit is looked for after the list changed. */
const NEAR = 50;

/**
 * One person reviewing: which batch, which digits of it, which one now. Lives as long as the window, so that a look at
 * another page loses nothing.
 */
export class ReviewSession {
  batchId = $state<number | null>(null);
  filter = $state.raw<ReviewFilter>({ kind: 'all' });
  mode = $state<MatrixMode>('counts');
  zoom = $state(false);
  confusion = $state.raw<Confusion | null>(null);
  total = $state<number | null>(null);
  selection = $state.raw<Selection | null>(null);
  detail = $state.raw<DigitDetail | null>(null);
  error = $state.raw<unknown>(null);
  /** Counts up whenever the digits shown may differ. */
  version = $state(0);

  readonly #calls: ReviewCalls;
  /** Place that was selected last. */
  #target = -1;
  /** Labels in the order they were given here, to come back to a digit when it is undone. */
  #given: { ref: string; label: number | null }[] = [];
  /** Keys can come faster than answers: one step after the other. */
  #steps: Promise<void> = Promise.resolve();
  #refreshWaits = false;
  /** The filter is our choice still; another suits a batch that has grown better. */
  #ownChoice = true;

  constructor(calls: ReviewCalls) {
    this.#calls = calls;
  }

  get query(): BatchQuery | null {
    return this.batchId === null ? null : queryOf(this.batchId, this.filter);
  }

  get misclassified(): number {
    return this.confusion === null ? 0 : this.confusion.labelled - correctCount(this.confusion.counts);
  }

  /** Opens a batch with what most needs a look; the same batch again stays as it was left. */
  open(batchId: number): Promise<void> {
    if (this.batchId === batchId && this.confusion !== null) return this.refresh();
    this.batchId = batchId;
    this.confusion = null;
    this.#given = [];
    this.#ownChoice = true;
    this.#leave();
    return this.#step(() => this.#showFirst());
  }

  /** Forgets the batch, after its removal or with another project. */
  close(): void {
    this.batchId = null;
    this.confusion = null;
    this.#leave();
  }

  show(filter: ReviewFilter): Promise<void> {
    this.#ownChoice = false;
    this.filter = filter;
    this.#leave();
    return this.#step(() => this.#go(0));
  }

  select(index: number): Promise<void> {
    this.#ownChoice = false;
    this.#target = index;
    // A key held down passes over digits faster than they can be read.
    return this.#step(async () => {
      if (this.#target === index) await this.#go(index);
    });
  }

  move(by: number): Promise<void> {
    this.#ownChoice = false;
    return this.#step(() => this.#go((this.selection?.index ?? -1) + by));
  }

  /** Gives the selected digit a label and goes on; null takes the label away and stays. */
  label(label: number | null): Promise<void> {
    return this.#step(() => this.#label(label));
  }

  /** Takes what the model read as the label, and goes on. */
  accept(): Promise<void> {
    return this.#step(async () => {
      const predicted = this.selection?.row.predicted;
      if (predicted != null) await this.#label(predicted);
    });
  }

  /** Reads again after a change that the engine told of: a label, an undo, a batch that grows. */
  refresh(): Promise<void> {
    if (this.#refreshWaits) return this.#steps;
    this.#refreshWaits = true;
    return this.#step(async () => {
      this.#refreshWaits = false;
      const { selection } = this;
      if (this.#ownChoice) return this.#showFirst();
      const wanted = (await this.#takeUndone()) ?? selection?.row.ref;
      const near = selection?.index ?? 0;
      await this.#reload((wanted === undefined ? null : await this.#find(wanted, near)) ?? near);
    });
  }

  /** What needs a look first. */
  #chooseFilter(): void {
    if (this.confusion !== null)
      this.filter = firstFilter({ ...this.confusion, misclassified: this.misclassified });
  }

  /** As long as nobody has chosen anything, the first digits of a batch that grows stay on the screen. */
  async #showFirst(): Promise<void> {
    const { batchId } = this;
    if (batchId === null) return;
    const confusion = await this.#calls.confusion(batchId);
    if (this.batchId !== batchId) return;
    this.confusion = confusion;
    this.#chooseFilter();
    this.version++;
    await this.#go(0);
  }

  /** A digit that was labelled here and no longer has that label: somebody pressed undo. */
  async #takeUndone(): Promise<string | undefined> {
    const last = this.#given.at(-1);
    if (last === undefined || (await this.#calls.detail(last.ref)).label === last.label) return undefined;
    this.#given.pop();
    return last.ref;
  }

  async #label(label: number | null): Promise<void> {
    const { selection, total } = this;
    if (selection === null || total === null) return;
    const { index, row } = selection;
    this.#ownChoice = false;
    if (row.label !== label) {
      await this.#calls.setLabel(row.ref, label);
      this.#given.push({ ref: row.ref, label });
    }
    const stays = matches(this.filter, { ...row, label });
    await this.#reload(label === null && stays ? index : (indexAfterLabel(index, total, stays) ?? 0));
  }

  /** The table, the list and the digit at `index`, all new. */
  async #reload(index: number): Promise<void> {
    if (this.batchId === null) return;
    this.confusion = await this.#calls.confusion(this.batchId);
    this.version++;
    await this.#go(index);
  }

  /** Selects the digit at an index, or the nearest that there is. */
  async #go(index: number): Promise<void> {
    const { query } = this;
    if (query === null) return;
    const wanted = Math.max(0, index);
    let page = await this.#calls.page(query, wanted, 1);
    if (page.rows.length === 0 && page.total > 0) page = await this.#calls.page(query, page.total - 1, 1);
    const row = page.rows[0];
    this.total = page.total;
    this.selection = row === undefined ? null : { index: page.offset, row };
    this.detail = row === undefined ? null : await this.#calls.detail(row.ref);
  }

  async #find(ref: string, near: number): Promise<number | null> {
    const { query } = this;
    if (query === null) return null;
    const page = await this.#calls.page(query, Math.max(0, near - NEAR), 2 * NEAR);
    const at = page.rows.findIndex((row) => row.ref === ref);
    return at < 0 ? null : page.offset + at;
  }

  #leave(): void {
    this.selection = null;
    this.detail = null;
    this.total = null;
  }

  #step(work: () => Promise<void>): Promise<void> {
    this.#steps = this.#steps.then(work).then(
      () => {
        this.error = null;
      },
      (error: unknown) => {
        this.error = error;
      },
    );
    return this.#steps;
  }
}
