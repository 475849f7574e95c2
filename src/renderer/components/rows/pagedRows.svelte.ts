import { SvelteMap } from 'svelte/reactivity';
import { pagesOf, type RowWindow } from './window.ts';

type ReadRows<Query, Row> = (
  query: Query,
  offset: number,
  limit: number,
) => Promise<{ total: number; rows: readonly Row[] }>;

const PAGE = 200;
/** Pages kept around the one looked at; the rest is read again when it is scrolled to. */
const KEPT = 12;

/** The rows of a long list that are on the screen, read page by page. */
export class PagedRows<Query, Row> {
  /** Null until the first answer. */
  total = $state<number | null>(null);
  error = $state.raw<unknown>(null);
  readonly #read: ReadRows<Query, Row>;
  readonly #pages = new SvelteMap<number, readonly Row[]>();
  /** Never shown, so not reactive. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  readonly #asked = new Set<number>();
  #query: Query | null = null;
  /** Answers to an older question are thrown away. */
  #question = 0;

  constructor(read: ReadRows<Query, Row>) {
    this.#read = read;
  }

  at(index: number): Row | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** Other rows: start from nothing. */
  show(query: Query): void {
    this.#query = query;
    this.#question++;
    this.total = null;
    this.error = null;
    this.#pages.clear();
    this.#asked.clear();
    void this.#ask(0);
  }

  /** Reads the rows on the screen again, without a flash: old rows stay until the new ones come. */
  refresh(view: RowWindow): void {
    this.#question++;
    this.#asked.clear();
    const wanted = pagesOf(view, PAGE);
    for (const page of wanted.length > 0 ? wanted : [0]) void this.#ask(page);
    for (const page of this.#pages.keys()) if (!wanted.includes(page)) this.#pages.delete(page);
  }

  /** Sees to it that the rows of a window come. */
  need(view: RowWindow): void {
    const wanted = pagesOf(view, PAGE);
    for (const page of wanted) if (!this.#asked.has(page)) void this.#ask(page);
    const middle = wanted[0] ?? 0;
    for (const page of this.#pages.keys()) {
      if (Math.abs(page - middle) <= KEPT) continue;
      this.#pages.delete(page);
      this.#asked.delete(page);
    }
  }

  async #ask(page: number): Promise<void> {
    const question = this.#question;
    if (this.#query === null) return;
    this.#asked.add(page);
    try {
      const answer = await this.#read(this.#query, page * PAGE, PAGE);
      if (question !== this.#question) return;
      this.total = answer.total;
      this.#pages.set(page, answer.rows);
      this.error = null;
    } catch (error) {
      if (question !== this.#question) return;
      this.#asked.delete(page);
      this.error = error;
    }
  }
}
