import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { complaints } from './axe.ts';
import { png, testDigits, writeClasses } from './digits.ts';
import { Studio } from './harness.ts';
import { freshFolder } from './places.ts';
import { createProject, go, idle, importFolder, main, setRecipe, startClassifying, train } from './steps.ts';
import { en } from './words.ts';

const { classify, confidence, reasons, train: words } = en;
const NOISE = 40;

let studio: Studio;
let folder: string;
beforeAll(async () => {
  folder = freshFolder('reject-class');
  await writeClasses(path.join(folder, 'labelled', 'train'), testDigits(2_000));
  await writeClasses(path.join(folder, 'scans'), testDigits(200, 2_000));
  const noise = path.join(folder, 'scans', 'noise');
  fs.mkdirSync(noise);
  for (let at = 0; at < NOISE; at++) {
    // Dirt: pixels that a linear congruence throws about.
    let state = at + 1;
    const tile = Array.from({ length: 784 }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state > 0xe000_0000 ? 255 : 0;
    });
    fs.writeFileSync(path.join(noise, `${at}.png`), await png(Buffer.from(tile)));
  }
  studio = await Studio.launch();
  await createProject(studio, path.join(folder, 'project'), 'Reject class');
  await importFolder(studio, path.join(folder, 'labelled'));
});
afterAll(() => studio?.close());

it('is trained by a field of the recipe, and refuses dirt as no digit without a threshold being set', async () => {
  const { page } = studio;
  await go(page, 'train');
  await setRecipe(page, { epochs: '4', nonDigits: '20' });
  await main(page).getByText(words.hints.nonDigits).waitFor();
  expect(await complaints(page, 'the recipe')).toEqual([]);
  await train(page);
  await idle(page);

  await startClassifying(studio, path.join(folder, 'scans'));
  await idle(page);
  const rows = main(page).getByText(reasons['no-digit']({}), { exact: true });
  await main(page)
    .getByRole('button', { name: new RegExp(`^${classify.rows.statuses.rejected}`) })
    .click();
  await rows.first().waitFor();
  await main(page).getByPlaceholder(classify.rows.search).fill('noise/');
  await expect
    .poll(() =>
      main(page)
        .getByText(/^noise\/\d+\.png$/)
        .count(),
    )
    .toBeGreaterThan(10);
  await expect.poll(() => rows.count()).toBeGreaterThan(10);
  await main(page).locator('.outcome').getByText(confidence.outcome.wish.threshold).waitFor();

  await rows.first().click();
  const share = main(page).getByText(new RegExp(`^${confidence.noDigit} [\\d.]+`));
  await share.waitFor();
  const best = main(page).getByRole('list', { name: en.review.panel.topFive }).getByText('%').first();
  const [none, digit] = [await share.innerText(), await best.innerText()].map((text) =>
    Number(/[\d.]+/.exec(text)![0]),
  );
  expect(none).toBeGreaterThan(digit!);
  await go(page, 'models');
  await main(page)
    .getByText(new RegExp(`^${confidence.noDigit} [\\d.]+`))
    .waitFor();
  expect(studio.takeErrors()).toEqual([]);
});
