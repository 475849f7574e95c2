import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Job, Run } from '../../shared/contract/index.ts';
import { defaultParameters, type TrainingParameters } from '../../shared/domain.ts';
import { ComputeProcess } from '../compute/client.ts';
import { ReaderPool } from '../images/reader-pool.ts';
import { createEngine, type Engine } from './engine.ts';
import { until, writeSmallMnist } from './test-support.ts';

// Real training, on machines that may be busy.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

let home: string;
let engine: Engine;
let client: Engine['client'];
let dataSetId: number;

beforeAll(async () => {
  home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'studio-runs-')));
  const mnist = path.join(home, 'mnist');
  await writeSmallMnist(mnist, { train: 1_000, test: 200 });
  const options = { userData: path.join(home, 'user'), mnist, version: '0.1.0' };
  engine = createEngine(options, { compute: new ComputeProcess(), reader: new ReaderPool() });
  client = engine.client;
  await client.project.sample();
  dataSetId = await until(async () => (await client.data.sets())[0]?.id);
});
afterAll(async () => {
  await engine.close();
  fs.rmSync(home, { recursive: true, force: true });
});

const refused = (code: string) => ({ code: 'STUDIO', data: expect.objectContaining({ code }) as unknown });
const job = async (id: string): Promise<Job> => (await client.jobs.list()).find((one) => one.id === id)!;
const runOf = async (id: number): Promise<Run> =>
  (await client.training.runs()).find((one) => one.id === id)!;
const start = (name: string, changes: Partial<TrainingParameters>) =>
  client.training.start({
    dataSetId,
    name,
    parameters: { ...defaultParameters, batchSize: 16, epochs: 2, ...changes },
  });
const ended = (id: string): Promise<Job> =>
  until(async () => {
    const one = await job(id);
    return one.state !== 'running' && one;
  }, 60_000);
const train = async (name: string, changes: Partial<TrainingParameters>): Promise<Run> => {
  const { job, run } = await start(name, changes);
  expect((await ended(job.id)).state).toBe('done');
  return runOf(run.id);
};
const read = async (modelId: number): Promise<void> => {
  const { job } = await client.batches.evaluate({ dataSetId, modelId });
  expect((await ended(job.id)).state).toBe('done');
};

it('pauses within a second, keeps still, goes on with a true rate, and ends as it would have', async () => {
  const { job: begun, run } = await start('paused', { epochs: 12 });
  await until(async () => (await job(begun.id)).rate !== null);
  const asked = performance.now();
  await client.jobs.pause({ id: begun.id });
  await expect(client.jobs.pause({ id: begun.id })).rejects.toMatchObject(refused('bad-request'));
  const still = await until(async () => {
    const before = (await job(begun.id)).done;
    await sleep(200);
    const now = await job(begun.id);
    return now.done === before && now;
  });
  expect(performance.now() - asked).toBeLessThan(1_000);
  expect(still).toMatchObject({ state: 'running', paused: true });
  await sleep(2_000);
  expect((await job(begun.id)).done).toBe(still.done);
  expect((await runOf(run.id)).step * 16).toBe(still.done);
  // Whoever looks now sees where it stands.
  const seen: string[] = [];
  for await (const event of await client.training.watch({ runId: run.id }))
    if (seen.push(event.type) === 2) break;
  expect(seen).toEqual(['history', 'progress']);

  await client.jobs.goOn({ id: begun.id });
  const going = await until(async () => {
    const now = await job(begun.id);
    return now.done > still.done && now;
  });
  expect(going.paused).toBe(false);
  // Two seconds at rest would have halved it.
  expect(going.rate!).toBeGreaterThan(0.6 * still.rate!);
  expect((await ended(begun.id)).state).toBe('done');
  await expect(client.jobs.pause({ id: begun.id })).rejects.toMatchObject(refused('bad-request'));
  const finished = await runOf(run.id);
  const lasted = (Date.parse(finished.finishedAt!) - Date.parse(finished.startedAt)) / 1_000;
  expect(finished.seconds!).toBeLessThan(lasted - 2);
  expect(finished.seconds!).toBeGreaterThan(finished.epochs.reduce((sum, { seconds }) => sum + seconds, 0));

  const whole = await train('whole', { epochs: 12 });
  expect(finished.epochs.map(({ validationLoss }) => validationLoss)).toEqual(
    whole.epochs.map(({ validationLoss }) => validationLoss),
  );
});

