import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadTensorFlow } from '../../src/engine/tensor/load.ts';
import { complaints } from './axe.ts';
import { testDigits, writeClasses, writeFlat } from './digits.ts';
import { Studio } from './harness.ts';
import { freshFolder } from './places.ts';
import { createProject, figure, go, idle, importFolder, main, startClassifying } from './steps.ts';
import { en } from './words.ts';

const { measure: t, confidence: words } = en;
const TRAIN = 800;
const SCANS = 60;
/** Of which training would set too few aside to measure on. */
const FEW = 200;

let studio: Studio;
const folder = freshFolder('measure');
const at = (name: string): string => path.join(folder, name);

/** A small network of another program, trained by it: the studio knows neither with what nor how sure it is. */
async function writeTheirs(): Promise<void> {
  const tf = loadTensorFlow();
  const { layers } = tf;
  const model = tf.sequential({
    layers: [
      layers.flatten({ inputShape: [28, 28, 1], name: 'flat' }),
      layers.dense({ units: 10, activation: 'softmax', name: 'out' }),
    ],
  });
  const digits = testDigits(1_000, 2_000);
  const values = Float32Array.from(digits.flatMap(({ tile }) => [...tile].map((byte) => byte / 255)));
  const x = tf.tensor4d(values, [digits.length, 28, 28, 1]);
  const y = tf.oneHot(
    tf.tensor1d(
      digits.map(({ label }) => label),
      'int32',
    ),
    10,
  );
  model.compile({ optimizer: tf.train.adam(0.01), loss: 'categoricalCrossentropy' });
  await model.fit(x, y, { epochs: 4, batchSize: 50, verbose: 0 });
  await model.save(`file://${at('theirs')}`);
}

beforeAll(async () => {
  await writeTheirs();
  await writeClasses(path.join(at('labelled'), 'train'), testDigits(TRAIN));
  await writeClasses(path.join(at('labelled'), 'test'), testDigits(200, 4_000));
  await writeClasses(at('few'), testDigits(FEW, 6_000));
  await writeFlat(at('scans'), testDigits(SCANS, 5_000));
  studio = await Studio.launch();
  await createProject(studio, at('project'), 'Measure');
  await importFolder(studio, at('labelled'));
  const { page } = studio;
  await page.keyboard.press('Control+K');
  await page.getByRole('combobox', { name: en.shell.palette.placeholder }).fill('Import model');
  await page.keyboard.press('Enter');
  await studio.answerFolderDialog(at('theirs'));
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: en.exchange.choose }).click();
  await dialog.getByRole('button', { name: en.exchange.start, exact: false }).click();
  await dialog.getByText(en.exchange.done('theirs', '7,850')).waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
});
afterAll(() => studio?.close());

it('measures an imported model, whose threshold can then be set by a limit that a batch keeps', async () => {
  const { page } = studio;
  await startClassifying(studio, at('scans'));
  await idle(page);
  await go(page, 'models');
  await page.keyboard.press('c');
  const dialog = page.getByRole('dialog');
  await main(page).getByText(words.model.none).waitFor();
  await dialog.getByText(t.meaning.validation).waitFor();
  expect(await complaints(page, 'measuring a model')).toEqual([]);
  await dialog.getByLabel(t.split).selectOption('test');
  await dialog.getByText(t.meaning.test).waitFor();
  await dialog.getByRole('button', { name: t.start }).click();
  await dialog.waitFor({ state: 'hidden' });
  const figures = main(page).getByLabel(words.model.figures);
  await figures.getByText(t.digitsOf.test('labelled')).waitFor();
  await main(page).getByText(t.seen.unknown).waitFor();
  expect(await complaints(page, 'a measured model')).toEqual([]);

  // Once more, on other digits.
  await main(page)
    .getByRole('button', { name: new RegExp(`^${t.again}`) })
    .click();
  await dialog.getByLabel(t.split).selectOption('train');
  await dialog.getByRole('button', { name: t.start }).click();
  await figures.getByText(t.digitsOf.train('labelled')).waitFor();
  await figures.getByText(String(TRAIN)).waitFor();

  // What is too little is said where it was asked for.
  await importFolder(studio, at('few'));
  await go(page, 'models');
  await page.keyboard.press('c');
  await dialog.getByLabel(t.set).selectOption('few');
  await dialog.getByLabel(t.split).selectOption('validation');
  await dialog.getByRole('button', { name: t.start }).click();
  await dialog.getByText(/few has \d\d labelled digits; 50 are needed\./).waitFor();
  expect(await complaints(page, 'a refused measurement')).toEqual([]);
  await dialog.getByRole('button', { name: en.common.cancel }).click();
  await dialog.waitFor({ state: 'hidden' });

  await go(page, 'classify');
  await page.keyboard.press('Escape');
  await main(page)
    .getByRole('button', { name: new RegExp(`^${words.set}`) })
    .first()
    .click();
  await main(page).getByLabel(words.fields.maxRejected, { exact: true }).fill('20');
  await main(page).getByText(t.seen.unknown).waitFor();
  await startClassifying(studio, at('scans'));
  const { done, rejected } = en.classify.summary;
  const count = async (name: string): Promise<number> => Number(await figure(page, name).textContent());
  // The batch before had no threshold: only the new one rejects.
  const ended = async (): Promise<boolean> => {
    const some = await count(rejected);
    return some > 2 && some + (await count(done)) === SCANS;
  };
  await expect.poll(ended).toBe(true);
  await idle(page);
  expect(await count(rejected)).toBeLessThan(30);
  expect(studio.takeErrors()).toEqual([]);
});
