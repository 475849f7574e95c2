import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { EmbeddingMap, EmbeddingMethod, Job } from '../../shared/contract/index.ts';
import { defaultParameters } from '../../shared/domain.ts';
import { ComputeProcess } from '../compute/client.ts';
import { nearest } from '../embedding/umap.ts';
import { ReaderPool } from '../images/reader-pool.ts';
import { createEngine, type Engine } from './engine.ts';
import { jobEnded, until, writeSmallMnist } from './test-support.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const DIGITS = 800;

let home: string;
let engine: Engine;
let client: Engine['client'];
let batchId: number;

const studio = (user: string): Engine =>
  createEngine(
    { userData: path.join(home, user), mnist: path.join(home, 'mnist'), version: '0.1.0' },
    { compute: new ComputeProcess(), reader: new ReaderPool() },
  );
const ended = (job: Job, of: Engine['client'] = client): Promise<Job> => jobEnded(of, job, 100_000);

async function map(
  method: EmbeddingMethod,
  of: Engine['client'] = client,
): Promise<EmbeddingMap & { at: Float32Array; names: Uint32Array }> {
  const found = (await of.embedding.map({ batchId, method }))!;
  return {
    ...found,
    at: new Float32Array(await found.places.arrayBuffer()),
    names: new Uint32Array(await found.ids.arrayBuffer()),
  };
}
const labels = async (method: EmbeddingMethod): Promise<Int8Array> =>
  new Int8Array(await (await client.embedding.readings({ batchId, method }))!.labels.arrayBuffer());

beforeAll(async () => {
  home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'studio-embedding-')));
  await writeSmallMnist(path.join(home, 'mnist'), { train: 4_000, test: DIGITS });
  engine = studio('user');
  ({ client } = engine);
  await client.project.sample();
  const [set] = await until(async () => {
    const sets = await client.data.sets();
    return sets.length > 0 && sets;
  });
  const parameters = { ...defaultParameters, epochs: 2 };
  const { job } = await client.training.start({ dataSetId: set!.id, name: 'model', parameters });
  expect(await ended(job)).toMatchObject({ state: 'done' });
  const modelId = (await client.models.list())[0]!.id;
  const reading = await client.batches.evaluate({ dataSetId: set!.id, modelId });
  await ended(reading.job);
  batchId = reading.batch.id;
});
afterAll(async () => {
  await engine.close();
  fs.rmSync(home, { recursive: true, force: true });
});

it.each([
  // Two axes of 84 cannot hold ten classes apart.
  ['pca', 0.6],
  ['umap', 0.9],
] as const)(
  '%s: the nearest digit in the plane has the same label, more often than not',
  async (method, least) => {
    expect(await client.embedding.map({ batchId, method })).toBeNull();
    expect(await client.embedding.readings({ batchId, method })).toBeNull();
    const shares: number[] = [];
    const job = await client.embedding.make({ batchId, method });
    const watch = setInterval(async () => {
      const running = (await client.jobs.list()).find(({ id }) => id === job.id);
      if (running && running.total > 0) shares.push(running.done / running.total);
    }, 20);
    expect(await ended(job)).toMatchObject({ state: 'done', error: null });
    clearInterval(watch);
    // Calls are answered meanwhile.
    expect(shares.length).toBeGreaterThan(0);
    const { digits, digitsNow, features, explained, at, names } = await map(method);
    expect({ digits, digitsNow, features, names: names.length }).toEqual({
      ...{ digits: DIGITS, digitsNow: DIGITS, features: 84, names: DIGITS },
    });
    expect(explained === null).toBe(method === 'umap');
    if (explained !== null) {
      expect(explained[0]).toBeGreaterThan(explained[1]);
      expect(explained[0] + explained[1]).toBeLessThan(1);
    }
    const known = await labels(method);
    const { indices } = nearest(at, 2, 2, () => undefined);
    const alike = indices.filter(([own, other]) => known[own!] === known[other!]).length / DIGITS;
    expect(alike).toBeGreaterThan(least);
  },
);

