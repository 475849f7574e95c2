import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { complaints } from './axe.ts';
import { testDigits, writeClasses, writeFlat } from './digits.ts';
import { Studio } from './harness.ts';
import { freshFolder } from './places.ts';
import { figure, go, idle, main, startClassifying, trainedProject } from './steps.ts';
import { en } from './words.ts';

let studio: Studio;
const folder = freshFolder('links');
const at = (name: string): string => path.join(folder, name);
beforeAll(async () => {
  await writeClasses(path.join(at('labelled'), 'train'), testDigits(300));
  await writeFlat(at('scans'), testDigits(5, 500));
  await writeFlat(at('elsewhere'), testDigits(7, 600));
  fs.symlinkSync(at('elsewhere'), path.join(at('scans'), 'linked'));
  studio = await Studio.launch();
  await trainedProject(studio, at('project'), 'Links', at('labelled'), '1');
});
afterAll(() => studio?.close());

const { done, skipped } = en.classify.summary;
const counted = (): Promise<(string | null)[]> =>
  Promise.all([done, skipped].map((name) => figure(studio.page, name).textContent()));

it('follows links only for a batch that asks for it, and the list of batches says so', async () => {
  const { page } = studio;
  await go(page, 'classify');
  const box = main(page).getByLabel(en.links.follow);
  expect(await box.isChecked()).toBe(false);
  await main(page).getByText(en.links.meaning).waitFor();
  expect(await complaints(page, 'the set-up of a batch')).toEqual([]);
  await startClassifying(studio, at('scans'));
  await expect.poll(counted).toEqual(['5', '1']);
  await idle(page);

  await startClassifying(studio, at('scans'), { followLinks: true });
  await expect.poll(counted).toEqual(['12', '0']);
  await idle(page);
  await main(page)
    .getByRole('button', { name: new RegExp(en.links.tag) })
    .waitFor();
  // Asked for once, not for the next.
  expect(await box.isChecked()).toBe(false);
  expect(studio.takeErrors()).toEqual([]);
});
