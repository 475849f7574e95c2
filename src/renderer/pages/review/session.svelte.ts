import type {
  Confusion,
  DecisionAct,
  DigitDetail,
  DigitPage,
  DigitRow,
  JournalState,
  ReviewCounts,
} from '../../../shared/contract/index.ts';
import { correctCount } from '../../../shared/statistics/matrix.ts';
import { Ahead, AHEAD, type ReadDigit } from './ahead.ts';
import {
  firstFilter,
  indexAfter,
  queryOf,
  rowAfter,
  whereabouts,
  type BatchQuery,
  type ReviewFilter,
} from './filter.ts';
import type { MatrixView } from './matrix.ts';
import { Pace } from './pace.ts';

/** The calls of the engine that reviewing needs. */
export interface ReviewCalls {
  confusion(batchId: number): Promise<Confusion>;
  page(query: BatchQuery, offset: number, limit: number): Promise<DigitPage>;
  detail(ref: string): Promise<DigitDetail>;
  /** Where a digit stands in the list of a query; null: nowhere. */
  place(query: BatchQuery, ref: string): Promise<number | null>;
  decide(ref: string, act: DecisionAct): Promise<JournalState>;
  decisions(batchId: number): Promise<ReviewCounts>;
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
  mode = $state<MatrixView>('counts');
  /** The map is shown in place of the matrix. */
  onMap = $state(false);
  /** A second person keys a sample. */
  keying = $state(false);
  /** Why a digit was read as it was is shown beside it. */
  why = $state(false);
  /** The surest first instead of the most doubtful. */
  surest = $state(false);
  zoom = $state(false);
  confusion = $state.raw<Confusion | null>(null);
  decisions = $state.raw<ReviewCounts | null>(null);
  /** Seconds that a decision takes at the present pace; null before there is one. */
  secondsEach = $state<number | null>(null);
  total = $state<number | null>(null);
  selection = $state.raw<Selection | null>(null);
  detail = $state.raw<ReadDigit | null>(null);
  error = $state.raw<unknown>(null);
  /** Counts up whenever the digits shown may differ. */
  version = $state(0);

  readonly #calls: ReviewCalls;
  /** Place that was selected last. */
  #target = -1;
  /** Decisions in their order here, to come back to a digit when it is undone. */
  #given: Pick<DigitRow, 'ref' | 'label' | 'decision'>[] = [];
  readonly #ahead: Ahead;
  readonly #pace = new Pace();
  /** Decisions that the engine does not know yet. */
  #unwritten = 0;
  /** Steps to another place that wait: what is decided after them is meant for the digit there. */
  #moves = 0;
  /** Decided about, and the next one is not here yet. */
  #behind = false;
  /** Keys can come faster than answers: one step after the other. */
  #steps: Promise<void> = Promise.resolve();
  #refreshWaits = false;
  /** The filter is our choice still; another suits a batch that has grown better. */
  #ownChoice = true;

  constructor(calls: ReviewCalls) {
    this.#calls = calls;
    this.#ahead = new Ahead((ref) => calls.detail(ref));
  }

  get query(): BatchQuery | null {
    if (this.batchId === null) return null;
    const query = queryOf(this.batchId, this.filter);
    return this.surest && query.decided === undefined ? { ...query, order: 'sure' } : query;
  }

  get misclassified(): number {
    return this.confusion === null ? 0 : this.confusion.labelled - correctCount(this.confusion.counts);
  }

  /** Opens a batch with what most needs a look; the same batch again stays as it was left. */
  open(batchId: number): Promise<void> {
    if (this.batchId === batchId) return this.refresh();
    this.batchId = batchId;
    this.confusion = this.decisions = null;
    this.#given = [];
    this.#pace.clear();
    this.secondsEach = null;
    this.#ownChoice = true;
    this.#leave();
    return this.#travel(() => this.#showFirst());
  }

  /** Forgets the batch, after its removal or with another project. */
  close(): void {
    this.keying = false;
    this.batchId = null;
    this.confusion = this.decisions = null;
    this.#leave();
  }

  show(filter: ReviewFilter): Promise<void> {
    this.#ownChoice = false;
    this.filter = filter;
    this.#leave();
    return this.#travel(() => this.#go(0));
  }

  /** From the surest or from the most doubtful digit on. */
  turn(): Promise<void> {
    this.surest = !this.surest;
    return this.show(this.filter);
  }

