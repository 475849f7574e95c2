import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { complaints } from './axe.ts';
import { png, testDigits, writeClasses } from './digits.ts';
import { Studio } from './harness.ts';
import { freshFolder } from './places.ts';
import { chooseFromMenu, figure, go, idle, main, SLOW, startClassifying, trainedProject } from './steps.ts';
import { en } from './words.ts';

const { confidence: t, classify, queue } = en;
const FILES = 400;

let studio: Studio;
let folder: string;
beforeAll(async () => {
  folder = freshFolder('threshold');
  await writeClasses(path.join(folder, 'labelled', 'train'), testDigits(2_000));
  await writeClasses(path.join(folder, 'labelled', 'test'), testDigits(100, 3_000));
  await writeClasses(path.join(folder, 'scans'), testDigits(FILES, 2_000));
  studio = await Studio.launch();
  await trainedProject(studio, path.join(folder, 'project'), 'Threshold', path.join(folder, 'labelled'), '2');
});
afterAll(() => studio?.close());

const slider = (page: Page) => main(page).getByRole('slider', { name: t.slider });
const field = (page: Page, name: keyof typeof t.fields) =>
  main(page).getByLabel(t.fields[name], { exact: true });
const rejectedCount = async (): Promise<number> =>
  Number(await figure(studio.page, classify.summary.rejected).textContent());
const at = async (page: Page): Promise<number> => Number(await slider(page).getAttribute('aria-valuenow'));

it('is set on the curve by keys, by mouse and by a limit that is typed, and each shows the others', async () => {
  const { page } = studio;
  await go(page, 'classify');
  await page.keyboard.press('t');
  await slider(page).waitFor();
  expect(await at(page)).toBe(0);
  await slider(page).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  expect(await at(page)).toBe(2);
  await page.keyboard.press('ArrowLeft');
  expect(await at(page)).toBe(1);
  await page.keyboard.press('End');
  const last = Number(await slider(page).getAttribute('aria-valuemax'));
  expect(await at(page)).toBe(last);
  expect(last).toBeGreaterThan(3);
  const least = Number(await field(page, 'maxError').inputValue());

  // From the right end of the curve to its left one.
  const box = (await slider(page).boundingBox())!;
  await page.mouse.move(box.x + 0.7 * box.width, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.3 * box.width, box.y + box.height / 2, { steps: 4 });
  const dragged = await at(page);
  expect(dragged).toBeGreaterThan(0);
  expect(dragged).toBeLessThan(last);
  await page.mouse.move(box.x + 2, box.y + box.height / 2);
  await page.mouse.up();
  expect(await at(page)).toBe(0);

  await field(page, 'maxRejected').fill('10');
  expect(Number(await field(page, 'threshold').inputValue())).toBeGreaterThan(0.1);
  expect(Number(await field(page, 'maxError').inputValue())).toBeGreaterThan(0);
  expect(await at(page)).toBeGreaterThan(0);
  await main(page).getByText(t.promise.limits).waitFor();
  expect(await complaints(page, 'the threshold')).toEqual([]);

  if (least > 0) {
    await field(page, 'maxError').fill(String(least / 2));
    await main(page)
      .getByText(/cannot promise at most/)
      .first()
      .waitFor();
  }
  await field(page, 'maxError').fill('many');
  await main(page).getByText(t.fieldInvalid.percent).waitFor();
  await main(page).getByRole('button', { name: t.rejectNothing }).click();
  expect(await at(page)).toBe(0);
  await field(page, 'maxRejected').fill('10');
});

it('is kept with the batch, with what was measured beside what came out, also after a restart', async () => {
  await startClassifying(studio, path.join(folder, 'scans'));
  await idle(studio.page);
  const seen = async (): Promise<string> => {
    const { page } = studio;
    const outcome = main(page).locator('.outcome');
    await outcome.getByText(t.outcome.wish.maxRejected('10.00\u00a0%')).waitFor();
    await outcome.getByText(t.outcome.ofRead(String(FILES))).waitFor();
    return outcome.innerText();
  };
  const before = await seen();
  await expect.poll(rejectedCount).toBeGreaterThan(5);
  const rejected = await rejectedCount();
  expect(before).toContain(t.outcome.of(String(FILES - rejected)));
  await main(studio.page)
    .getByText(new RegExp(`${rejected} rejected below`))
    .waitFor();
  expect(await complaints(studio.page, 'the batch')).toEqual([]);
  expect(studio.takeErrors()).toEqual([]);

  const { home } = studio;
  await studio.close();
  studio = await Studio.launch(home);
  await main(studio.page)
    .getByRole('button', { name: /Threshold/ })
    .first()
    .click();
  await go(studio.page, 'classify');
  expect(await seen()).toBe(before);
});

