import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCheckpoint } from '../../src/engine/training/checkpoint.ts';
import { scan, testDigits, writeClasses, writeCopies } from './digits.ts';
import { Studio } from './harness.ts';
import { freshFolder } from './places.ts';
import { until } from './processes.ts';
import { goOn, rowsOf, startAgain } from './recovery.ts';
import {
  createProject,
  figure,
  go,
  idle,
  importFolder,
  main,
  outcome,
  setRecipe,
  SLOW,
  startClassifying,
  startTraining,
  train,
} from './steps.ts';
import { en } from './words.ts';

const folder = freshFolder('killed');
const project = path.join(folder, 'project');
const labelled = path.join(folder, 'labelled');
const scans = path.join(folder, 'scans');
const FILES = 1_000;

let studio: Studio;
beforeAll(async () => {
  const digits = testDigits(1_000);
  await writeClasses(labelled, digits);
  writeCopies(scans, await scan(digits[0]!, 900), FILES, 'jpg');
  studio = await Studio.launch();
  await createProject(studio, project, 'Killed');
  await importFolder(studio, labelled);
  await go(studio.page, 'train');
  await setRecipe(studio.page, { epochs: '2', name: 'reader' });
  await train(studio.page);
});
afterAll(() => studio?.close());

const read = <Row>(query: string): Row[] => rowsOf<Row>(project, query);

interface Epoch {
  epoch: number;
  train_loss: number;
  seconds: number;
}

/** Finished epochs of the run with that name. */
const epochsOf = (run: 'killed' | 'closed'): Epoch[] =>
  read(
    `SELECT epoch, train_loss, seconds FROM run_epoch WHERE run_id = (SELECT max(id) FROM run WHERE name = '${run}') ORDER BY epoch`,
  );

describe('killed while it trains', () => {
  it('goes on from the last finished epoch after one click', async () => {
    const { page } = studio;
    await setRecipe(page, { epochs: '900', name: 'killed' });
    await startTraining(page);
    // Where epochs are short, checkpoints fall behind them: the newest is what a run goes on from.
    const checkpoint = async (): Promise<number> => {
      const [run] = read<{ id: number }>(`SELECT max(id) AS id FROM run WHERE name = 'killed'`);
      return (await loadCheckpoint(path.join(project, 'runs', String(run!.id))))?.epoch ?? 0;
    };
    await until(async () => (await checkpoint()) >= 3, 'three epochs', SLOW);
    await studio.killEngine();
    const before = epochsOf('killed');
    const kept = await checkpoint();
    await goOn(studio, en.shell.engine.kept.train);
    await until(() => epochsOf('killed').length >= before.length + 3, 'three more epochs', SLOW);
    const after = epochsOf('killed');
    expect(after.map(({ epoch }) => epoch)).toEqual(after.map((_, index) => index + 1));
    // An epoch done twice would have taken another time.
    expect(after.slice(0, kept)).toEqual(before.slice(0, kept));
    // The page follows: its figures move, and nothing is left of the end but a notice.
    const step = main(page).getByText(/^step [\d,]+ of/);
    const shown = await step.textContent();
    await until(async () => (await step.textContent()) !== shown, 'the page to follow', SLOW);
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('still trains, and stops when told to', async () => {
    const { page } = studio;
    await main(page).getByRole('button', { name: en.train.cancel }).click();
    await outcome(page)
      .getByText(/^Cancelled. What it had learnt by step [\d,]+ is kept/)
      .waitFor({ timeout: SLOW });
  });
});

describe('killed while it classifies', () => {
  interface Item {
    path: string;
    id: number;
    confidence: number;
  }
  const items = (): Item[] =>
    read(
      `SELECT CAST(path AS TEXT) AS path, batch_item.id, confidence FROM batch_item
       JOIN batch_file ON batch_file.id = file_id WHERE batch_file.batch_id = (SELECT max(id) FROM batch) ORDER BY path`,
    );

  it('reads every file exactly once after one click', async () => {
    const { page } = studio;
    await startClassifying(studio, scans);
    await until(() => items().length > 0, 'the first rows', SLOW);
    await studio.killEngine();
    const before = items();
    expect(before.length).toBeLessThan(FILES);
    await goOn(studio, en.shell.engine.kept.classify);
    await expect
      .poll(() => figure(page, en.classify.summary.done).textContent(), { timeout: 2 * SLOW })
      .toBe('1,000');
    await idle(page);

    const after = items();
    expect(after.length).toBe(FILES);
    // What was read before was not read again.
    const old = new Set(before.map(({ id }) => id));
    expect(after.filter(({ id }) => old.has(id))).toEqual(before);
    expect(new Set(after.map(({ path }) => path)).size).toBe(FILES);
    // The same picture under every name: one answer, whichever engine gave it.
    expect(new Set(after.map(({ confidence }) => confidence)).size).toBe(1);
    expect(read('SELECT state, queued, failed, skipped FROM batch ORDER BY id DESC LIMIT 1')).toEqual([
      { state: 'done', queued: 0, failed: 0, skipped: 0 },
    ]);
  });
});

it('killed while nothing runs, says so and has its project again after one click', async () => {
  const { page } = studio;
  await studio.killEngine();
  await goOn(studio, en.shell.engine.kept.project);
  await go(page, 'home');
  await main(page).getByRole('heading', { level: 1, name: 'Killed' }).waitFor();
});

it('closed while it trains, goes on where it was when it is started again', async () => {
  await go(studio.page, 'train');
  await setRecipe(studio.page, { epochs: '900', name: 'closed' });
  await startTraining(studio.page);
  await until(() => epochsOf('closed').length >= 3, 'three epochs', SLOW);
  await studio.close();
  const before = epochsOf('closed');
  studio = await startAgain(studio.home, 'Killed');
  const { page } = studio;
  await go(page, 'train');
  await main(page)
    .getByRole('button', { name: /^Go on from step [\d,]+$/ })
    .click();
  await until(() => epochsOf('closed').length >= before.length + 2, 'two more epochs', SLOW);
  expect(epochsOf('closed').slice(0, before.length)).toEqual(before);
  await main(page).getByRole('button', { name: en.train.cancel }).click();
  await outcome(page)
    .getByText(/^Cancelled/)
    .waitFor({ timeout: SLOW });
});