it('is there at once when the project is opened again, and the same when it is made anew', async () => {
  const { folder } = (await client.project.current())!;
  const before = { pca: await map('pca'), umap: await map('umap') };
  await client.project.close();
  await client.project.sample();
  for (const method of ['pca', 'umap'] as const) {
    expect((await map(method)).key).toBe(before[method].key);
    expect((await map(method)).at).toEqual(before[method].at);
  }
  // A file that is not whole, or from another model, counts for nothing.
  const file = path.join(folder, 'cache', `map-${batchId}-umap.bin`);
  await client.project.close();
  fs.truncateSync(file, fs.statSync(file).size - 1);
  await client.project.sample();
  expect(await client.embedding.map({ batchId, method: 'umap' })).toBeNull();
  expect(await ended(await client.embedding.make({ batchId, method: 'umap' }))).toMatchObject({
    state: 'done',
  });
  const anew = await map('umap');
  expect(anew.key).not.toBe(before.umap.key);
  expect(anew.at).toEqual(before.umap.at);
});

it('ends soon when it is cancelled, and leaves what was there', async () => {
  const before = await map('umap');
  const job = await client.embedding.make({ batchId, method: 'umap' });
  await expect(client.embedding.make({ batchId, method: 'pca' })).rejects.toMatchObject({
    data: { code: 'job-running' },
  });
  // In the thread.
  await until(async () => {
    const running = (await client.jobs.list()).find(({ id }) => id === job.id)!;
    return running.total > 0 && running.done > 1.5 * DIGITS;
  });
  const asked = performance.now();
  await client.jobs.cancel({ id: job.id });
  expect(await ended(job)).toMatchObject({ state: 'cancelled', error: null });
  expect(performance.now() - asked).toBeLessThan(1_000);
  expect((await map('umap')).key).toBe(before.key);
});

it('shows the digits chosen on it, in the order of doubt, without those that are no digits', async () => {
  const { names } = await map('pca');
  const ids = [...names.filter((_, at) => at % 7 === 0)];
  const { selection, count } = await client.embedding.choose({ batchId, ids: [...ids, ids[0]!] });
  expect(count).toBe(ids.length);
  const query = { kind: 'batch', batchId, selection } as const;
  const page = await client.digits.page({ query, offset: 0, limit: 2000 });
  expect(page.total).toBe(count);
  expect(page.rows.map(({ ref }) => ref).sort()).toEqual(ids.map((id) => `i${id}`).sort());
  const sure = page.rows.map(({ confidence }) => confidence!);
  expect(sure).toEqual([...sure].sort((a, b) => a - b));
  const turned = await client.digits.page({ query: { ...query, order: 'sure' }, offset: 1, limit: 3 });
  expect(turned.rows.map(({ ref }) => ref)).toEqual(
    page.rows
      .toReversed()
      .slice(1, 4)
      .map(({ ref }) => ref),
  );
  const byPath = await client.digits.page({ query: { ...query, order: 'path' }, offset: 0, limit: 2000 });
  expect(byPath.rows.map(({ ref }) => ref)).toEqual([...ids].sort((a, b) => a - b).map((id) => `i${id}`));

  const { ref } = page.rows[3]!;
  const place = async (): Promise<number | null> =>
    (await client.digits.placeIn({ query: { ...query, order: 'doubt' }, ref })).index;
  expect(await place()).toBe(3);
  await client.review.decide({ changes: [{ refs: [ref], act: { kind: 'reject' } }] });
  expect((await client.digits.page({ query, offset: 0, limit: 1 })).total).toBe(count - 1);
  expect(await place()).toBeNull();
  const readings = (await client.embedding.readings({ batchId, method: 'pca' }))!;
  const decided = new Int8Array(await readings.decisions.arrayBuffer());
  expect([...names].filter((_, at) => decided[at] === 3)).toEqual([Number(ref.slice(1))]);
  await client.review.undo();
  expect((await client.digits.page({ query, offset: 0, limit: 1 })).total).toBe(count);
  expect(await place()).toBe(3);
});

