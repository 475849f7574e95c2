import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { defaultParameters } from '../../shared/domain.ts';
import { writeDigitFiles, writeSmallMnist } from '../api/test-support.ts';
import { ComputeProcess } from '../compute/client.ts';
import { loadData } from '../datasets/load.ts';
import { readModel } from '../models/store.ts';
import { ReaderPool } from '../images/reader-pool.ts';
import { trainModel } from '../training/run.ts';
import { classifyFolder } from './classify-folder.ts';
import { evaluateModel } from './evaluate-model.ts';

// What the command line does, from pictures to a CSV.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const compute = new ComputeProcess();
const reader = new ReaderPool();
let home: string;
let training: string;
let images: string;
let modelFolder: string;

beforeAll(async () => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-without-'));
  training = path.join(home, 'training');
  images = path.join(home, 'images');
  modelFolder = path.join(home, 'model');
  await writeDigitFiles(training, { split: 'train', count: 1_200 });
  await writeDigitFiles(images, { count: 1_000 });
  await writeSmallMnist(path.join(home, 'mnist'), { train: 100, test: 1_000 });
  fs.writeFileSync(path.join(training, '3', 'empty.png'), '');
  const data = await loadData({ source: { folder: training }, reader, limit: { count: 1_000, seed: 5 } });
  expect(data).toMatchObject({ name: 'training', test: null, bad: 1 });
  expect(data.train.labels).toHaveLength(1_000);
  // Of all classes, though the files come class by class.
  expect(new Set(data.train.labels).size).toBe(10);
  await trainModel({
    compute,
    name: 'model',
    dataName: data.name,
    dataHash: data.hash,
    train: data.train,
    test: data.test,
    parameters: { ...defaultParameters, epochs: 2 },
    studioVersion: '0.1.0',
    modelFolder,
    listener: {
      points: () => undefined,
      progress: () => undefined,
      epoch: () => undefined,
      checkpoint: () => undefined,
    },
    signal: new AbortController().signal,
  });
});
afterAll(async () => {
  await Promise.all([compute.close(), reader.close()]);
  fs.rmSync(home, { recursive: true, force: true });
});

it('the limited digits depend on the seed alone', async () => {
  const load = (seed: number) =>
    loadData({ source: { folder: training }, reader, limit: { count: 50, seed } });
  const [first, again, other] = [await load(1), await load(1), await load(2)];
  expect(again.hash).toBe(first.hash);
  expect(other.hash).not.toBe(first.hash);
});

it('a model is measured alike on MNIST and on the same digits as files', async () => {
  const progress: number[] = [];
  const measure = (source: { folder: string } | { mnist: string }) =>
    evaluateModel({ modelFolder, source, compute, reader, onProgress: (done) => progress.push(done) });
  const files = await measure({ folder: images });
  expect(files).toMatchObject({ count: 1_000, bad: 0, name: 'images', split: 'all' });
  expect(files.confusion.flat().reduce((sum, count) => sum + count)).toBe(1_000);
  const correct = files.confusion.reduce((sum, row, label) => sum + row[label]!, 0);
  expect(files.accuracy).toBe(correct / 1_000);
  expect(files.accuracy).toBeGreaterThan(0.7);
  const { confusion, accuracy } = await measure({ mnist: path.join(home, 'mnist') });
  expect({ confusion, accuracy }).toEqual({ confusion: files.confusion, accuracy: files.accuracy });
  expect(progress).toEqual([1_000, 1_000]);
});

it('a folder becomes a CSV, which agrees with the measured accuracy', async () => {
  const csv = path.join(home, 'results.csv');
  const told: number[] = [];
  const counts = await classifyFolder({
    folder: images,
    modelFolder,
    out: { file: csv, format: 'csv' },
    compute,
    reader,
    onProgress: ({ done }) => told.push(done),
  });
  expect(counts).toMatchObject({ total: 1_000, done: 1_000, failed: 0, skipped: 0, queued: 0 });
  expect(counts.seconds).toBeGreaterThan(0);
  expect(told.at(-1)).toBe(1_000);
  const rows = fs.readFileSync(csv, 'utf8').trimEnd().split('\n').slice(1);
  expect(rows).toHaveLength(1_000);
  const right = rows.filter((row) => row[0] === row.split(',')[1]).length;
  const { accuracy } = await evaluateModel({ modelFolder, source: { folder: images }, compute, reader });
  expect(right / 1_000).toBe(accuracy);
});

