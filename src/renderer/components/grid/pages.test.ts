import { describe, expect, it, vi } from 'vitest';
import type { DigitRow } from '../../../shared/contract/index.ts';
import { DigitPages, PAGE_SIZE, type ReadPage, type View } from './pages.ts';
import type { Sheet } from './paint.ts';

const sheet = {} as Sheet;
const row = (index: number, label = index % 10): DigitRow => ({
  ref: `d${index + 1}`,
  label,
  predicted: null,
  confidence: null,
  relabelled: false,
  decision: null,
});

/** A list of digits whose pages are answered when the test says so. */
class List {
  total: number;
  label: number | undefined;
  counting = false;
  asked: number[] = [];
  #waiting: (() => void)[] = [];
  constructor(total: number, label?: number) {
    this.total = total;
    this.label = label;
  }
  read: ReadPage = (offset, limit) => {
    this.asked.push(offset / PAGE_SIZE);
    const count = Math.max(0, Math.min(limit, this.total - offset));
    return new Promise((resolve) =>
      this.#waiting.push(() =>
        resolve({
          total: this.total,
          counting: this.counting,
          rows: Array.from({ length: count }, (_, i) => row(offset + i, this.label)),
          sheet,
        }),
      ),
    );
  };
  /** Answers everything that is asked now. */
  async answer(): Promise<void> {
    this.#waiting.splice(0).forEach((settle) => settle());
    await new Promise((resolve) => setTimeout(resolve));
  }
  async answerAll(): Promise<void> {
    while (this.#waiting.length > 0) await this.answer();
  }
}

const view = (first: number, last: number): View => ({ first, last, top: first });

function grid() {
  const seen = { swaps: 0, pages: 0, errors: [] as unknown[] };
  const pages = new DigitPages({
    onpage: (first) => {
      seen.pages++;
      if (first) seen.swaps++;
    },
    onerror: (error) => seen.errors.push(error),
  });
  return { pages, seen };
}

describe('pages of a grid', () => {
  it('asks for what is in view first, then for what lies around it', async () => {
    const { pages } = grid();
    const list = new List(70_000);
    pages.restart(list.read, false);
    await list.answerAll();
    expect(pages.total).toBe(70_000);
    list.asked = [];
    pages.look(view(300 * PAGE_SIZE + 20, 301 * PAGE_SIZE + 5));
    expect(list.asked).toEqual([300, 301]);
    await list.answerAll();
    expect(list.asked).toEqual([300, 301, 302, 299, 303]);
    expect(pages.row(300 * PAGE_SIZE + 20)?.ref).toBe(`d${300 * PAGE_SIZE + 21}`);
  });

  it('skips places that were passed while an answer was on its way', async () => {
    const { pages } = grid();
    const list = new List(70_000);
    pages.restart(list.read, false);
    await list.answerAll();
    list.asked = [];
    for (const page of [100, 200, 300, 400]) pages.look(view(page * PAGE_SIZE, (page + 1) * PAGE_SIZE));
    await list.answer();
    expect(list.asked.slice(0, 3)).toEqual([100, 101, 400]);
  });

  it('brings a screen to its end while the view jumps on, and then the newest', async () => {
    const { pages } = grid();
    const list = new List(70_000);
    pages.restart(list.read, false);
    await list.answerAll();
    list.asked = [];
    const screen = (page: number): View => view(page * PAGE_SIZE, (page + 3) * PAGE_SIZE);
    pages.look(screen(100));
    expect([pages.fills(screen(100)), pages.full]).toEqual([false, view(0, PAGE_SIZE)]);
    pages.look(screen(200));
    await list.answer();
    pages.look(screen(300));
    await list.answer();
    expect(pages.full).toEqual(screen(100));
    expect(pages.fills(screen(100))).toBe(true);
    await list.answerAll();
    expect(pages.full).toEqual(screen(300));
    // A view that goes on from the one that is read is read with it.
    list.asked = [];
    pages.look(screen(400));
    pages.look(screen(401));
    await list.answerAll();
    expect(list.asked.slice(0, 4)).toEqual([400, 401, 402, 403]);
  });

  it('keeps the old digits until the new list fills the view', async () => {
    const { pages, seen } = grid();
    const old = new List(1000, 1);
    pages.restart(old.read, false);
    await old.answerAll();
    pages.look(view(PAGE_SIZE - 10, PAGE_SIZE + 10));
    const next = new List(900, 2);
    pages.restart(next.read, true);
    expect(pages.row(PAGE_SIZE)?.label).toBe(1);
    await next.answer();
    expect(pages.row(PAGE_SIZE - 1)?.label).toBe(1);
    await next.answer();
    expect([pages.row(PAGE_SIZE - 1)?.label, pages.row(PAGE_SIZE)?.label, pages.total]).toEqual([2, 2, 900]);
    expect(seen.swaps).toBe(2);
  });

  it('shows a list that has become shorter than the view was far down', async () => {
    const { pages } = grid();
    const old = new List(5000);
    pages.restart(old.read, false);
    await old.answerAll();
    pages.look(view(4900, 5000));
    const next = new List(10);
    pages.restart(next.read, true);
    await next.answerAll();
    expect(pages.total).toBe(10);
  });

  it('drops answers of a list that is no longer wanted', async () => {
    const { pages } = grid();
    const [slow, quick] = [new List(10, 1), new List(20, 2)];
    pages.restart(slow.read, false);
    pages.restart(quick.read, false);
    await quick.answerAll();
    await slow.answerAll();
    expect([pages.total, pages.row(0)?.label]).toEqual([20, 2]);
  });

  it('tells of an error and asks again when told to', async () => {
    const { pages, seen } = grid();
    const list = new List(10);
    let broken = true;
    pages.restart(
      (offset, limit) => (broken ? Promise.reject(new Error('gone')) : list.read(offset, limit)),
      false,
    );
    await new Promise((resolve) => setTimeout(resolve));
    expect(seen.errors).toHaveLength(1);
    broken = false;
    pages.retry();
    await list.answerAll();
    expect(pages.total).toBe(10);
  });

  it('forgets the pages that are farthest away', async () => {
    const { pages } = grid();
    const list = new List(70_000);
    pages.restart(list.read, false);
    await list.answerAll();
    for (let page = 0; page < 200; page += 2) {
      pages.look(view(page * PAGE_SIZE, (page + 1) * PAGE_SIZE));
      await list.answerAll();
    }
    expect(pages.page(0)).toBeNull();
    expect(pages.page(198 * PAGE_SIZE)).not.toBeNull();
  });

  it('follows a list that is still counted, and shows none of it while nothing is found', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const { pages, seen } = grid();
      const answers = [0, 100, 300].map((total, index) => ({ total, counting: index < 2 }));
      let asked = 0;
      const read: ReadPage = (offset, limit) => {
        const { total, counting } = answers[Math.min(asked++, 2)]!;
        const count = Math.max(0, Math.min(limit, total - offset));
        const rows = Array.from({ length: count }, (_, i) => row(offset + i));
        return Promise.resolve({ total, counting, rows, sheet });
      };
      pages.restart(read, false);
      await vi.advanceTimersByTimeAsync(1);
      expect([pages.total, seen.swaps]).toEqual([null, 0]);
      await vi.advanceTimersByTimeAsync(100);
      expect([pages.total, pages.counting, seen.swaps]).toEqual([100, true, 1]);
      await vi.advanceTimersByTimeAsync(100);
      expect([pages.total, pages.counting, pages.row(127)?.ref, seen.swaps]).toEqual([300, false, 'd128', 1]);
    } finally {
      vi.useRealTimers();
    }
  });
});