it('can be cancelled while it is paused', async () => {
  const { job: begun, run } = await start('paused and cancelled', { epochs: 500 });
  await until(async () => (await job(begun.id)).done > 0);
  await client.jobs.pause({ id: begun.id });
  await sleep(500);
  const asked = performance.now();
  await client.jobs.cancel({ id: begun.id });
  expect(await ended(begun.id)).toMatchObject({ state: 'cancelled', paused: false });
  expect(performance.now() - asked).toBeLessThan(1_000);
  // What was done until the pause is kept.
  const { step } = await runOf(run.id);
  expect(step).toBeGreaterThan(0);
  await client.jobs.resume({ id: begun.id });
  expect((await job(begun.id)).done).toBe(step * 16);
  await client.jobs.cancel({ id: begun.id });
  await ended(begun.id);
});

it('pauses nothing that it does not know or that cannot stand still', async () => {
  await expect(client.jobs.pause({ id: 'train-99' })).rejects.toMatchObject(refused('unknown-id'));
  const importing = (await client.jobs.list()).find(({ kind }) => kind === 'import')!;
  await expect(client.jobs.pause({ id: importing.id })).rejects.toMatchObject(refused('bad-request'));
});

it('keeps notes, and a removed run until the project is opened again', async () => {
  const run = await train('noted', { epochs: 1 });
  const notes = 'learning rate was “high”,\nsee 第 2 次';
  await client.training.note({ runId: run.id, notes });
  expect(await runOf(run.id)).toMatchObject({ notes });
  const { at } = await client.training.remove({ runId: run.id });
  expect(Date.parse(at)).toBeGreaterThan(Date.parse(run.finishedAt!));
  expect(await runOf(run.id)).toBeUndefined();
  await expect(client.training.note({ runId: run.id, notes: '' })).rejects.toMatchObject(
    refused('unknown-id'),
  );
  await client.training.restore({ runId: run.id });
  expect(await runOf(run.id)).toMatchObject({ name: 'noted', notes, epochs: run.epochs });
  await expect(client.training.restore({ runId: run.id })).rejects.toMatchObject(refused('unknown-id'));

  await client.training.remove({ runId: run.id });
  const { id } = (await client.project.recent())[0]!;
  await client.project.close();
  await client.project.openRecent({ id });
  await expect(client.training.restore({ runId: run.id })).rejects.toMatchObject(refused('unknown-id'));
  // Its rows and files go behind the scenes; its model stays.
  await until(async () =>
    (await client.models.list()).some(
      ({ id, name, runId }) => id === run.modelId && name === 'noted' && !runId,
    ),
  );
});

it('compares runs: their curves, and the digits that one reads right and the other does not', async () => {
  const weak = await train('weak', { learningRate: 0.001, epochs: 1 });
  const strong = await train('strong', { epochs: 4 });
  const runIds = [weak.id, strong.id];
  const before = await client.training.compare({ runIds, dataSetId });
  expect(before.runs.map(({ batchId, classes }) => [batchId, classes])).toEqual([
    [null, null],
    [null, null],
  ]);
  expect(before.differences).toEqual([]);
  for (const { modelId } of [weak, strong]) await read(modelId!);

  const { runs, differences } = await client.training.compare({ runIds, dataSetId });
  expect(runs[0]!.points.at(-1)!.step).toBe(weak.step);
  for (const [index, { testAccuracy }] of [weak, strong].entries()) {
    const { classes } = runs[index]!;
    const sum = (key: 'labelled' | 'wrong'): number => classes!.reduce((all, one) => all + one[key], 0);
    expect(sum('labelled')).toBe(200);
    expect(sum('wrong') / 200).toBeCloseTo(1 - testAccuracy!, 9);
  }
  const [a, b] = runs.map(({ batchId }) => batchId!);
  const batchOf = new Map([
    [weak.id, a!],
    [strong.id, b!],
  ]);
  // Both counts, from what each of the two read.
  for (const { right, wrong, count } of differences) {
    const answers = async (batchId: number, only: 'correct' | 'misclassified') => {
      const query = { kind: 'batch' as const, batchId, only, order: 'path' as const };
      const { rows } = await client.digits.page({ query, offset: 0, limit: 200 });
      const names = await Promise.all(rows.map(({ ref }) => client.digits.detail({ ref })));
      return new Set(names.map(({ name }) => name));
    };
    const rightOnes = await answers(batchOf.get(right)!, 'correct');
    const wrongOnes = await answers(batchOf.get(wrong)!, 'misclassified');
    expect(count).toBe([...wrongOnes].filter((name) => rightOnes.has(name)).length);
    const query = { kind: 'difference' as const, right: batchOf.get(right)!, wrong: batchOf.get(wrong)! };
    const page = await client.digits.page({ query, offset: 0, limit: 200 });
    expect([page.total, page.rows.length, page.pixels.size]).toEqual([count, count, 784 * count]);
  }
  expect(differences.find(({ right }) => right === strong.id)!.count).toBeGreaterThan(10);
  expect(await client.training.compare({ runIds, dataSetId: null })).toMatchObject({
    runs: [{ batchId: null }, { batchId: null }],
    differences: [],
  });
  await expect(client.training.compare({ runIds: [weak.id], dataSetId })).rejects.toMatchObject(
    refused('bad-request'),
  );
});

