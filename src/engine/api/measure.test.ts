import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { MeasuredConfidence, MeasuredSplit } from '../../shared/contract/confidence.ts';
import type { Batch, Job } from '../../shared/contract/index.ts';
import { defaultParameters } from '../../shared/domain.ts';
import { ComputeProcess } from '../compute/client.ts';
import { ReaderPool } from '../images/reader-pool.ts';
import { readModel, writeModel } from '../models/store.ts';
import { createEngine, type Engine } from './engine.ts';
import { jobEnded, until, writeDigitFiles, writeSmallMnist } from './test-support.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

const FILES = 400;
let home: string;
let engine: Engine;
let client: Engine['client'];
let dataSetId: number;
let trained: number;
/** The same weights, taken over from a folder that does not say what they were trained with or how sure they are. */
let foreign: number;
const at = (...names: string[]): string => path.join(home, ...names);

const ended = (job: Job): Promise<Job> => jobEnded(client, job);

beforeAll(async () => {
  home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'studio-measure-')));
  await writeSmallMnist(at('mnist'), { train: 2_000, test: 300 });
  await writeDigitFiles(at('scans'), { count: FILES, first: 1_000 });
  const options = { userData: at('user'), mnist: at('mnist'), version: '0.1.0' };
  engine = createEngine(options, { compute: new ComputeProcess(), reader: new ReaderPool() });
  ({ client } = engine);
  const { folder } = await client.project.sample();
  const [set] = await until(async () => {
    const sets = await client.data.sets();
    return sets.length > 0 && sets;
  });
  dataSetId = set!.id;
  const parameters = { ...defaultParameters, epochs: 2 };
  const { job } = await client.training.start({ dataSetId, name: 'model', parameters });
  expect(await ended(job)).toMatchObject({ state: 'done' });
  trained = (await client.models.list())[0]!.id;
  const [name] = fs.readdirSync(path.join(folder, 'models'));
  const model = await readModel(path.join(folder, 'models', name!));
  const { confidence: _, ...card } = model.card;
  const bare = { ...card, training: null, data: null, metrics: null, engine: null };
  await writeModel(at('bare'), { ...model, card: bare });
  const { id } = await engine.grantPath(at('bare'), 'read-folder');
  foreign = (await client.models.import({ folder: id, name: 'foreign' })).model.id;
});
afterAll(async () => {
  await engine.close();
  fs.rmSync(home, { recursive: true, force: true });
});

const cardOf = async (modelId: number): Promise<MeasuredConfidence | undefined> =>
  (await client.models.card({ modelId })).confidence;
const measure = async (modelId: number, split: MeasuredSplit): Promise<Job> =>
  ended(await client.models.measure({ modelId, dataSetId, split }));

async function begin(name: string, more: object = {}): Promise<{ job: Job; batch: Batch }> {
  const { id: folder } = await engine.grantPath(at('scans'), 'read-folder');
  return client.batches.classify({ folder, modelId: foreign, name, ...more });
}
async function read(name: string, more: object = {}): Promise<Batch> {
  const { job, batch } = await begin(name, more);
  expect(await ended(job)).toMatchObject({ state: 'done' });
  return (await client.batches.list()).find(({ id }) => id === batch.id)!;
}
const confidences = async ({ id: batchId }: Pick<Batch, 'id'>): Promise<[string, number][]> =>
  (await client.batches.rows({ batchId, offset: 0, limit: FILES })).rows.map((row) => [
    row.path,
    row.confidence!,
  ]);
const batchOf = async (batchId: number): Promise<Batch> =>
  (await client.batches.list()).find(({ id }) => id === batchId)!;

it('measures a model of its own on the digits that training set aside, and finds what training found', async () => {
  const before = await cardOf(trained);
  expect(await measure(trained, 'validation')).toMatchObject({ state: 'done', kind: 'measure', done: 199 });
  expect(await cardOf(trained)).toEqual({ ...before, seen: 'no' });
  expect(await measure(trained, 'train')).toMatchObject({ state: 'done', total: 2_000 });
  expect(await cardOf(trained)).toMatchObject({ split: 'train', seen: 'yes', digits: 2_000 });
  expect(await measure(trained, 'test')).toMatchObject({ state: 'done', total: 300 });
  expect(await cardOf(trained)).toMatchObject({ split: 'test', seen: 'no', digits: 300 });
});

