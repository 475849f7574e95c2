import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { complaints } from './axe.ts';
import { png, testDigits, writeClasses, writeCopies } from './digits.ts';
import { Studio } from './harness.ts';
import { freshFolder } from './places.ts';
import { chooseFromMenu, figure, main, SLOW, startClassifying, trainedProject } from './steps.ts';
import { en } from './words.ts';

const FILES = 3_000;

let studio: Studio;
let folder: string;
beforeAll(async () => {
  folder = freshFolder('batch-queue');
  await writeClasses(path.join(folder, 'labelled', 'train'), testDigits(300));
  const picture = await png(testDigits(1)[0]!.tile);
  for (const name of ['first', 'second', 'third'])
    writeCopies(path.join(folder, name), picture, FILES, 'png');
  studio = await Studio.launch();
  await trainedProject(studio, path.join(folder, 'project'), 'Queue', path.join(folder, 'labelled'), '1');
});
afterAll(() => studio?.close());

it('pauses a batch, lets others wait in their order, takes one out and brings the rest to their end', async () => {
  const { page } = studio;
  const { queue, classify } = en;
  const button = (name: string) => main(page).getByRole('button', { name: new RegExp(`^${name}`) });
  const inList = (name: string) =>
    main(page)
      .getByRole('listitem')
      .filter({ has: page.getByText(name, { exact: true }) });

  await startClassifying(studio, path.join(folder, 'first'));
  await button(queue.pause).click();
  await button(queue.goOn).waitFor();
  await inList('first').getByText(en.runs.paused).waitFor();

  for (const name of ['second', 'third']) {
    await studio.answerFolderDialog(path.join(folder, name));
    await main(page).getByRole('group', { name: classify.folder }).getByRole('button').click();
    await main(page).getByText(path.join(folder, name), { exact: true }).first().waitFor();
    await button(queue.add).click();
    await main(page).getByRole('heading', { name }).waitFor();
  }
  await inList('second').getByText(queue.place('1')).waitFor();
  await inList('third').getByText(queue.place('2')).waitFor();
  await page.getByRole('banner').getByText(queue.count('2')).waitFor();
  await main(page).getByText(queue.waits('2')).waitFor();
  await main(page).getByText(queue.noFiles).waitFor();
  expect(await complaints(page, 'the queue')).toEqual([]);

  await inList('second').getByRole('button').click();
  await button(queue.leave).click();
  await inList('second').getByText(classify.batches.states.cancelled).waitFor();
  await inList('third').getByText(queue.place('1')).waitFor();

  await inList('first').getByRole('button').click();
  await button(queue.goOn).click();
  for (const name of ['first', 'third'])
    await inList(name)
      .getByText(classify.batches.states.done)
      .waitFor({ timeout: 2 * SLOW });

  await inList('third').getByRole('button').click();
  await chooseFromMenu(page, en.common.more, queue.again);
  await main(page).getByRole('heading', { name: 'third 2' }).waitFor();
  await inList('third 2').getByText(classify.batches.states.done).waitFor({ timeout: SLOW });
  await expect.poll(() => figure(page, classify.summary.done).textContent()).toBe('3,000');
  expect(await complaints(page, 'the batch again')).toEqual([]);
  expect(studio.takeErrors()).toEqual([]);
});