it('writes curves as CSV and a picture as it was drawn, over nothing of the user’s', async () => {
  const runs = (await client.training.runs()).filter(({ name }) => name === 'weak' || name === 'strong');
  const file = path.join(home, 'curves.csv');
  const { id } = await engine.grantPath(file, 'write-file');
  const { rows } = await client.training.exportCsv({ runIds: runs.map((run) => run.id), file: id });
  const [header, ...lines] = fs.readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(header).toBe(
    'run,kind,step,epoch,loss,accuracy,lowest_loss,highest_loss,validation_loss,validation_accuracy,seconds',
  );
  expect(lines).toHaveLength(rows);
  const epochs = lines.map((line) => line.split(',')).filter(([, kind]) => kind === 'epoch');
  const expected = runs.flatMap(({ name, epochs, stepsPerEpoch }) =>
    epochs.map((at) => [
      ...[name, 'epoch', at.epoch * stepsPerEpoch!, at.epoch, at.trainLoss, at.trainAccuracy, '', ''],
      ...[at.validationLoss, at.validationAccuracy, at.seconds],
    ]),
  );
  expect(epochs).toEqual(expected.map((row) => row.map(String)));
  expect(lines.filter((line) => line.startsWith('strong,steps,')).length).toBeGreaterThan(3);

  const create = { width: 4, height: 3, channels: 3, background: 'red' } as const;
  const png = await sharp({ create }).png().toBuffer();
  const target = path.join(home, 'curves.png');
  const granted = await engine.grantPath(target, 'write-file');
  await client.training.exportPng({ picture: new Blob([Uint8Array.from(png)]), file: granted.id });
  expect(fs.readFileSync(target).equals(png)).toBe(true);
  const text = new Blob(['not a picture']);
  await expect(client.training.exportPng({ picture: text, file: granted.id })).rejects.toMatchObject(
    refused('bad-request'),
  );
  // Where digits were imported from, nothing is written over.
  const image = path.join(home, 'mnist', 'train-images-idx3-ubyte');
  const source = await engine.grantPath(image, 'write-file');
  await expect(
    client.training.exportPng({ picture: new Blob([Uint8Array.from(png)]), file: source.id }),
  ).rejects.toMatchObject(refused('cannot-write'));
});

it('trains again with the recipe of a run on changed data, and then reads the test digits with both models', async () => {
  const before = await train('before', { epochs: 1 });
  expect(before).toMatchObject({ dataVersion: 1, retrainOf: null });
  const query = { kind: 'data', dataSetId, split: 'train' } as const;
  const { rows } = await client.digits.page({ query, offset: 0, limit: 3 });
  await client.review.setLabel({ refs: rows.map(({ ref }) => ref), label: 0 });
  await client.versions.commit({ dataSetId, name: 'three noughts' });
  const { job: begun, run } = await client.training.retrain({ runId: before.id, name: 'after' });
  expect(run).toMatchObject({ dataVersion: 2, retrainOf: before.id, parameters: before.parameters });
  expect((await ended(begun.id)).state).toBe('done');
  const compared = await until(async () => {
    const { runs, differences } = await client.training.compare({ runIds: [before.id, run.id], dataSetId });
    return runs.every(({ batchId }) => batchId !== null) && { runs, differences };
  }, 60_000);
  expect(compared.differences).toHaveLength(2);
  expect(
    compared.runs.map(({ classes }) => classes!.reduce((sum, { labelled }) => sum + labelled, 0)),
  ).toEqual([200, 200]);
});