it('gives a model from elsewhere a temperature and a curve, and leaves earlier confidences what they were', async () => {
  const old = await read('old');
  const stopped = await begin('stopped');
  await client.jobs.cancel({ id: stopped.job.id });
  expect(await ended(stopped.job)).toMatchObject({ state: 'cancelled' });
  const raw = await confidences(old);
  await expect(begin('limit', { reject: { maxError: 0.05 } })).rejects.toMatchObject({
    data: { code: 'confidence-not-measured' },
  });
  const byHand = await read('by hand', { reject: { threshold: 0.7 } });
  expect(byHand.rejection).toMatchObject({ threshold: 0.7, promise: null });

  expect(await measure(foreign, 'test')).toMatchObject({ state: 'done' });
  const measured = (await cardOf(foreign))!;
  expect(measured).toMatchObject({ split: 'test', seen: 'unknown', digits: 300 });
  expect(Math.abs(measured.temperature - 1)).toBeGreaterThan(0.01);

  // What was read stays; nothing of it is lent to a new batch, and a batch that goes on does so as it began.
  expect(await confidences(old)).toEqual(raw);
  const fresh = await read('fresh', { reject: { maxRejected: 0.1 } });
  expect(fresh.reused).toBe(0);
  expect(fresh.rejection!.promise).toMatchObject({ split: 'test', seen: 'unknown', digits: 300 });
  const calibrated = await confidences(fresh);
  expect(calibrated.map(([file]) => file)).toEqual(raw.map(([file]) => file));
  const moved = calibrated.filter(([, value], index) => Math.abs(value - raw[index]![1]) > 1e-6);
  expect(moved.length).toBeGreaterThan(FILES / 2);
  expect(await ended(await client.jobs.resume({ id: stopped.job.id }))).toMatchObject({ state: 'done' });
  expect(await confidences(stopped.batch)).toEqual(raw);
  // Of the same temperature, so that what is known may be taken over.
  expect((await batchOf(stopped.batch.id)).reused).toBeGreaterThan(0);

  expect(await client.batches.likeness({ batchId: old.id })).toBeNull();
  expect(await client.batches.likeness({ batchId: fresh.id })).not.toBeNull();

  const again = await client.batches.again({ batchId: byHand.id, name: 'again' });
  expect(await ended(again.job)).toMatchObject({ state: 'done' });
  const repeated = await batchOf(again.batch.id);
  expect(await confidences(repeated)).toEqual(calibrated);
  // The threshold was a wish of its own; now something is promised for it.
  expect(repeated.rejection).toMatchObject({ threshold: 0.7, promise: { digits: 300 } });
  expect(repeated.failed).toBe(0);
  const second = await read('second');
  expect(second.reused).toBeGreaterThan(0);
  expect(await confidences(second)).toEqual(calibrated);
});

it('goes on with the old temperature in a folder that is watched', async () => {
  const raw = await read('watched', { watch: true });
  const known = new Map(await confidences(raw));
  const [source] = known.keys();
  expect(await measure(foreign, 'validation')).toMatchObject({ state: 'done' });
  fs.copyFileSync(at('scans', source!), at('scans', `copy-of-${path.basename(source!)}`));
  await until(async () => (await batchOf(raw.id)).done === FILES + 1);
  const rows = await client.batches.rows({ batchId: raw.id, text: 'copy-of', offset: 0, limit: 9 });
  expect(rows.rows[0]!.confidence).toBe(known.get(source!));
  await client.batches.watch({ batchId: raw.id, watch: null });
  fs.rmSync(at('scans', `copy-of-${path.basename(source!)}`));
});

it('changes nothing when it is cancelled, or when there are too few digits', async () => {
  const before = await cardOf(foreign);
  const job = await client.models.measure({ modelId: foreign, dataSetId, split: 'train' });
  await client.jobs.cancel({ id: job.id });
  expect(await ended(job)).toMatchObject({ state: 'cancelled' });
  expect(await cardOf(foreign)).toEqual(before);
  await writeDigitFiles(at('few', 'train'), { count: 30 });
  const { id: source } = await engine.grantPath(at('few'), 'read-folder');
  let scanId = '';
  for await (const step of await client.data.scan({ source }))
    if (step.type === 'summary') ({ scanId } = step.summary);
  const imported = await client.data.import({ scanId, name: 'few' });
  expect(await ended(imported)).toMatchObject({ state: 'done' });
  const refused = (split: MeasuredSplit, count: number): Promise<void> =>
    expect(
      client.models.measure({ modelId: foreign, dataSetId: imported.subject, split }),
    ).rejects.toMatchObject({ data: { code: 'too-few-digits', params: { name: 'few', count, needed: 50 } } });
  await refused('train', 30);
  await refused('validation', 3);
  await refused('test', 0);
  const failed = (await client.jobs.list()).filter(({ state }) => state === 'failed');
  expect(failed).toEqual([]);
  expect(await cardOf(foreign)).toEqual(before);
});
