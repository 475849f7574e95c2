import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { complaints } from './axe.ts';
import { testDigits, writeClasses, writeFlat } from './digits.ts';
import { Studio } from './harness.ts';
import { freshFolder } from './places.ts';
import { createProject, go, idle, main, SLOW } from './steps.ts';
import { en } from './words.ts';

const folder = fs.realpathSync(freshFolder('import'));
const classes = path.join(folder, 'my digits');
const flat = path.join(folder, 'unlabelled');
const DIGITS = testDigits(120, 2_000);
const perClass = Array.from(
  { length: 10 },
  (_, label) => DIGITS.filter((digit) => digit.label === label).length,
);

let studio: Studio;
beforeAll(async () => {
  await writeClasses(classes, DIGITS);
  fs.writeFileSync(path.join(classes, '3', 'notes.txt'), 'no picture');
  fs.writeFileSync(path.join(classes, '3', 'broken.png'), '');
  fs.writeFileSync(path.join(classes, '4', 'Thumbs.db'), '');
  await writeFlat(flat, DIGITS.slice(0, 30));
  studio = await Studio.launch();
  await createProject(studio, path.join(folder, 'project'), 'Import');
  await go(studio.page, 'data');
});
afterAll(() => studio?.close());

const dialog = () => studio.page.getByRole('dialog');

describe('a folder with one sub-folder per digit', () => {
  it('is counted before anything is imported', async () => {
    await studio.answerFolderDialog(classes);
    await main(studio.page).getByRole('button', { name: en.data.import }).click();
    await dialog().getByText(en.data.scan.layouts.classes).waitFor();
    // Files are opened when they are imported: two of the threes will turn out to be none.
    const files = perClass.map((count, label) => (label === 3 ? count + 2 : count));
    for (const [label, count] of files.entries())
      await dialog()
        .getByRole('row', { name: new RegExp(`^${label} .*\\b${count}\\b`) })
        .waitFor();
    await dialog().getByText('Thumbs.db').waitFor();
    await dialog().getByRole('button', { name: en.common.cancel }).click();
    await dialog().waitFor({ state: 'hidden' });
    // Nothing was imported yet, and nothing is now.
    await main(studio.page).getByRole('heading', { name: en.data.empty.title }).waitFor();
  });

  it('is imported with its labels, and what gave no digit is listed', async () => {
    const { page } = studio;
    await main(page).getByRole('button', { name: en.data.import }).click();
    await dialog().getByLabel(en.data.scan.name).fill('Mine');
    await dialog().getByText(en.normalisation.title, { exact: true }).click();
    await dialog().getByLabel(en.normalisation.deskew).check();
    expect(await complaints(page, 'the import, with how pictures are read')).toEqual([]);
    await dialog()
      .getByRole('button', { name: /^Import \d+/ })
      .click();
    await main(page).getByRole('grid', { name: 'Mine' }).waitFor({ timeout: SLOW });
    await idle(page);
    await main(page).getByRole('heading', { name: '120 digits' }).waitFor({ timeout: SLOW });
    await page.keyboard.press('7');
    await main(page)
      .getByRole('heading', { name: `${perClass[7]} digits` })
      .waitFor();
    await page.keyboard.press('a');
    await main(page).getByRole('heading', { name: '120 digits' }).waitFor();
    await main(page)
      .getByRole('button', { name: /left out/ })
      .click();
    await dialog().getByText('3/broken.png').waitFor();
    await dialog().getByText('3/notes.txt').waitFor();
    await dialog().getByText('4/Thumbs.db').waitFor();
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'hidden' });
  });

  it('shows a digit with its file, its original and how it was normalised', async () => {
    const { page } = studio;
    await main(page).getByRole('grid').focus();
    await page.keyboard.press('Home');
    const original = main(page).getByRole('img', { name: /^Original picture/ });
    await original.waitFor();
    await expect.poll(() => original.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(28);
    await main(page)
      .getByText(/^0\/\d{5}\.png$/)
      .first()
      .waitFor();
    await main(page).locator('ol').getByText(en.data.detail.steps.deskewed, { exact: true }).waitFor();
    // What is not read as usual says so in the list.
    await main(page)
      .getByRole('button', { name: /^Mine / })
      .getByText(en.normalisation.upright)
      .waitFor();
  });
});

describe('the next folder', () => {
  it('is read as the last one was, unless another way is chosen', async () => {
    await main(studio.page).getByRole('button', { name: en.data.import }).click();
    await dialog().getByText(en.normalisation.title, { exact: true }).click();
    expect(await dialog().getByLabel(en.normalisation.deskew).isChecked()).toBe(true);
    expect(await dialog().getByLabel(en.normalisation.crop).isChecked()).toBe(true);
    await dialog().getByRole('button', { name: en.common.cancel }).click();
  });
});

describe('a folder that is dropped on the page', () => {
  /** As the system does it: the page never names a path. */
  async function drop(file: string): Promise<void> {
    const { page } = studio;
    const session = await page.context().newCDPSession(page);
    const box = (await main(page).boundingBox())!;
    const data = { items: [], files: [file], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
      await session.send('Input.dispatchDragEvent', { type, x: box.x + 80, y: box.y + 80, data });
    await session.detach();
  }

  it('is looked through like one that was chosen', async () => {
    const { page } = studio;
    await drop(flat);
    await dialog().getByText(en.data.scan.layouts.flat).waitFor();
    await dialog()
      .getByRole('button', { name: /^Import 30/ })
      .click();
    await main(page).getByRole('grid', { name: 'unlabelled' }).waitFor({ timeout: SLOW });
    await idle(page);
    await main(page).getByRole('heading', { name: '30 digits' }).waitFor({ timeout: SLOW });
  });

  it('is asked for when it is a file', async () => {
    await drop(path.join(flat, '00000.png'));
    await main(studio.page).getByRole('alert').filter({ hasText: en.data.dropNotFolder }).waitFor();
    expect(await dialog().count()).toBe(0);
  });
});

it('says why a folder cannot be read', async () => {
  const { page } = studio;
  const gone = path.join(folder, 'gone');
  await studio.answerFolderDialog(gone);
  await main(page).getByRole('button', { name: en.data.import }).click();
  await main(page).getByRole('alert').filter({ hasText: gone }).waitFor();
});

it('complained of nothing meanwhile', () => {
  expect(studio.takeErrors()).toEqual([]);
});
