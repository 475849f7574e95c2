import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { defaultParameters } from '../shared/domain.ts';
import { until, writeDigitFiles, writeSmallMnist } from './api/test-support.ts';
import { EngineChild } from './engine-child.testing.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 30_000 });

let home: string;
let engines: EngineChild[];
beforeEach(async () => {
  home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'studio-engine-')));
  engines = [];
  await writeSmallMnist(path.join(home, 'mnist'), { train: 3_000, test: 200 });
});
afterEach(async () => {
  await Promise.all(engines.map((engine) => engine.kill('SIGKILL')));
  fs.rmSync(home, { recursive: true, force: true });
});

function startEngine(): EngineChild {
  const engine = new EngineChild(home);
  engines.push(engine);
  return engine;
}

it('answers its client, grants paths, and ends when it is told to', async () => {
  const engine = startEngine();
  await engine.ready;
  expect(await engine.client.system.info()).toMatchObject({ version: '0.1.0', node: process.versions.node });
  const folder = path.join(home, 'project');
  fs.mkdirSync(folder);
  const granted = await engine.grant(folder, 'project-folder');
  expect(await engine.client.project.create({ folder: granted.id, name: 'x' })).toMatchObject({ folder });
  await expect(engine.grant(path.join(home, 'nowhere'), 'read-folder')).rejects.toThrow('folder-unreadable');
  engine.send({ kind: 'shutdown' });
  expect(await engine.ended).toBe(0);
  expect(fs.existsSync(path.join(folder, 'project.sqlite-wal'))).toBe(false);
});

it('ends with its parent', async () => {
  const engine = startEngine();
  await engine.ready;
  engine.process.disconnect();
  expect(await engine.ended).toBe(0);
});

it('killed while it trains, finds its project again and goes on from the last finished epoch', async () => {
  const first = startEngine();
  await first.client.project.sample();
  const [set] = await until(async () => {
    const sets = await first.client.data.sets();
    return sets.length > 0 && sets;
  });
  const parameters = { ...defaultParameters, epochs: 4, seed: 3 };
  const { job, run } = await first.client.training.start({ dataSetId: set!.id, name: 'long', parameters });
  const before = await until(async () => {
    const [current] = await first.client.training.runs();
    return current!.epochs.length >= 2 && current!.epochs;
  }, 60_000);
  await first.kill('SIGKILL');

  const second = startEngine();
  await second.ready;
  expect(await second.client.project.current()).toMatchObject({ name: 'MNIST' });
  expect((await second.client.training.runs())[0]).toMatchObject({ id: run.id, state: 'interrupted' });
  expect(await second.client.jobs.list()).toMatchObject([
    { id: job.id, kind: 'train', state: 'interrupted', title: 'long' },
  ]);
  await second.client.jobs.resume({ id: job.id });
  const finished = await until(async () => {
    const [current] = await second.client.training.runs();
    return current!.state !== 'running' && current;
  }, 60_000);
  expect(finished).toMatchObject({
    state: 'done',
    error: null,
    epochs: [1, 2, 3, 4].map((epoch) => ({ epoch })),
  });
  // The epoch before the last one that was seen had its checkpoint for certain.
  expect(finished.epochs.slice(0, before.length - 1)).toEqual(before.slice(0, -1));
  expect(await second.client.models.list()).toMatchObject([{ id: finished.modelId, name: 'long' }]);

  // A run that nobody disturbed ends with the same weights.
  const models = path.join(home, 'user', 'sample', 'models');
  const [resumed] = fs.readdirSync(models);
  await until(async () => (await second.client.jobs.list()).every(({ state }) => state === 'done'));
  await second.client.training.start({ dataSetId: set!.id, name: 'undisturbed', parameters });
  await until(async () => (await second.client.models.list()).length === 2, 60_000);
  const other = fs.readdirSync(models).find((name) => name !== resumed)!;
  const weights = [resumed!, other].map((name) => fs.readFileSync(path.join(models, name, 'weights.bin')));
  expect(weights[0]!.equals(weights[1]!)).toBe(true);
});

it('killed while it classifies, goes on with the files that are left, and each has one row', async () => {
  const images = path.join(home, 'images');
  const count = 2_500;
  await writeDigitFiles(images, { count });
  const first = startEngine();
  await first.client.project.sample();
  const [set] = await until(async () => {
    const sets = await first.client.data.sets();
    return sets.length > 0 && sets;
  });
  const parameters = { ...defaultParameters, epochs: 1 };
  await first.client.training.start({ dataSetId: set!.id, name: 'model', parameters });
  const [model] = await until(async () => {
    const models = await first.client.models.list();
    return models.length > 0 && models;
  }, 60_000);
  const modelId = model!.id;
  const { id: folder } = await first.grant(images, 'read-folder');
  const { job, batch } = await first.client.batches.classify({ folder, modelId, name: 'killed' });
  await until(async () => (await first.client.batches.list())[0]!.done > 300);
  await first.kill('SIGKILL');

  const second = startEngine();
  await second.ready;
  const [interrupted] = await second.client.batches.list();
  expect(interrupted).toMatchObject({ id: batch.id, state: 'interrupted' });
  expect(interrupted!.done).toBeGreaterThan(300);
  expect(interrupted!.done).toBeLessThan(count);
  expect(await second.client.jobs.list()).toMatchObject([
    { id: job.id, state: 'interrupted', done: interrupted!.done + interrupted!.failed },
  ]);
  await second.client.jobs.resume({ id: job.id });
  const finish = (id: number) =>
    until(
      async () => (await second.client.batches.list()).find((one) => one.id === id && one.state === 'done'),
      60_000,
    );
  expect(await finish(batch.id)).toMatchObject({ total: count, done: count, queued: 0, failed: 0 });
  const again = await second.grant(images, 'read-folder');
  const whole = await second.client.batches.classify({ folder: again.id, modelId, name: 'whole' });
  await finish(whole.batch.id);
  const csv = async (batchId: number): Promise<string> => {
    const file = path.join(home, `${batchId}.csv`);
    const granted = await second.grant(file, 'write-file');
    expect(await second.client.batches.export({ batchId, file: granted.id, format: 'csv' })).toMatchObject({
      rows: count,
    });
    return fs.readFileSync(file, 'utf8');
  };
  expect(await csv(batch.id)).toBe(await csv(whole.batch.id));
});
