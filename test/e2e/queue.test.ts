import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DecisionCounts } from '../../src/shared/contract/index.ts';
import { confusion } from '../../src/engine/review/confusion.ts';
import { decisionCounts } from '../../src/engine/review/decide.ts';
import { journalState, undoLabel } from '../../src/engine/review/journal.ts';
import { digitPage } from '../../src/engine/review/page.ts';
import { sql } from '../../src/engine/project/sqlite.ts';
import { openProject } from '../../src/engine/project/store.ts';
import { makeBatchProject } from './batch-project.ts';
import { testDigits } from './digits.ts';
import { Studio } from './harness.ts';
import { freshFolder } from './places.ts';
import { go, main } from './steps.ts';
import { en } from './words.ts';

const COUNT = 3_000;
const KEYS = 1_000;

const folder = freshFolder('queue');
const project = path.join(folder, 'project');
let studio: Studio;
beforeAll(async () => {
  await makeBatchProject(project, path.join(folder, 'scans'), COUNT, 1_500);
  studio = await Studio.launch();
  const { page } = studio;
  await studio.answerFolderDialog(project);
  await main(page).getByRole('button', { name: en.home.open.title }).click();
  await main(page).getByRole('heading', { level: 1, name: 'Queue' }).waitFor();
  await go(page, 'review');
  await shown(0);
  await offer(en.decide.filters.queue).waitFor();
}, 600_000);
afterAll(() => studio?.close());

const name = (at: number): string => `scan-${String(at).padStart(7, '0')}.png`;
const current = (): Promise<string> => main(studio.page).locator('.panel h2').innerText();
const shown = (at: number): Promise<void> =>
  main(studio.page).locator('.panel h2').getByText(name(at)).waitFor({ timeout: 15_000 });
const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await studio.page.keyboard.press(key);
};
const offer = (text: string) =>
  main(studio.page)
    .getByRole('group', { name: en.review.filters.label })
    .getByRole('button', { name: new RegExp(`^${text}`) });
const counted = async (text: string): Promise<number> => {
  // An offer may be gone from one look to the next.
  const [shownNow = '0'] = await offer(text).allInnerTexts();
  return Number(shownNow.replaceAll(/\D/g, ''));
};
const figures = async () => ({
  queue: await counted(en.decide.filters.queue),
  accepted: await counted(en.decide.filters.accepted),
  corrected: await counted(en.decide.filters.corrected),
  rejected: await counted(en.decide.filters.rejected),
  doubted: await counted(en.decide.filters.doubted),
});

it('is worked off by keys alone: accept, correct, doubt, reject, undo, redo', async () => {
  const none = { queue: COUNT, accepted: 0, corrected: 0, rejected: 0, doubted: 0 };
  expect(await figures()).toEqual(none);
  await press('Enter');
  await shown(1);
  await press(String((testDigits(2)[1]!.label + 1) % 10));
  await shown(2);
  await press('Space');
  await shown(3);
  await press('r');
  await shown(4);
  const decided = { queue: COUNT - 3, accepted: 1, corrected: 1, rejected: 1, doubted: 1 };
  await expect.poll(figures).toEqual(decided);
  await press('Control+z');
  await shown(3);
  await expect.poll(figures).toEqual({ ...decided, queue: COUNT - 2, rejected: 0 });
  await press('Control+z', 'Control+z', 'Control+z');
  await expect.poll(figures).toEqual(none);
  await shown(0);
  for (let redo = 0; redo < 4; redo++) await press('Control+Shift+z');
  await expect.poll(figures).toEqual(decided);
  // What was doubted waits at the end.
  await offer(en.decide.filters.doubted).click();
  await shown(2);
  await offer(en.decide.filters.queue).click();
  await shown(4);
});

it('keys work at once after a click; arrows in a field stay there; zoom and filter are kept', async () => {
  const { page } = studio;
  await main(page).getByRole('button', { name: en.review.panel.zoom }).click();
  await press('Enter');
  await shown(5);
  expect(
    await main(page).getByRole('button', { name: en.review.panel.zoom }).getAttribute('aria-pressed'),
  ).toBe('true');
  await press('z', 'ArrowRight');
  await shown(6);
  await press('ArrowLeft');
  await shown(5);
  await press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').fill('7');
  await press('ArrowRight', 'ArrowLeft', 'Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  expect(await current()).toContain(name(5));
  await press('?');
  await page.getByRole('dialog').getByText(en.decide.keys.doubt).waitFor();
  await press('Escape');
});

/** A generator with a seed, so that a failure can be repeated. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

it('a thousand random keys leave ledger, journal and screen in agreement', async () => {
  const { page } = studio;
  const next = random(11);
  const keys = [
    ...[
      'Enter',
      'Enter',
      'Enter',
      'Space',
      'r',
      'Delete',
      'ArrowRight',
      'ArrowLeft',
      'z',
      'Escape',
      'q',
      'q',
    ],
    ...['Control+z', 'Control+z', 'Control+Shift+z', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  ];
  for (let at = 0; at < KEYS; at++) await press(keys[next(keys.length)]!);
  await press('q');
  // The matrix with its filters is not there while the digit fills the page; the key that brings it back waits for a digit.
  await expect
    .poll(async () => {
      const isThere = await offer(en.decide.filters.queue).isVisible();
      if (!isThere) await press('z');
      return isThere;
    })
    .toBe(true);
  // All is written and read again when nothing on the screen moves any more.
  let last = '';
  await expect
    .poll(
      async () => {
        const before = last;
        last = `${JSON.stringify(await figures())} ${await current()} ${await page.locator('footer').innerText()}`;
        await page.waitForTimeout(700);
        return last === before;
      },
      { timeout: 120_000 },
    )
    .toBe(true);
  const screen = await figures();
  const digit = await current();
  const place =
    Number((await main(page).locator('.panel .position').innerText()).split(' ')[0]!.replaceAll(',', '')) - 1;
  const status = (await page.locator('footer').innerText()).replaceAll('\n', ' ');
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Escape');
  await go(page, 'home');
  await studio.close();

  const { db, close } = openProject(project);
  try {
    const counts = decisionCounts(db, 1);
    const sum = (of: keyof DecisionCounts): number => counts[of].reduce((all, count) => all + count, 0);
    expect(screen).toEqual({
      queue: sum('open') + sum('doubted'),
      accepted: sum('accepted'),
      corrected: sum('relabelled'),
      rejected: sum('rejected'),
      doubted: sum('doubted'),
    });
    const queue = digitPage(db, { kind: 'batch', batchId: 1, decided: 'queue', order: 'doubt' }, place, 1);
    const first = sql<{ path: Buffer }>(
      db,
      'SELECT path FROM batch_file JOIN batch_item AS item ON file_id = batch_file.id WHERE item.id = ?',
    ).get(Number(queue.rows[0]!.ref.slice(1)))!;
    expect(digit).toContain(first.path.toString());
    const { undo } = journalState(db);
    if (undo?.kind === 'doubt') expect(status).toContain(en.decide.steps.doubt(1, '1'));
    // The journal leads back to where nobody had decided anything.
    while (journalState(db).undo !== null) undoLabel(db);
    expect(
      sql(
        db,
        'SELECT COUNT(*) AS left FROM batch_item WHERE label IS NOT NULL OR decision IS NOT NULL',
      ).get(),
    ).toEqual({
      left: 0,
    });
    expect(confusion(db, 1)).toMatchObject({ labelled: 0, unlabelled: COUNT });
  } finally {
    close();
  }
}, 600_000);
