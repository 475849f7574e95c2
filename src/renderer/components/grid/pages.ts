import type { DigitRow } from '../../../shared/contract/index.ts';
import type { Sheet } from './paint.ts';

/** Digits asked for at once: about what fills a screen, and small enough to be here within three frames. */
export const PAGE_SIZE = 128;
/** Pages kept: 12,800 digits, about 40 MB. */
const KEPT = 100;
/** A list that is still counted is asked again after this long. */
const RECOUNT_MS = 100;
/** Questions under way: one is being answered while the next waits at the engine. */
const AT_ONCE = 2;

export interface LoadedPage {
  rows: readonly DigitRow[];
  sheet: Sheet;
}

/** `total`: digits of the whole list; `counting`: those found so far. */
export type ReadPage = (
  offset: number,
  limit: number,
) => Promise<LoadedPage & { total: number; counting: boolean }>;

/** Digits in view, `last` not among them, and how far the grid was scrolled for that. */
export interface View {
  first: number;
  last: number;
  top: number;
}

interface Generation {
  read: ReadPage;
  total: number | null;
  counting: boolean;
  pages: Map<number, LoadedPage>;
}

const generation = (read: ReadPage): Generation => ({
  read,
  total: null,
  counting: false,
  pages: new Map(),
});

/** Pages that a view touches, one at least. */
function pagesOf({ first, last }: Pick<View, 'first' | 'last'>): number[] {
  const from = Math.floor(first / PAGE_SIZE);
  const to = Math.max(from, Math.ceil(last / PAGE_SIZE) - 1);
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/** Whether two views have digits in common. */
export const meet = (one: View, other: View): boolean => one.first < other.last && other.first < one.last;

/** Whether a page is here, as long as the list makes it. */
const isHere = ({ total, pages }: Generation, page: number): boolean =>
  (pages.get(page)?.rows.length ?? -1) >= Math.max(0, Math.min(PAGE_SIZE, (total ?? 0) - page * PAGE_SIZE));

const START: View = { first: 0, last: PAGE_SIZE, top: 0 };

interface Listener {
  /** Something to paint arrived. `first`: of a new list, which now replaces the old one. */
  onpage: (first: boolean) => void;
  onerror: (error: unknown) => void;
}

/**
 * Digits of a list that a grid shows, read page by page: what is in view first, then what lies around it. After `restart` the old list stays
 * until the new one can fill the view, so that nothing flashes.
 */
export class DigitPages {
  readonly #listener: Listener;
  #shown: Generation | null = null;
  #next: Generation | null = null;
  /** What is asked for. */
  #view: View = START;
  /** What the grid shows now; the same, unless it moved away while an answer for a whole screen was on its way. */
  #latest: View = START;
  #full: View | null = null;
  #asking = new Set<string>();
  #serial = 0;
  #recount: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  /** How many digits the list has; null until the first answer. */
  get total(): number | null {
    return this.#shown?.total ?? null;
  }

  /** More digits may be found. */
  get counting(): boolean {
    return this.#shown?.counting ?? false;
  }

  row(index: number): DigitRow | null {
    return this.page(index)?.rows[index % PAGE_SIZE] ?? null;
  }

  /** The page that holds a digit, if it is here. */
  page(index: number): LoadedPage | null {
    return this.#shown?.pages.get(Math.floor(index / PAGE_SIZE)) ?? null;
  }

  /** Reads the list again, or another list; `keepPlace` reads it where the view is. */
  restart(read: ReadPage, keepPlace: boolean): void {
    this.#serial++;
    this.#asking.clear();
    this.#next = generation(read);
    this.#full = null;
    if (!keepPlace) this.#view = this.#latest = START;
    this.#ask();
  }

  /**
   * Says what is in view. Where that jumps faster than answers come, as a scroll bar does that is dragged, a screen that was asked for is brought to
   * its end first: else none would ever be whole.
   */
  look(view: View): void {
    this.#latest = view;
    if (!this.#isHalfRead() || meet(view, this.#view)) this.#view = view;
    this.#ask();
  }

  /** The view that came in last as a whole, of the list that is shown; null where none did. */
  get full(): View | null {
    return this.#full;
  }

  /** Whether all digits of a view are here. */
  fills(view: View): boolean {
    return this.#shown !== null && this.#isFilled(this.#shown, view);
  }

  /** Answers for the view are on their way, and it is not whole without them. */
  #isHalfRead(): boolean {
    const target = this.#next ?? this.#shown;
    if (target === null || this.#isFilled(target, this.#view)) return false;
    return pagesOf(this.#view).some((page) => this.#asking.has(`${this.#serial} ${page}`));
  }

  /** Asks again for what an error kept away. */
  retry(): void {
    this.#ask();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#recount);
    this.#shown = this.#next = null;
  }

  /** Pages in view, then those after and before it. */
  #wanted(total: number | null): number[] {
    const end = total === null ? 1 : Math.ceil(total / PAGE_SIZE);
    const seen = pagesOf(this.#view);
    const [first, last] = [seen[0]!, seen.at(-1)!];
    return [...seen, last + 1, first - 1, last + 2].filter(
      (page) => page >= 0 && (total === null || page < end),
    );
  }

  #ask(): void {
    const target = this.#next ?? this.#shown;
    if (target === null || this.#closed) return;
    // A new list is asked for what is in view, no more, until it is shown.
    const wanted = this.#wanted(target.total);
    for (const page of target.total === null ? wanted.slice(0, 1) : wanted) {
      if (this.#asking.size >= AT_ONCE) return;
      const key = `${this.#serial} ${page}`;
      if (!isHere(target, page) && !this.#asking.has(key)) void this.#load(target, page, key);
    }
  }

  async #load(target: Generation, page: number, key: string): Promise<void> {
    this.#asking.add(key);
    try {
      const { total, counting, rows, sheet } = await target.read(page * PAGE_SIZE, PAGE_SIZE);
      if (this.#closed || (target !== this.#next && target !== this.#shown)) return;
      target.total = total;
      target.counting = counting;
      target.pages.set(page, { rows, sheet });
      this.#asking.delete(key);
      this.#forget(target);
      if (counting) this.#countAgain(target, page, key);
      const whole = this.#isFilled(target, this.#view);
      if (whole) this.#full = this.#view;
      this.#arrived(target);
      if (whole) this.#view = this.#latest;
      this.#ask();
    } catch (error) {
      this.#asking.delete(key);
      if (!this.#closed && (target === this.#next || target === this.#shown)) this.#listener.onerror(error);
    }
  }

  #countAgain(target: Generation, page: number, key: string): void {
    clearTimeout(this.#recount);
    this.#recount = setTimeout(() => {
      const current = target === this.#next || target === this.#shown;
      if (current && !this.#closed && !this.#asking.has(key)) void this.#load(target, page, key);
    }, RECOUNT_MS);
  }

  #arrived(target: Generation): void {
    if (target === this.#next) {
      // That nothing is found yet is no list.
      if (!this.#isFilled(target, this.#view) || (target.counting && target.total === 0)) return;
      this.#shown = target;
      this.#next = null;
      return this.#listener.onpage(true);
    }
    this.#listener.onpage(false);
  }

  /** Whether everything in a view is here, as far as the list reaches. */
  #isFilled(target: Generation, { first, last }: View): boolean {
    const end = Math.min(last, target.total ?? 0);
    return end <= first || pagesOf({ first, last: end }).every((page) => isHere(target, page));
  }

  /** Lets go of the pages that are farthest away. */
  #forget({ pages }: Generation): void {
    const middle = (this.#view.first + this.#view.last) / 2 / PAGE_SIZE;
    const far = [...pages.keys()].sort((a, b) => Math.abs(b - middle) - Math.abs(a - middle));
    for (const page of far.slice(0, Math.max(0, pages.size - KEPT))) pages.delete(page);
  }
}
