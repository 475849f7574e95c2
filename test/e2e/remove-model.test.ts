import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDigits, writeClasses, writeFlat } from './digits.ts';
import { Studio } from './harness.ts';
import { freshFolder } from './places.ts';
import { createProject, go, idle, importFolder, main, setRecipe, startClassifying, train } from './steps.ts';
import { en } from './words.ts';

let studio: Studio;
beforeAll(async () => {
  const folder = freshFolder('remove-model');
  await writeClasses(path.join(folder, 'labelled', 'train'), testDigits(300));
  await writeFlat(path.join(folder, 'scans'), testDigits(20, 500));
  studio = await Studio.launch();
  const { page } = studio;
  await createProject(studio, path.join(folder, 'project'), 'Models');
  await importFolder(studio, path.join(folder, 'labelled'));
  await go(page, 'train');
  await setRecipe(page, { epochs: '1' });
  await train(page);
  await startClassifying(studio, path.join(folder, 'scans'));
  await idle(page);
});
afterAll(() => studio?.close());

it('removes a model from where it is chosen, and keeps the batch that it read', async () => {
  const { page } = studio;
  const words = en.train.card;
  await go(page, 'classify');
  const readBy = main(page).getByText(/^read by /);
  const before = await readBy.textContent();
  const open = main(page).getByRole('button', { name: words.open });
  const card = page.getByRole('dialog', { name: words.open });
  const question = page.getByRole('alertdialog', { name: words.removeTitle });
  await open.click();
  await card.getByText(/^[0-9a-f]{64}$/).waitFor();

  // Escape answers the question alone.
  await card.getByRole('button', { name: words.remove }).click();
  await question.waitFor();
  await page.keyboard.press('Escape');
  await question.waitFor({ state: 'hidden' });
  expect(await card.isVisible()).toBe(true);

  await card.getByRole('button', { name: words.remove }).click();
  await question.getByRole('button', { name: words.remove }).click();
  await card.waitFor({ state: 'hidden' });
  await main(page).getByText(en.classify.noModel.title).waitFor();
  expect(await readBy.textContent()).toBe(before);
  await go(page, 'train');
  await main(page).getByText(en.train.outcome.modelRemoved('1', '1')).waitFor();
  expect(await open.count()).toBe(0);
  expect(studio.takeErrors()).toEqual([]);
});