  select(index: number): Promise<void> {
    this.#ownChoice = false;
    this.#target = index;
    // A key held down passes over digits faster than they can be read.
    return this.#travel(async () => {
      if (this.#target === index) await this.#go(index);
    });
  }

  /** Selects a digit wherever it stands; the filter goes if it leaves the digit out. */
  pick(ref: string): Promise<void> {
    this.#ownChoice = false;
    this.#target = -1;
    return this.#travel(async () => {
      let at = await this.#placeOf(ref);
      if (at === null) {
        this.filter = { kind: 'all' };
        at = await this.#placeOf(ref);
      }
      if (at !== null) await this.#go(at);
    });
  }

  async #placeOf(ref: string): Promise<number | null> {
    return this.query === null ? null : this.#calls.place(this.query, ref);
  }

  move(by: number): Promise<void> {
    this.#ownChoice = false;
    return this.#travel(() => this.#go((this.selection?.index ?? -1) + by));
  }

  /** Decides about the selected digit and shows the next one at once; `clear` stays with the digit. */
  decide(act: DecisionAct): Promise<void> {
    if (this.#moves > 0 || this.#behind) return this.#step(() => this.#write(this.#advance(act), act));
    const ref = this.#advance(act);
    return ref === null ? this.#steps : this.#step(() => this.#write(ref, act));
  }

  /** Digits that wait for a decision: open ones and doubted ones. */
  get left(): number {
    const { open = [], doubted = [] } = this.decisions ?? {};
    return [...open, ...doubted].reduce((sum, count) => sum + count, 0);
  }

  /** Reads again after a change that the engine told of: a label, an undo, a batch that grows. */
  refresh(): Promise<void> {
    if (this.#refreshWaits) return this.#steps;
    this.#refreshWaits = true;
    return this.#step(async () => {
      this.#refreshWaits = false;
      // What is decided meanwhile reads it all when it is written.
      if (this.#unwritten > 0) return;
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
      this.filter = firstFilter({
        ...this.confusion,
        misclassified: this.misclassified,
        suspected: this.decisions?.suspected ?? 0,
      });
  }

  /** As long as nobody has chosen anything, the first digits of a batch that grows stay on the screen. */
  async #showFirst(): Promise<void> {
    const { batchId } = this;
    if (batchId === null) return;
    const [confusion, decisions] = await this.#figures(batchId);
    if (this.batchId !== batchId) return;
    this.confusion = confusion;
    this.decisions = decisions;
    // Somebody may have chosen meanwhile.
    if (this.#ownChoice) this.#chooseFilter();
    this.version++;
    await this.#go(0);
  }

  #figures(batchId: number): Promise<[Confusion, ReviewCounts]> {
    return Promise.all([this.#calls.confusion(batchId), this.#calls.decisions(batchId)]);
  }

  /** The digit that was decided about here and is no longer as it was left: somebody pressed undo. Of several, the one undone last. */
  async #takeUndone(): Promise<string | undefined> {
    let undone: string | undefined;
    for (let last = this.#given.at(-1); last !== undefined; last = this.#given.at(-1)) {
      const { label, decision } = await this.#calls.detail(last.ref);
      if (label === last.label && decision === last.decision) break;
      undone = last.ref;
      if (this.#given.at(-1) === last) this.#given.pop();
    }
    return undone;
  }

  /** Shows what comes after a decision, before the engine knows of it. Answers the digit decided about. */
  #advance(act: DecisionAct): string | null {
    const { selection, total } = this;
    if (selection === null || total === null || (act.kind === 'accept' && selection.row.predicted === null))
      return null;
    const { index, row } = selection;
    this.#ownChoice = false;
    this.#unwritten++;
    this.#pace.note(performance.now());
    this.secondsEach = this.#pace.seconds;
    const after = rowAfter(row, act);
    if (row.label !== after.label || row.decision !== after.decision || act.kind === 'doubt')
      this.#given.push({ ref: row.ref, label: after.label, decision: after.decision });
    const goes = whereabouts(this.filter, after, act);
    if (act.kind === 'clear' && goes === 'stays') {
      this.selection = { index, row: after };
      return row.ref;
    }
    const next = indexAfter(index, total, goes);
    const detail = next === null || next < index ? null : this.#ahead.take();
    this.#behind = detail === null;
    this.selection = { index: next ?? 0, row: detail ?? after };
    if (detail === null) return row.ref;
    this.detail = detail;
    if (goes === 'leaves') this.total = total - 1;
    return row.ref;
  }

  /** Tells the engine; after the last decision all is read again. */
  async #write(ref: string | null, act: DecisionAct): Promise<void> {
    if (ref === null) return;
    try {
      await this.#calls.decide(ref, act);
    } catch (error) {
      this.#given = this.#given.filter((given) => given.ref !== ref);
      this.#unwritten--;
      const at = await this.#find(ref, this.selection?.index ?? 0);
      await this.#reload(at ?? this.selection?.index ?? 0);
      throw error;
    }
    this.#unwritten--;
    if (this.#unwritten === 0) await this.#reload(this.selection?.index ?? 0);
  }

  /** The table, the list and the digit at `index`, all new. */
  async #reload(index: number): Promise<void> {
    const { batchId } = this;
    if (batchId === null) return;
    [this.confusion, this.decisions] = await this.#figures(batchId);
    this.version++;
    await this.#go(index);
  }

  /** Selects the digit at an index, or the nearest that there is. */
  async #go(index: number): Promise<void> {
    const { query } = this;
    if (query === null) return;
    const wanted = Math.max(0, index);
    let page = await this.#calls.page(query, wanted, 1 + AHEAD);
    if (page.rows.length === 0 && page.total > 0) page = await this.#calls.page(query, page.total - 1, 1);
    const [row, ...following] = page.rows;
    const detail = row === undefined ? null : await this.#calls.detail(row.ref);
    // Decided before or meanwhile: the list is another one, and is read once that is written.
    if (this.#unwritten > 0) return;
    this.#behind = false;
    this.total = page.total;
    this.selection = row === undefined ? null : { index: page.offset, row };
    // The picture that is there already is not painted again.
    const tile = this.detail?.ref === row?.ref ? this.detail?.tile : undefined;
    this.detail = detail === null || tile === undefined ? detail : { ...detail, tile };
    this.#ahead.expect(following);
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
    this.#behind = false;
    this.#ahead.clear();
  }

  /** A step to another place. */
  #travel(work: () => Promise<void>): Promise<void> {
    this.#moves++;
    return this.#step(async () => {
      try {
        await work();
      } finally {
        this.#moves--;
      }
    });
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