it('the Models page shows what was measured, and a test set is read with a limit', async () => {
  const { page } = studio;
  await go(page, 'models');
  await main(page).getByText(en.models.confidence, { exact: true }).click();
  await main(page).getByRole('region', { name: t.model.reliability }).getByRole('img').waitFor();
  await main(page).getByRole('region', { name: t.model.curve }).getByRole('img').waitFor();
  expect(Number(await figure(page, t.model.digits).textContent())).toBeGreaterThan(150);
  expect(await complaints(page, 'measured confidence')).toEqual([]);

  await go(page, 'review');
  await main(page).getByRole('button', { name: en.review.evaluate }).first().click();
  await main(page).getByLabel(t.reject, { exact: true }).selectOption(t.fields.maxRejected);
  const read = main(page).getByRole('button', { name: 'Read 100 digits' });
  await expect.poll(() => read.isDisabled()).toBe(true);
  await main(page).getByLabel(t.fields.maxRejected, { exact: true }).fill('20');
  await read.click();
  await main(page).getByRole('table').first().waitFor();
  await idle(page);
  await go(page, 'classify');
  await main(page)
    .getByRole('listitem')
    .filter({ hasText: classify.batches.testSet })
    .getByRole('button')
    .click();
  const outcome = main(page).locator('.outcome');
  await outcome.getByText(t.outcome.wish.maxRejected('20.00\u00a0%')).waitFor();
  await expect.poll(rejectedCount).toBeGreaterThan(0);
  await main(page).getByRole('listitem').filter({ hasText: 'scans' }).first().getByRole('button').click();
});

it('is taken over when the batch is classified again, and can be changed for that', async () => {
  const { page } = studio;
  const rejected = await figure(page, classify.summary.rejected).textContent();
  await chooseFromMenu(page, en.common.more, queue.again);
  await main(page).getByRole('heading', { name: 'scans 2' }).waitFor();
  await expect
    .poll(() => figure(page, classify.summary.rejected).textContent(), { timeout: SLOW })
    .toBe(rejected);
  await idle(page);

  await main(page).locator('.outcome').getByRole('button', { name: t.change }).click();
  await main(page)
    .getByRole('heading', { name: t.againTitle('scans 2') })
    .waitFor();
  expect(await field(page, 'maxRejected').inputValue()).toBe('10');
  await field(page, 'threshold').fill('0.999');
  await main(page)
    .getByRole('button', { name: new RegExp(`^${queue.again}`) })
    .click();
  await main(page).getByRole('heading', { name: 'scans 3' }).waitFor();
  await idle(page);
  await main(page).locator('.outcome').getByText(t.outcome.wish.threshold).waitFor();
  await expect
    .poll(async () => Number(await figure(page, classify.summary.rejected).textContent()), { timeout: SLOW })
    .toBeGreaterThan(Number(rejected));
  expect(studio.takeErrors()).toEqual([]);
});

it('a folder of digits unlike those that the model was measured on is said to be so', async () => {
  const { page } = studio;
  const odd = path.join(folder, 'blurred');
  fs.mkdirSync(odd);
  for (const [index, { tile }] of testDigits(200, 4_000).entries())
    await sharp(await png(tile))
      .blur(3)
      .normalise()
      .toFile(path.join(odd, `${index}.png`));
  const note = main(page).getByRole('note').filter({ hasText: t.unlike.title });
  await main(page).locator('.outcome').getByText(t.outcome.wish.threshold).waitFor();
  expect(await note.count()).toBe(0);
  await studio.answerFolderDialog(odd);
  await main(page).getByRole('group', { name: classify.folder }).getByRole('button').click();
  await main(page).getByText(odd, { exact: true }).first().waitFor();
  await page.keyboard.press('Control+Enter');
  await main(page).getByRole('heading', { name: 'blurred' }).waitFor();
  await note.waitFor({ timeout: SLOW });
  expect(await note.textContent()).toContain(t.unlike.label);
  expect(await complaints(page, 'a folder unlike the others')).toEqual([]);
  expect(studio.takeErrors()).toEqual([]);
});
