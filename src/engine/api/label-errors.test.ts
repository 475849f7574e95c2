import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Batch, DigitRow, Job } from '../../shared/contract/index.ts';
import { defaultParameters } from '../../shared/domain.ts';
import { ComputeProcess } from '../compute/client.ts';
import { ReaderPool } from '../images/reader-pool.ts';
import { createEngine, type Engine } from './engine.ts';
import { until, writeSmallMnist } from './test-support.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const DIGITS = 3_000;
const EPOCHS = 6;
/** Every hundredth digit carries a label that is not its own: the next digit's. */
const FLIPPED = 100;

let home: string;
let engine: Engine;
let client: Engine['client'];
let wish: { dataSetId: number; modelId: number; folds: number; epochs: number };

beforeAll(async () => {
  home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'studio-label-errors-')));
  const mnist = path.join(home, 'mnist');
  await writeSmallMnist(mnist, { train: DIGITS, test: 100 });
  const labels = path.join(mnist, 'train-labels-idx1-ubyte');
  const bytes = fs.readFileSync(labels);
  for (let at = 0; at < DIGITS; at += FLIPPED) bytes[8 + at] = (bytes[8 + at]! + 1) % 10;
  fs.writeFileSync(labels, bytes);
  engine = createEngine(
    { userData: path.join(home, 'user'), mnist, version: '0.1.0' },
    { compute: new ComputeProcess(), reader: new ReaderPool() },
  );
  ({ client } = engine);
  await client.project.sample();
  const [set] = await until(async () => {
    const sets = await client.data.sets();
    return sets.length > 0 && sets;
  });
  const parameters = { ...defaultParameters, epochs: 1 };
  const { job } = await client.training.start({ dataSetId: set!.id, name: 'model', parameters });
  expect(await ended(job)).toMatchObject({ state: 'done' });
  wish = { dataSetId: set!.id, modelId: (await client.models.list())[0]!.id, folds: 2, epochs: EPOCHS };
});
afterAll(async () => {
  await engine.close();
  fs.rmSync(home, { recursive: true, force: true });
});

const ended = ({ id }: Job): Promise<Job> =>
  until(
    async () => (await client.jobs.list()).find((job) => job.id === id && job.state !== 'running'),
    90_000,
  );
const batchOf = async ({ id }: Batch): Promise<Batch> =>
  (await client.batches.list()).find((batch) => batch.id === id)!;
const suspects = async ({ id: batchId }: Batch): Promise<DigitRow[]> => {
  const query = { kind: 'batch', batchId, only: 'suspected' } as const;
  const { total, rows } = await client.digits.page({ query, offset: 0, limit: 500 });
  expect(rows).toHaveLength(total);
  expect((await client.review.decisions({ batchId })).suspected).toBe(total);
  return rows;
};
/** As it was read, without what is its own. */
const facts = (rows: readonly DigitRow[]) =>
  rows.map(({ label, predicted, confidence, suspicion }) => ({ label, predicted, confidence, suspicion }));
const models = (): string[] => fs.readdirSync(path.join(home, 'user'), { recursive: true }).map(String);

let whole: Batch;

it('reads every training digit by a model that has not seen it, and ranks the flipped labels first', async () => {
  const { job, batch } = await client.batches.findLabelErrors(wish);
  expect(job).toMatchObject({ kind: 'folds', unit: 'images', state: 'running' });
  const last = await ended(job);
  expect(last).toMatchObject({ state: 'done', done: DIGITS * EPOCHS, total: DIGITS * EPOCHS });
  whole = await batchOf(batch);
  expect(whole).toMatchObject({ kind: 'folds', state: 'done', total: DIGITS, done: DIGITS, queued: 0 });
  expect(models().filter((name) => name.includes('folds-'))).toEqual([]);
  const rows = await suspects(batch);
  const order = rows.map(({ suspicion }) => suspicion!);
  expect(order).toEqual([...order].sort((a, b) => b - a));
  expect(rows.every(({ label, predicted }) => label !== predicted)).toBe(true);
  const first = rows.slice(0, DIGITS / FLIPPED);
  const details = await Promise.all(first.map(({ ref }) => client.digits.detail({ ref })));
  const found = details.filter(
    ({ name, label, predicted }) =>
      Number(name.split('#')[1]) % FLIPPED === 0 && predicted === (label! + 9) % 10,
  );
  // 30 were flipped; by chance one suspect in a hundred would be.
  expect(found.length).toBeGreaterThan(15);
  expect(details[0]!.suspicion).toBeCloseTo(rows[0]!.suspicion!, 10);
});

