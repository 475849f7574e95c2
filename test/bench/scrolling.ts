import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createProject } from '../../src/engine/project/store.ts';
import { Studio } from '../e2e/harness.ts';
import { freshFolder } from '../e2e/places.ts';
import { go, main } from '../e2e/steps.ts';
import { en } from '../e2e/words.ts';
import { fillDataSet } from './data-set.ts';

/**
 * `npm run bench:scrolling -- [DIGITS] [ROUNDS]`: how long a place in the grid stays blank while a person scrolls through a million digits in the real window: at a wheel's pace, with a
 * key held down, and by dragging the scroll bar; and how long it takes from a filter to the first digits on the screen. Milliseconds; written to docs/bench-scrolling.json for a million digits.
 */
const count = Number(process.argv[2] ?? 1_000_000);
const rounds = Number(process.argv[3] ?? 3);
if (!Number.isInteger(count) || count < 10_000 || count > 1_000_000 || !(rounds >= 1)) {
  console.error('usage: npm run bench:scrolling -- [10000 to 1000000] [ROUNDS]');
  process.exit(2);
}

interface Seen {
  /** How long each place that was blank stayed so. */
  blanks: number[];
  /** Tiles that were painted with their picture, frame after frame. */
  tiles: number;
  /** From each movement to the next picture that is painted, which may be that of a place passed a moment ago. */
  pictures: number[];
  /** Longest time between two frames. */
  gap: number;
}
/** What `watchBlanks` leaves in the page. */
interface Watched {
  blanks: { start(): void; stop(): Seen; filter(): void; filters: number[] };
}

const folder = freshFolder('scrolling');
const place = path.join(folder, 'project');
const project = createProject(place, 'Scrolling');
try {
  fillDataSet(project.db, count);
} finally {
  project.close();
}
const studio = await Studio.launch();
const { page } = studio;
const results: Record<string, Seen[]> = {};
const filters: number[] = [];
try {
  await studio.app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]!.setContentSize(1920, 1080);
  });
  await studio.answerFolderDialog(place);
  await main(page).getByRole('button', { name: en.home.open.title }).click();
  await go(page, 'data');
  const grid = main(page).getByRole('grid');
  await grid.waitFor({ timeout: 60_000 });
  await page.waitForTimeout(3_000);
  await page.evaluate(watchBlanks);
  const box = (await grid.boundingBox())!;
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const top = async (share: number): Promise<void> => {
    await grid.evaluate((element, at) => {
      element.scrollTop = at * (element.scrollHeight - element.clientHeight);
    }, share);
    await page.waitForTimeout(700);
  };
  for (let round = 0; round < rounds; round++) {
    await top(0.1 + 0.2 * round);
    await page.mouse.move(middle.x, middle.y);
    await watched('wheel, 20 notches a second', async () => {
      for (let at = 0; at < 100; at++) {
        await page.mouse.wheel(0, 100);
        await page.waitForTimeout(50);
      }
    });
    await top(0.15 + 0.2 * round);
    await watched('wheel upwards, 40 notches a second', async () => {
      for (let at = 0; at < 150; at++) {
        await page.mouse.wheel(0, -100);
        await page.waitForTimeout(25);
      }
    });
    await top(0.2 + 0.2 * round);
    await grid.focus();
    await watched('Page Down held, 30 a second', async () => {
      for (let at = 0; at < 100; at++) {
        await page.keyboard.press('PageDown');
        await page.waitForTimeout(33);
      }
    });
    await top(0);
    // The thumb is at the top of the bar, which is inside of the grid's right edge.
    await page.mouse.move(box.x + box.width - 5, box.y + 8);
    await page.mouse.down();
    await watched('scroll bar dragged through a tenth in 3 s', async () => {
      const began = performance.now();
      for (let share = 0; share < 1;) {
        share = Math.min(1, (performance.now() - began) / 3_000);
        await page.mouse.move(box.x + box.width - 5, box.y + 8 + share * 0.1 * box.height);
        await page.waitForTimeout(16);
      }
    });
    await watched('scroll bar dragged from there to the end in 2 s', async () => {
      const began = performance.now();
      for (let share = 0; share < 1;) {
        share = Math.min(1, (performance.now() - began) / 2_000);
        await page.mouse.move(box.x + box.width - 5, box.y + 8 + (0.1 + share * 0.85) * box.height);
        await page.waitForTimeout(16);
      }
    });
    await page.mouse.up();
  }
  await timeFilters();
} finally {
  await studio.close();
}
report();

async function watched(name: string, scroll: () => Promise<void>): Promise<void> {
  await page.evaluate(() => (window as unknown as Watched).blanks.start());
  await scroll();
  await page.waitForTimeout(500);
  const seen = await page.evaluate(() => (window as unknown as Watched).blanks.stop());
  (results[name] ??= []).push(seen);
}

