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

/** Whether a page is here, as long as the list makes it. */
const isHere = ({ total, pages }: Generation, page: number): boolean =>
  (pages.get(page)?.rows.length ?? -1) >= Math.max(0, Math.min(PAGE_SIZE, (total ?? 0) - page * PAGE_SIZE));

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
  #view = { first: 0, last: PAGE_SIZE };
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
    if (!keepPlace) this.#view = { first: 0, last: PAGE_SIZE };
    this.#ask();
  }

  /** Says which digits are in view; `last` is not among them. */
  look(first: number, last: number): void {
    this.#view = { first, last };
    this.#ask();
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
    const first = Math.floor(this.#view.first / PAGE_SIZE);
    const last = Math.max(first, Math.ceil(this.#view.last / PAGE_SIZE) - 1);
    const seen = Array.from({ length: last - first + 1 }, (_, i) => first + i);
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
      this.#arrived(target);
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
      if (!this.#fillsView(target) || (target.counting && target.total === 0)) return;
      this.#shown = target;
      this.#next = null;
      return this.#listener.onpage(true);
    }
    this.#listener.onpage(false);
  }

  /** Whether everything in view is here, as far as the list reaches. */
  #fillsView(target: Generation): boolean {
    const end = Math.min(this.#view.last, target.total ?? 0);
    for (let index = this.#view.first; index < end; index += PAGE_SIZE)
      if (!isHere(target, Math.floor(index / PAGE_SIZE))) return false;
    return end <= this.#view.first || isHere(target, Math.floor((end - 1) / PAGE_SIZE));
  }

  /** Lets go of the pages that are farthest away. */
  #forget({ pages }: Generation): void {
    const middle = (this.#view.first + this.#view.last) / 2 / PAGE_SIZE;
    const far = [...pages.keys()].sort((a, b) => Math.abs(b - middle) - Math.abs(a - middle));
    for (const page of far.slice(0, Math.max(0, pages.size - KEPT))) pages.delete(page);
  }
}
