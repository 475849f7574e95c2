import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { complaints } from './axe.ts';
import { makeBatchProject } from './batch-project.ts';
import { Studio } from './harness.ts';
import { freshFolder } from './places.ts';
import { go, main, savedReport } from './steps.ts';
import { en } from './words.ts';

const COUNT = 1_200;
const t = en.sheets;

let studio: Studio;
beforeAll(async () => {
  const folder = freshFolder('sheets');
  const project = path.join(folder, 'project');
  await makeBatchProject(project, path.join(folder, 'scans'), COUNT, 400);
  studio = await Studio.launch();
  const { page } = studio;
  await studio.answerFolderDialog(project);
  await main(page).getByRole('button', { name: en.home.open.title }).click();
  await main(page).getByRole('heading', { level: 1, name: 'Queue' }).waitFor();
  await go(page, 'review');
  await main(page).locator('.panel h2').waitFor();
}, 120_000);
afterAll(() => studio?.close());

const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await studio.page.keyboard.press(key);
};
const summary = () => main(studio.page).locator('.foot p');
const left = async (): Promise<number> =>
  Number(
    /of ([\d,]+) digits/.exec(await main(studio.page).locator('.ask p').innerText())![1]!.replaceAll(',', ''),
  );
const marks = () => main(studio.page).locator('.tile[aria-selected=true]');

it('is gone through by keys: marks, labels, no digit, confirm, put off, undo', async () => {
  const { page } = studio;
  await press('g');
  await main(page).getByRole('listbox').waitFor();
  await main(page).locator('.tile').nth(49).waitFor();
  const before = await left();
  await press(' ', 'ArrowRight', 'ArrowRight');
  const digit = Number(/\d/.exec(await main(page).locator('.ask h2').innerText())![0]);
  await press(String((digit + 1) % 10), 'ArrowDown', 'r');
  expect(await marks().allInnerTexts()).toEqual([
    t.marks.odd(digit),
    t.marks.label((digit + 1) % 10),
    t.marks.reject,
  ]);
  expect(await complaints(page, 'a sheet')).toEqual([]);
  expect(await summary().innerText()).toBe(t.summary('3', '47', digit));
  await press('Enter');
  await expect.poll(left).toBe(before - 50);
  expect(await marks().count()).toBe(0);
  const first = await main(page).locator('.tile').first().getAttribute('aria-label');
  await press('Control+Enter');
  await main(page).getByText(t.postponed(50, '50')).waitFor();
  await expect.poll(() => main(page).locator('.tile').first().getAttribute('aria-label')).not.toBe(first);
  await press('Control+z');
  await expect.poll(left).toBe(before);
  await press('Escape');
  await main(page).getByRole('table').or(main(page).locator('.panel h2')).first().waitFor();
});

it('is gone through by mouse: click the odd one, another digit, confirm', async () => {
  const { page } = studio;
  await main(page)
    .getByRole('button', { name: new RegExp(`^${t.show}`) })
    .click();
  await main(page)
    .getByRole('button', { name: /^3, \d+ left/ })
    .click();
  await main(page)
    .getByRole('heading', { name: t.ask(3) })
    .waitFor();
  await main(page).locator('.tile').nth(4).click();
  expect(await marks().allInnerTexts()).toEqual([t.marks.odd(3)]);
  await main(page).locator('.tile').nth(4).click();
  expect(await marks().count()).toBe(0);
  await main(page).locator('.tile').nth(7).click();
  const before = await left();
  await main(page)
    .getByRole('button', { name: t.confirm('49') })
    .click();
  await expect.poll(left).toBe(before - 50);
  await main(page).getByLabel(t.size).selectOption('500');
  await main(page).locator('.tile').nth(51).waitFor({ state: 'attached' });
});

it('shows the original as long as its key is held', async () => {
  const { page } = studio;
  await main(page).getByRole('listbox').focus();
  await page.keyboard.down('o');
  await main(page).getByRole('img', { name: t.original }).first().waitFor();
  await page.keyboard.up('o');
  await main(page).locator('.original').waitFor({ state: 'detached' });
});

it('is told of in a report, as HTML and PDF', async () => {
  const { page } = studio;
  await press('Escape');
  await main(page).getByText(en.report.perMinute).waitFor();
  for (const kind of ['html', 'pdf'] as const) {
    const bytes = await savedReport(studio, kind);
    if (kind === 'pdf') {
      expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
      expect(bytes.length).toBeGreaterThan(10_000);
    } else expect(bytes.toString()).toContain(en.report.title('Monday scans'));
  }
  expect(await studio.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});

it('is keyed again by a second person, who sees nothing of what was decided', async () => {
  const { page } = studio;
  const k = en.keying;
  await press('k');
  await main(page).getByLabel(k.size).fill('5');
  expect(await complaints(page, 'before keying')).toEqual([]);
  await page.keyboard.press('Enter');
  await main(page).getByText(k.progress('0', '5')).waitFor();
  expect(await complaints(page, 'keying')).toEqual([]);
  await main(page).getByRole('button', { name: '4', exact: true }).click();
  await main(page).getByText(k.progress('1', '5')).waitFor();
  await press('Backspace');
  await main(page).getByText(k.progress('0', '5')).waitFor();
  for (let keyed = 0; keyed < 5; keyed++) {
    // Nobody decided about a digit that was read as 2 or 3 that it is an 8; the last one is none.
    await press(keyed === 4 ? 'r' : '8');
    if (keyed < 4)
      await main(page)
        .getByText(k.progress(String(keyed + 1), '5'))
        .waitFor();
  }
  await main(page).getByText(k.done).waitFor();
  await main(page)
    .getByRole('heading', { name: / keyed otherwise$/ })
    .waitFor();
  expect(await complaints(page, 'after keying')).toEqual([]);
  const differing = main(page).getByRole('listitem');
  const count = await differing.count();
  await differing.first().getByRole('button').click();
  await expect.poll(() => differing.count()).toBe(count - 1);
  await press('Escape');
  await main(page).getByText(en.report.perMinute).waitFor();
});