it('knows where a digit stands in each list of a batch', async () => {
  const refs = (await client.digits.page({ query: { kind: 'batch', batchId }, offset: 0, limit: 12 })).rows;
  const act = (at: number, kind: 'accept' | 'doubt') => ({ refs: [refs[at]!.ref], act: { kind } });
  await client.review.decide({ changes: [act(5, 'doubt')] });
  await client.review.decide({ changes: [act(2, 'doubt'), act(7, 'accept')] });
  const wishes = [
    {},
    { order: 'sure' },
    { order: 'path' },
    { only: 'misclassified' },
    { only: 'correct', order: 'sure' },
    { label: 3 },
    { label: 4, predicted: 9 },
    { predicted: 7, order: 'path' },
    { decided: 'queue' },
    { decided: 'doubted' },
    { decided: 'open', predicted: 1 },
    { decided: 'accepted' },
  ] as const;
  for (const wish of wishes) {
    const query = { kind: 'batch', batchId, order: 'doubt', ...wish } as const;
    const page = await client.digits.page({ query, offset: 0, limit: 2000 });
    const places = [0, Math.floor(page.total / 2), page.total - 1].filter((at) => at >= 0 && at < page.total);
    for (const at of places)
      expect(await client.digits.placeIn({ query, ref: page.rows[at]!.ref }), JSON.stringify(wish)).toEqual({
        index: at,
      });
    const all = await client.digits.page({ query: { kind: 'batch', batchId }, offset: 0, limit: 2000 });
    const other = all.rows.find(({ ref }) => page.rows.every((row) => row.ref !== ref));
    if (other) expect(await client.digits.placeIn({ query, ref: other.ref })).toEqual({ index: null });
  }
  await client.review.undo();
  await client.review.undo();
});

it('takes nothing else for a choice', async () => {
  const refused = (code: string) => ({ data: { code } });
  const { names } = await map('pca');
  const choose = (ids: number[], id = batchId) => client.embedding.choose({ batchId: id, ids });
  await expect(choose([])).rejects.toThrow();
  await expect(choose([0])).rejects.toThrow();
  await expect(choose([1.5])).rejects.toThrow();
  await expect(choose(Array.from({ length: 100_001 }, (_, at) => at + 1))).rejects.toThrow();
  await expect(choose([names[0]!, 4_000_000_000])).rejects.toMatchObject(refused('unknown-id'));
  await expect(choose([names[0]!], 999)).rejects.toMatchObject(refused('unknown-id'));
  const { selection } = await choose([names[0]!]);
  const page = (query: object) =>
    client.digits.page({ query: { kind: 'batch', batchId, ...query } as never, offset: 0, limit: 1 });
  await expect(page({ selection: 'chosen-x' })).rejects.toThrow();
  await expect(page({ selection, label: 3 })).rejects.toThrow();
  await expect(page({ selection: `chosen-${'0'.repeat(32)}` })).rejects.toMatchObject(refused('unknown-id'));
  await expect(page({ selection })).resolves.toMatchObject({ total: 1 });
});

it('can be made in a project that is only looked at, which stays as it is', async () => {
  const { folder } = (await client.project.current())!;
  const umap = path.join(folder, 'cache', `map-${batchId}-umap.bin`);
  fs.rmSync(umap);
  const second = studio('second');
  try {
    const { id } = await second.grantPath(folder, 'project-folder');
    expect(await second.client.project.open({ folder: id })).toMatchObject({ readOnly: true });
    const job = await second.client.embedding.make({ batchId, method: 'umap' });
    expect(await ended(job, second.client)).toMatchObject({ state: 'done' });
    expect((await map('umap', second.client)).at).toEqual((await map('umap')).at);
    expect(fs.existsSync(umap)).toBe(false);
  } finally {
    await second.close();
  }
});

it('goes with its batch', async () => {
  const { folder } = (await client.project.current())!;
  await client.batches.remove({ batchId });
  await until(async () => fs.readdirSync(path.join(folder, 'cache')).length === 0);
  await expect(client.embedding.make({ batchId, method: 'pca' })).rejects.toMatchObject({
    data: { code: 'unknown-id' },
  });
});
