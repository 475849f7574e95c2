import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { complaints } from './axe.ts';
import { png, testDigits, writeClasses, writeFlat } from './digits.ts';
import { Studio } from './harness.ts';
import { freshFolder } from './places.ts';
import { chooseFromMenu, figure, go, idle, main, SLOW, startClassifying, trainedProject } from './steps.ts';
import { en } from './words.ts';

const FILES = 40;

let studio: Studio;
let folder: string;
let scans: string;
beforeAll(async () => {
  folder = freshFolder('watch');
  scans = path.join(folder, 'scans');
  await writeClasses(path.join(folder, 'labelled', 'train'), testDigits(300));
  await writeFlat(scans, testDigits(FILES, 500));
  studio = await Studio.launch();
  await trainedProject(studio, path.join(folder, 'project'), 'Watch', path.join(folder, 'labelled'), '1');
});
afterAll(() => studio?.close());

const strip = () => main(studio.page).getByRole('group', { name: en.watch.label });
const done = (): Promise<string | null> => figure(studio.page, en.classify.summary.done).textContent();

/** Puts a digit into the folder and waits until the window counts it. */
async function arrives(name: string, count: number): Promise<number> {
  const picture = await png(testDigits(1, 700 + count)[0]!.tile);
  const began = performance.now();
  fs.writeFileSync(path.join(scans, name), picture);
  await expect.poll(done, { timeout: SLOW, interval: 50 }).toBe(String(count));
  return performance.now() - began;
}

it('classifies what comes into a watched folder, holds, goes on after a restart, and ends', async () => {
  await startClassifying(studio, scans);
  await expect.poll(done, { timeout: SLOW }).toBe(String(FILES));
  await idle(studio.page);
  await chooseFromMenu(studio.page, en.common.more, en.watch.menu);
  await strip().getByText(en.watch.on).waitFor();
  expect(await complaints(studio.page, 'a watched folder')).toEqual([]);
  await arrives('a first one.png', FILES + 1);
  // The model is loaded now: the promise of 2 s, and what the window takes to say so.
  expect(await arrives('b.png', FILES + 2)).toBeLessThan(3_000);

  await strip().getByRole('button', { name: en.watch.pause }).click();
  await strip().getByText(en.watch.paused).waitFor();
  fs.writeFileSync(path.join(scans, 'meanwhile.png'), await png(testDigits(1)[0]!.tile));
  await studio.page.waitForTimeout(1_500);
  expect(await done()).toBe(String(FILES + 2));
  await strip().getByRole('button', { name: en.watch.goOn }).click();
  await expect.poll(done, { timeout: SLOW }).toBe(String(FILES + 3));

  const { home } = studio;
  expect(studio.takeErrors()).toEqual([]);
  await studio.close();
  fs.writeFileSync(path.join(scans, 'while closed.png'), await png(testDigits(1, 3)[0]!.tile));
  studio = await Studio.launch(home);
  await main(studio.page).getByRole('button', { name: /Watch/ }).first().click();
  await go(studio.page, 'classify');
  await expect.poll(done, { timeout: SLOW }).toBe(String(FILES + 4));
  await strip().getByRole('button', { name: en.watch.stop }).click();
  await strip().waitFor({ state: 'hidden' });
  expect(studio.takeErrors()).toEqual([]);
});
