import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { complaints } from './axe.ts';
import { testDigits, writeClasses, writeFlat } from './digits.ts';
import { Studio } from './harness.ts';
import { freshFolder } from './places.ts';
import { chooseFromMenu, go, idle, main, SLOW, startClassifying, trainedProject } from './steps.ts';
import { en } from './words.ts';

const FILES = 400;

let studio: Studio;
let folder: string;
let scans: string;
beforeAll(async () => {
  folder = freshFolder('filing');
  scans = path.join(folder, 'scans');
  await writeClasses(path.join(folder, 'labelled', 'train'), testDigits(300));
  await writeFlat(scans, testDigits(FILES, 500));
  fs.writeFileSync(path.join(scans, 'broken.png'), '');
  studio = await Studio.launch();
  await trainedProject(studio, path.join(folder, 'project'), 'Filing', path.join(folder, 'labelled'), '1');
});
afterAll(() => studio?.close());

let second: Studio | undefined;
afterAll(() => second?.close());

const pictures = (place: string): string[] =>
  (fs.readdirSync(place, { recursive: true }) as string[]).filter((name) => name.endsWith('.png'));

it('moves the files of a batch into class folders once it was confirmed, and takes that back', async () => {
  const { page } = studio;
  const { filing } = en;
  await startClassifying(studio, scans);
  await idle(page);
  const before = pictures(scans).sort();

  await chooseFromMenu(page, en.common.more, filing.menu);
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(filing.part.digits('400')).waitFor();
  await dialog.getByLabel(filing.part.failed('1')).waitFor();
  expect(await complaints(page, 'sorting')).toEqual([]);

  // Among the scans themselves it is refused, in words.
  await studio.answerFolderDialog(path.join(scans));
  await dialog.getByRole('button', { name: filing.choose }).click();
  await dialog.getByRole('button', { name: filing.start.copy(401, '401') }).click();
  await dialog.getByText('Choose a folder outside of it.').waitFor();
  expect(pictures(scans).sort()).toEqual(before);

  const target = path.join(folder, 'sorted');
  fs.mkdirSync(target);
  await studio.answerFolderDialog(target);
  await dialog.getByRole('button', { name: filing.change }).click();
  await dialog.getByText(target).waitFor();
  await dialog.getByLabel(filing.actions.move, { exact: true }).check({ force: true });
  await dialog.getByRole('button', { name: filing.start.move(401, '401') }).click();
  const question = page.getByRole('alertdialog');
  await question.getByText(target).waitFor();
  expect(await complaints(page, 'asking before a move')).toEqual([]);
  await question.getByRole('button', { name: en.common.cancel }).click();
  expect(pictures(scans).sort()).toEqual(before);
  await dialog.getByRole('button', { name: filing.start.move(401, '401') }).click();
  await question.getByRole('button', { name: filing.confirm(401, '401') }).click();

  const strip = main(page).getByRole('group', { name: filing.label });
  await strip.getByText(filing.done.move(401, '401', target)).waitFor({ timeout: SLOW });
  expect(await complaints(page, 'sorted')).toEqual([]);
  expect(pictures(scans)).toEqual([]);
  expect(pictures(target)).toHaveLength(FILES + 1);
  expect(pictures(path.join(target, 'failed'))).toEqual(['broken.png']);

  await strip.getByRole('button', { name: filing.undo }).click();
  await page.getByText(filing.undone('scans')).waitFor({ timeout: SLOW });
  await strip.waitFor({ state: 'hidden' });
  expect(pictures(scans).sort()).toEqual(before);
  expect(fs.readdirSync(target)).toEqual([]);
  expect(studio.takeErrors()).toEqual([]);
});

it('in a second window, which only looks, nothing of it can be pressed, and the buttons say why', async () => {
  second = await Studio.launch();
  const { page } = second;
  await second.answerFolderDialog(path.join(folder, 'project'));
  await main(page).getByRole('button', { name: en.home.open.choose }).click();
  await main(page).getByRole('heading', { level: 1, name: 'Filing' }).waitFor();
  await go(page, 'classify');
  const { refused } = en.shell.readOnly;
  const start = main(page).getByRole('button', { name: new RegExp(`^${en.classify.start}`) });
  expect([await start.isDisabled(), await start.getAttribute('title')]).toEqual([true, refused]);
  await main(page).getByRole('button', { name: en.common.more, exact: true }).click();
  for (const name of [en.filing.menu, en.queue.again, en.watch.menu, en.classify.remove]) {
    const item = page.getByRole('menuitem', { name });
    expect(await item.getAttribute('aria-disabled')).toBe('true');
    expect(await item.getAttribute('title')).toBe(refused);
  }
  expect(await complaints(page, 'a batch that is only looked at')).toEqual([]);
  expect(second.takeErrors()).toEqual([]);
});