it('measured with a threshold, it counts the accepted digits and their errors', async () => {
  const options = { modelFolder, source: { folder: images }, compute, reader };
  const all = await evaluateModel({ ...options, reject: { threshold: 0 } });
  expect(all.rejected).toMatchObject({ accepted: all.count });
  expect(all.rejected!.errors).toBe(Math.round((1 - all.accuracy) * all.count));
  const some = await evaluateModel({ ...options, reject: { maxRejected: 0.1 } });
  expect(some.accuracy).toBe(all.accuracy);
  expect(some.rejected!.accepted).toBeLessThan(all.count);
  expect(some.rejected!.errors).toBeLessThan(all.rejected!.errors);
  expect((await evaluateModel(options)).rejected).toBeNull();
});

it('what is below the threshold that a limit on errors asks for is rejected, and the CSV says so', async () => {
  const csv = path.join(home, 'rejected.csv');
  const { curve, digits } = (await readModel(modelFolder)).card.confidence!;
  const point = curve.at(-1)!;
  const reject = { maxError: point.errors / point.accepted };
  const { rejection, rejected, done } = await classifyFolder({
    folder: images,
    modelFolder,
    out: { file: csv, format: 'csv' },
    reject,
    compute,
    reader,
  });
  const promise = { error: reject.maxError, rejected: (digits - point.accepted) / digits };
  expect(rejection).toMatchObject({ threshold: point.threshold, promise });
  expect(rejected).toBeGreaterThan(0);
  const rows = fs.readFileSync(csv, 'utf8').trimEnd().split('\n').slice(1);
  const refused = rows.filter((row) => row.split(',')[5] === 'rejected');
  expect(refused).toHaveLength(rejected);
  expect(rows).toHaveLength(rejected + done);
  for (const row of refused)
    expect(row).toMatch(/^.*,\d,0\.\d{6},\d,0\.\d{6},rejected,confidence below 0\.\d+$/);
  const right = (some: string[]): number =>
    some.filter((row) => row[0] === row.split(',')[1]).length / some.length;
  const accepted = rows.filter((row) => !refused.includes(row));
  expect(right(accepted)).toBeGreaterThan(right(rows));
});

it('cancelled, it ends within a second and leaves neither a CSV nor a ledger', async () => {
  const csv = path.join(home, 'cancelled.csv');
  const stop = new AbortController();
  let asked = 0;
  const temporary = path.join(home, 'temporary');
  fs.mkdirSync(temporary);
  vi.stubEnv('TMPDIR', temporary);
  const cancelled = classifyFolder({
    folder: images,
    modelFolder,
    out: { file: csv, format: 'csv' },
    compute,
    reader,
    signal: stop.signal,
    onProgress({ done }) {
      if (done === 0 || asked > 0) return;
      asked = performance.now();
      expect(fs.readdirSync(temporary)).toHaveLength(1);
      stop.abort();
    },
  });
  await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
  expect(performance.now() - asked).toBeLessThan(1_000);
  expect(fs.existsSync(csv)).toBe(false);
  expect(fs.readdirSync(temporary)).toEqual([]);
  vi.unstubAllEnvs();
});

it('a place that cannot take the CSV is named before anything is read', async () => {
  const told: number[] = [];
  const nowhere = path.join(home, 'no', 'such', 'place.csv');
  const refused = classifyFolder({
    folder: images,
    modelFolder,
    out: { file: nowhere, format: 'csv' },
    compute,
    reader,
    onProgress: ({ total }) => told.push(total),
  });
  await expect(refused).rejects.toMatchObject({ code: 'cannot-write', params: { file: nowhere } });
  expect(told).toEqual([]);
});