it('lets go of a suspect that is decided about, relabels the digit, and has it back by undo', async () => {
  const before = await suspects(whole);
  const [first, second, third] = before;
  await client.review.decide({ changes: [{ refs: [first!.ref], act: { kind: 'accept' } }] });
  await client.review.decide({
    changes: [{ refs: [second!.ref], act: { kind: 'label', label: second!.label! } }],
  });
  await client.review.decide({ changes: [{ refs: [third!.ref], act: { kind: 'doubt' } }] });
  expect((await suspects(whole)).map(({ ref }) => ref)).toEqual(before.slice(2).map(({ ref }) => ref));
  const [set] = await client.data.sets();
  expect((await client.versions.list({ dataSetId: set!.id })).pending).toMatchObject({ relabelled: 1 });
  for (let step = 0; step < 3; step++) await client.review.undo();
  expect(await suspects(whole)).toEqual(before);
});

it('cancelled keeps the folds it has read, goes on with the labels it began with alone, and ends the same', async () => {
  const { job, batch } = await client.batches.findLabelErrors(wish);
  await until(async () => (await batchOf(batch)).done === DIGITS / 2, 90_000);
  await client.jobs.cancel({ id: job.id });
  expect(await ended(job)).toMatchObject({ state: 'cancelled' });
  expect(await batchOf(batch)).toMatchObject({ state: 'cancelled', done: DIGITS / 2 });
  expect((await client.review.decisions({ batchId: batch.id })).suspected).toBe(0);

  const [one] = await suspects(whole);
  await client.review.setLabel({ refs: [one!.ref], label: one!.predicted });
  await client.jobs.resume({ id: job.id });
  expect(await ended(job)).toMatchObject({ state: 'failed', error: { code: 'training-data-changed' } });
  await client.review.undo();
  await client.jobs.resume({ id: job.id });
  await until(async () => (await client.jobs.list()).find(({ id }) => id === job.id)!.done > 0, 60_000);
  // Labels that change while it runs: the ranking is that of the beginning, and this one is settled.
  await client.review.setLabel({ refs: [one!.ref], label: one!.predicted });
  expect(await ended(job)).toMatchObject({ state: 'done' });
  expect(facts(await suspects(batch))).toEqual(facts(await suspects(whole)));
  await client.review.undo();
  expect(facts(await suspects(whole))).toHaveLength((await suspects(batch)).length + 1);
});

it('interrupted by the project closing is offered again, and goes on', async () => {
  const { job, batch } = await client.batches.findLabelErrors(wish);
  await until(async () => (await batchOf(batch)).done === DIGITS / 2, 90_000);
  const [recent] = await client.project.recent();
  await client.project.close();
  await client.project.openRecent({ id: recent!.id });
  expect(await batchOf(batch)).toMatchObject({ state: 'interrupted', done: DIGITS / 2 });
  const offered = (await client.jobs.list()).find(({ id }) => id === job.id);
  expect(offered).toMatchObject({ kind: 'folds', state: 'interrupted', done: DIGITS / 2, total: DIGITS });
  await client.jobs.resume({ id: job.id });
  expect(await ended(job)).toMatchObject({ state: 'done' });
  expect(facts(await suspects(batch))).toEqual(facts(await suspects(whole)));
  await client.batches.remove({ batchId: batch.id });
  expect((await client.batches.list()).some(({ id }) => id === batch.id)).toBe(false);
});