/** Presses digits, which filter by label, and waits until the new list is painted. */
async function timeFilters(): Promise<void> {
  await main(page).getByRole('grid').focus();
  for (let at = 0; at < 30; at++) {
    await page.evaluate(() => (window as unknown as Watched).blanks.filter());
    await page.keyboard.press(String(at % 10));
    await page.waitForTimeout(600);
    await page.keyboard.press('a');
    await page.waitForTimeout(400);
  }
  filters.push(...(await page.evaluate(() => (window as unknown as Watched).blanks.filters)));
}

function report(): void {
  const at = (values: readonly number[], share: number): number =>
    Math.round(values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)] ?? 0);
  const scrolls = Object.fromEntries(
    Object.entries(results).map(([name, seen]) => [
      name,
      {
        tiles: seen.reduce((sum, { tiles }) => sum + tiles, 0),
        blank: seen.reduce((sum, { blanks }) => sum + blanks.length, 0),
        p50: at(
          seen.flatMap(({ blanks }) => blanks),
          0.5,
        ),
        p95: at(
          seen.flatMap(({ blanks }) => blanks),
          0.95,
        ),
        longestOfEachRound: seen.map(({ blanks }) => at(blanks, 1)),
        pictureP95: at(
          seen.flatMap(({ pictures }) => pictures),
          0.95,
        ),
        pictureMost: at(
          seen.flatMap(({ pictures }) => pictures),
          1,
        ),
        longestFrame: at(
          seen.map(({ gap }) => gap),
          1,
        ),
      },
    ]),
  );
  const filter = {
    count: filters.length,
    p50: at(filters, 0.5),
    p95: at(filters, 0.95),
    most: at(filters, 1),
  };
  const figures = { digits: count, rounds, cores: os.availableParallelism(), scrolls, filter };
  console.log(JSON.stringify(figures, null, 2));
  if (count === 1_000_000)
    fs.writeFileSync(path.join('docs', 'bench-scrolling.json'), `${JSON.stringify(figures, null, 2)}\n`);
}

/** In the page: notes for each place of the grid's canvas how long it is blank without a break, whichever digit belongs there. */
function watchBlanks(): void {
  const grid = document.querySelector<HTMLElement>('[role=grid]')!;
  const canvas = grid.parentElement!.querySelector('canvas')!;
  const { clearRect, fillRect, drawImage } = CanvasRenderingContext2D.prototype;
  /** Since when places are blank, by column and row of the window. */
  let since = new Map<string, number>();
  let seen = new Map<string, boolean>();
  const nothing = (): Seen => ({ blanks: [], tiles: 0, pictures: [], gap: 0 });
  let out = nothing();
  let moved = 0;
  let lastFrame = 0;
  let watching = false;
  let pressed = 0;
  let armed = false;
  const filters: number[] = [];
  /** Where a tile lies, in steps that hold while rows move by. */
  const keyOf = (x: number, y: number, side: number): string =>
    `${Math.round(x)}:${Math.round((y + side / 2) / side)}`;
  const close = (): void => {
    const now = performance.now();
    const next = new Map<string, number>();
    for (const [key, blank] of seen) if (blank) next.set(key, since.get(key) ?? now);
    for (const [key, start] of since) if (!next.has(key)) out.blanks.push(now - start);
    since = next;
    seen = new Map();
  };
  CanvasRenderingContext2D.prototype.clearRect = function (...all) {
    if (this.canvas === canvas) {
      requestAnimationFrame(close);
      if (moved > 0) out.pictures.push(performance.now() - moved);
      moved = 0;
    }
    clearRect.apply(this, all);
  };
  CanvasRenderingContext2D.prototype.fillRect = function (x, y, w, h) {
    if (this.canvas === canvas && watching && w > 20) seen.set(keyOf(x, y, h), true);
    fillRect.call(this, x, y, w, h);
  };
  CanvasRenderingContext2D.prototype.drawImage = function (this: CanvasRenderingContext2D, ...all: number[]) {
    if (this.canvas === canvas && all.length === 9) {
      const key = keyOf(all[5]!, all[6]!, all[8]!);
      if (watching) {
        if (!seen.has(key)) seen.set(key, false);
        out.tiles++;
      }
    }
    (drawImage as (...args: unknown[]) => void).apply(this, all);
  } as unknown as typeof drawImage;
  grid.addEventListener('scroll', () => (moved ||= performance.now()), { capture: true });
  window.addEventListener('keydown', (event) => (pressed = event.timeStamp), true);
  new MutationObserver(() => {
    if (!armed) return;
    armed = false;
    const from = pressed;
    requestAnimationFrame(() => requestAnimationFrame(() => filters.push(performance.now() - from)));
  }).observe(grid, { attributeFilter: ['aria-rowcount'] });
  const frame = (): void => {
    const now = performance.now();
    if (watching && lastFrame > 0) out.gap = Math.max(out.gap, now - lastFrame);
    lastFrame = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  Object.assign(window, {
    blanks: {
      filters,
      start() {
        since = new Map();
        seen = new Map();
        out = nothing();
        moved = 0;
        lastFrame = 0;
        watching = true;
      },
      stop() {
        watching = false;
        for (const start of since.values()) out.blanks.push(performance.now() - start);
        since = new Map();
        return out;
      },
      filter: () => (armed = true),
    },
  });
}
