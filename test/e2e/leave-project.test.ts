import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDigits, writeClasses } from './digits.ts';
import { Studio } from './harness.ts';
import { freshFolder } from './places.ts';
import { createProject, go, importFolder, main, outcome, setRecipe, startTraining } from './steps.ts';
import { en } from './words.ts';

const folder = freshFolder('leave');
const labelled = path.join(folder, 'labelled');
const goOn = new RegExp(`^(${en.runs.startAgain}|${en.runs.resumeFrom('[\\d,]+')})$`);

let studio: Studio;
beforeAll(async () => {
  await writeClasses(labelled, testDigits(1_000));
  studio = await Studio.launch();
  await createProject(studio, path.join(folder, 'project'), 'Left');
  await importFolder(studio, labelled);
  await go(studio.page, 'train');
});
afterAll(() => studio?.close());

const question = () => studio.page.getByRole('alertdialog', { name: en.home.leave.title });
const cancelTraining = () => outcome(studio.page).getByRole('button', { name: en.train.cancel });
const welcome = () => main(studio.page).getByRole('heading', { level: 1, name: en.home.welcome });

async function run(command: string): Promise<void> {
  const { page } = studio;
  await page.keyboard.press('Control+K');
  await page.getByRole('combobox', { name: en.shell.palette.placeholder }).fill(command);
  await page.keyboard.press('Enter');
}

it('asks before the palette closes a project in which something runs', async () => {
  await setRecipe(studio.page, { epochs: '500', name: 'long' });
  await startTraining(studio.page);
  await cancelTraining().waitFor();
  await run(en.shell.commands.closeProject);
  await question().waitFor();
  expect(await question().textContent()).toContain('long');
  await question().getByRole('button', { name: en.common.cancel }).click();
  await question().waitFor({ state: 'hidden' });
  expect(await cancelTraining().isEnabled()).toBe(true);

  await run(en.shell.commands.closeProject);
  await question().getByRole('button', { name: en.home.leave.confirm }).click();
  await welcome().waitFor();
});

it('offers to go on with a run that was cancelled, also when the project was opened anew', async () => {
  await run(en.shell.palette.open('Left'));
  await main(studio.page).getByRole('heading', { level: 1, name: 'Left' }).waitFor();
  await go(studio.page, 'train');
  await outcome(studio.page).getByRole('button', { name: goOn }).click();
  await cancelTraining().click();
  await outcome(studio.page).getByRole('button', { name: goOn }).waitFor();

  await run(en.shell.commands.closeProject);
  await welcome().waitFor();
  await run(en.shell.palette.open('Left'));
  await main(studio.page).getByRole('heading', { level: 1, name: 'Left' }).waitFor();
  await go(studio.page, 'train');
  await outcome(studio.page).getByRole('button', { name: goOn }).click();
  await cancelTraining().click();
  await outcome(studio.page).getByRole('button', { name: goOn }).waitFor();
  expect(studio.errors).toEqual([]);
});
