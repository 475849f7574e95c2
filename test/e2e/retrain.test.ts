import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { complaints } from './axe.ts';
import { testDigits, writeClasses, writeFlat } from './digits.ts';
import { Studio } from './harness.ts';
import { freshFolder } from './places.ts';
import { go, idle, main, outcome, savedReport, SLOW, startClassifying, trainedProject } from './steps.ts';
import { en } from './words.ts';

/** Few digits to train with, so that those reviewed make a difference that is more than chance. */
const TRAINED = 80;
const TESTED = 400;
const REVIEWED = 150;

const t = en.versions;
const scanned = testDigits(REVIEWED, TRAINED + TESTED);
let studio: Studio;
beforeAll(async () => {
  const folder = freshFolder('retrain');
  const labelled = path.join(folder, 'labelled');
  await writeClasses(path.join(labelled, 'train'), testDigits(TRAINED));
  await writeClasses(path.join(labelled, 'test'), testDigits(TESTED, TRAINED));
  await writeFlat(path.join(folder, 'scans'), scanned);
  studio = await Studio.launch();
  await trainedProject(studio, path.join(folder, 'project'), 'Loop', labelled, '30');
  await startClassifying(studio, path.join(folder, 'scans'));
  await idle(studio.page);
}, 3 * SLOW);
afterAll(() => studio?.close());

const current = (): Promise<string> => main(studio.page).locator('.panel h2').innerText();

it('reviews by keys, adds what was decided, keeps it as a version, trains again, and shows before and after', async () => {
  const { page } = studio;
  await go(page, 'review');
  await main(page).getByRole('grid').focus();
  await page.keyboard.press('q');
  for (let at = 0; at < REVIEWED; at++) {
    const name = await current();
    await page.keyboard.press(String(scanned[Number(/\d+/.exec(name)![0])]!.label));
    if (at < REVIEWED - 1) await expect.poll(current, { timeout: 15_000, interval: 20 }).not.toBe(name);
  }
  await main(page).getByText(en.decide.queueEmpty).waitFor();
  await main(page)
    .getByRole('button', { name: t.add.start(REVIEWED, String(REVIEWED)) })
    .click();
  await main(page).getByText(t.add.allIn).waitFor();
  expect(await complaints(page, 'review with what was added')).toEqual([]);

  await main(page).getByRole('button', { name: t.show, exact: true }).click();
  await page.locator('main[data-page="data"]').waitFor();
  await main(page)
    .getByText(t.kinds.added(REVIEWED, String(REVIEWED)))
    .first()
    .waitFor();
  expect(await complaints(page, 'pending changes')).toEqual([]);
  await main(page).getByLabel(t.name).fill('Monday');
  await page.keyboard.press('Enter');
  await main(page).getByRole('button', { name: '2 · Monday' }).waitFor();
  await main(page).getByText(t.pendingNone).waitFor();
  expect(await complaints(page, 'a version')).toEqual([]);

  await main(page).getByRole('button', { name: t.retrain.start }).click();
  await page.locator('main[data-page="train"]').waitFor();
  await outcome(page)
    .getByText('was kept as a model')
    .waitFor({ timeout: 2 * SLOW });
  await idle(page);
  await page.keyboard.press('b');
  await main(page)
    .getByText(/: more than chance \(McNemar/)
    .waitFor({ timeout: SLOW });
  const errors = (
    await main(page)
      .getByRole('row', { name: new RegExp(`^${en.runs.compare.testError}`) })
      .getByRole('cell')
      .allInnerTexts()
  ).map((text) => Number.parseFloat(text));
  expect(errors).toHaveLength(2);
  expect(errors[1]).toBeLessThan(errors[0]!);
  expect(await complaints(page, 'before and after')).toEqual([]);
  for (const view of ['matrices', 'rejects'] as const) {
    await main(page).getByText(en.runs.compare.views[view], { exact: true }).first().click();
    await main(page).locator(`.charts.${view}`).getByRole('heading').first().waitFor();
    expect(await complaints(page, view)).toEqual([]);
  }
  // A cell leads to its digits.
  await main(page).getByText(en.runs.compare.views.matrices, { exact: true }).click();
  await main(page)
    .locator('.charts table')
    .first()
    .getByRole('button', { name: /^1 read correctly:/ })
    .click();
  await page.locator('main[data-page="review"]').waitFor();
  await main(page)
    .getByRole('button', { name: en.review.filters.remove(en.review.filters.cell(1, 1)) })
    .waitFor();
  await main(page).getByRole('combobox', { name: en.review.batch }).selectOption({ label: 'scans' });
});

it('takes pending changes back as a whole, and brings them again by undo', async () => {
  const { page } = studio;
  await go(page, 'review');
  await page.keyboard.press('Escape');
  await main(page).getByRole('grid').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press(String((scanned[Number(/\d+/.exec(await current())![0])]!.label + 1) % 10));
  await main(page)
    .getByRole('button', { name: t.add.start(1, '1') })
    .click();
  await main(page)
    .getByText(t.add.pending(1, '1', 'labelled'))
    .waitFor();
  await go(page, 'data');
  await main(page).getByText(t.kinds.relabelled(1, '1')).first().waitFor();
  await main(page).getByRole('button', { name: t.discard }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: t.discard }).click();
  await main(page).getByText(t.pendingNone).waitFor();
  await page.keyboard.press('Control+z');
  await main(page).getByText(t.kinds.relabelled(1, '1')).first().waitFor();
});

it('says in the report what came of training again, as HTML and PDF', async () => {
  const { page } = studio;
  await go(page, 'review');
  for (const kind of ['html', 'pdf'] as const) {
    const bytes = await savedReport(studio, kind);
    if (kind === 'pdf') {
      expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
      continue;
    }
    const html = bytes.toString();
    expect(html).toMatch(/: more than chance \(McNemar/);
    expect(html).toContain(en.report.measuredOn(String(TESTED), 'labelled'));
    const fixed = Number(/Read right only after: ([\d,]+)/.exec(html)![1]);
    const broken = Number(/Read right only before: ([\d,]+)/.exec(html)?.[1] ?? 0);
    expect(fixed).toBeGreaterThan(broken);
    const pictures = html.slice(html.indexOf('Read right only after')).match(/<img /g)!.length;
    expect(pictures).toBe(Math.min(200, fixed) + Math.min(200, broken));
  }
});

it('covers nothing of a page by what it says', async () => {
  const { page } = studio;
  await main(page).getByRole('button', { name: en.review.saveMatrix.menu }).waitFor();
  const [said, content] = await Promise.all(
    ['.toasts', 'main'].map((selector) => page.locator(selector).boundingBox()),
  );
  expect(await page.locator('.toast').count()).toBeGreaterThan(0);
  expect(said!.x + said!.width).toBeLessThanOrEqual(content!.x);
  const links = await page.getByRole('navigation').getByRole('link').last().boundingBox();
  expect(said!.y).toBeGreaterThan(links!.y + links!.height);
});

it('says one thing at a time in the bar of a small window', async () => {
  const { page } = studio;
  await studio.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]!.setContentSize(1024, 700),
  );
  await page.waitForFunction(() => window.innerWidth === 1024);
  await savedReport(studio, 'html');
  await page.keyboard.press('Control+Shift+z');
  await expect.poll(() => page.locator('.toast').count()).toBeGreaterThan(1);
  expect(await page.locator('.toast:visible').count()).toBe(1);
  const [said, content] = await Promise.all(
    ['.toast:visible', 'main'].map((selector) => page.locator(selector).boundingBox()),
  );
  expect(said!.y + said!.height).toBeLessThanOrEqual(content!.y);
});
