import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dataVersions } from '../../src/engine/versions/versions.ts';
import { openProject } from '../../src/engine/project/store.ts';
import { complaints } from './axe.ts';
import { testDigits, writeClasses } from './digits.ts';
import { Studio } from './harness.ts';
import { freshFolder } from './places.ts';
import { go, idle, main, SLOW, trainedProject } from './steps.ts';
import { en } from './words.ts';

const { review, suspects: words } = en;
const DIGITS = 3_000;
const FLIPPED = 100;

const folder = freshFolder('label-errors');
const project = path.join(folder, 'project');
let studio: Studio;
beforeAll(async () => {
  const digits = testDigits(DIGITS).map((digit, at) =>
    at % FLIPPED === 0 ? { ...digit, label: (digit.label + 1) % 10 } : digit,
  );
  await writeClasses(path.join(folder, 'labelled'), digits);
  studio = await Studio.launch();
  await trainedProject(studio, project, 'Label errors', path.join(folder, 'labelled'), '6');
}, 300_000);
afterAll(() => studio?.close());

const offer = () =>
  main(studio.page)
    .getByRole('group', { name: review.filters.label })
    .getByRole('button', { name: new RegExp(`^${words.filter}`) });
const counted = async (): Promise<number> => Number((await offer().innerText()).replaceAll(/\D/g, ''));
const file = (): Promise<string> => main(studio.page).locator('.panel h2').innerText();

it('are looked for by one button, paused and resumed, and reviewed by keys, most suspicious first', async () => {
  const { page } = studio;
  await go(page, 'data');
  await main(page)
    .getByRole('button', { name: words.findIn('labelled') })
    .click();
  await page.locator('main[data-page="review"]').waitFor();
  await main(page).getByRole('button', { name: words.pause, exact: true }).click();
  await main(page)
    .getByText(/^Paused at/)
    .waitFor();
  expect(await complaints(page, 'a search that is paused')).toEqual([]);
  await main(page).getByRole('button', { name: words.goOn, exact: true }).click();
  await idle(page, 2 * SLOW);

  await offer().waitFor();
  expect(await offer().getAttribute('aria-pressed')).toBe('true');
  const before = await counted();
  expect(before).toBeGreaterThan(15);
  await main(page).getByText(words.order, { exact: true }).waitFor();
  await main(page)
    .getByText(/^Suspected: given \d, suggested \d$/)
    .waitFor();
  const first = await file();
  const suggested = /suggested (\d)$/.exec(await main(page).locator('.suspect strong').innerText())![1]!;
  await main(page)
    .getByRole('button', { name: review.panel.accept(Number(suggested)) })
    .waitFor();
  expect(await complaints(page, 'the suspects')).toEqual([]);

  await page.keyboard.press('Enter');
  await expect.poll(counted).toBe(before - 1);
  expect(await file()).not.toBe(first);
  await page.keyboard.press('Enter');
  await expect.poll(counted).toBe(before - 2);
  await page.keyboard.press('Control+z');
  await expect.poll(counted).toBe(before - 1);
  expect(studio.errors).toEqual([]);
  await studio.close();

  // The suggestion became the training digit's label.
  const opened = openProject(project);
  try {
    expect(dataVersions(opened.db, 1).pending).toMatchObject({ relabelled: 1, test: 0 });
  } finally {
    opened.close();
  }
});
