import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Contract, EngineEvent, Job, TrainEvent } from '../../shared/contract/index.ts';
import { defaultParameters, TILE_BYTES } from '../../shared/domain.ts';
import { elements, summarise } from '../../shared/models/summary.ts';
import { ComputeProcess } from '../compute/client.ts';
import { ReaderPool } from '../images/reader-pool.ts';
import { createEngine, type Engine } from './engine.ts';
import { until, writeSmallMnist } from './test-support.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 30_000 });

let home: string;
let engine: Engine;
let client: ContractRouterClient<Contract>;
let ports: { port1: MessagePort; port2: MessagePort };

beforeAll(async () => {
  home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'studio-api-')));
  const mnist = path.join(home, 'mnist');
  await writeSmallMnist(mnist, { train: 2_000, test: 400 });
  const options = { userData: path.join(home, 'user'), mnist, version: '0.1.0' };
  engine = createEngine(options, { compute: new ComputeProcess(), reader: new ReaderPool() });
  ports = new MessageChannel();
  engine.serve(ports.port1);
  ports.port1.start();
  ports.port2.start();
  client = createORPCClient(new RPCLink({ port: ports.port2 as never }));
});
afterAll(async () => {
  ports.port1.close();
  await engine.close();
  fs.rmSync(home, { recursive: true, force: true });
});

const refused = (code: string) => ({ code: 'STUDIO', data: expect.objectContaining({ code }) });

/** Waits until a job has ended. */
const ended = (id: string): Promise<Job> =>
  until(
    async () => (await client.jobs.list()).find((job) => job.id === id && job.state !== 'running'),
    60_000,
  );

describe('a call', () => {
  it.each([
    ['an unknown field value', () => client.settings.set({ theme: 'pink' as never })],
    ['a path instead of an id', () => client.project.open({ folder: '/etc' })],
    ['a reference made up', () => client.digits.detail({ ref: "d1' OR 1" })],
    [
      'a page too long',
      () => client.digits.page({ query: { kind: 'data', dataSetId: 1 }, offset: 0, limit: 1e6 }),
    ],
  ])('with %s is refused as a bad request', async (_, call) => {
    await expect(call()).rejects.toMatchObject(refused('bad-request'));
  });

  it('that needs a project says so', async () => {
    await expect(client.data.sets()).rejects.toMatchObject(refused('no-project'));
    expect(await client.project.current()).toBeNull();
  });

  it('with a path that nobody granted, or for something else, is refused', async () => {
    const folder = `path-${'0'.repeat(32)}`;
    await expect(client.project.create({ folder, name: 'x' })).rejects.toMatchObject(
      refused('path-not-granted'),
    );
    const readable = await engine.grantPath(home, 'read-folder');
    expect(readable).toMatchObject({ id: expect.stringMatching(/^path-[0-9a-f]{32}$/), display: home });
    await expect(client.project.create({ folder: readable.id, name: 'x' })).rejects.toMatchObject(
      refused('path-not-granted'),
    );
    const scan = client.data.scan({ source: (await engine.grantPath(home, 'project-folder')).id });
    await expect(scan.then((steps) => steps.next())).rejects.toMatchObject(refused('path-not-granted'));
  });

  it('that fails tells no paths of the program and no stack', async () => {
    const error: unknown = await client.project
      .open({ folder: `path-${'0'.repeat(32)}` })
      .catch((caught: unknown) => caught);
    expect(JSON.stringify(error)).not.toMatch(/\.ts|node_modules/);
  });
});

it('resolves links when a path is granted, and grants no file as a folder', async () => {
  const link = path.join(home, 'link');
  fs.symlinkSync(path.join(home, 'mnist'), link);
  expect((await engine.grantPath(link, 'read-folder')).display).toBe(path.join(home, 'mnist'));
  const file = path.join(home, 'mnist', 'train-labels-idx1-ubyte');
  await expect(engine.grantPath(file, 'read-folder')).rejects.toMatchObject({ code: 'folder-unreadable' });
  await expect(engine.grantPath(path.join(home, 'none'), 'read-folder')).rejects.toMatchObject({
    code: 'folder-unreadable',
  });
});

it('keeps settings', async () => {
  await client.settings.set({ theme: 'dark' });
  expect(await client.settings.set({ language: 'zh-CN' })).toEqual({
    language: 'zh-CN',
    theme: 'dark',
    keys: {},
  });
  expect(JSON.parse(fs.readFileSync(path.join(home, 'user', 'settings.json'), 'utf8'))).toMatchObject({
    theme: 'dark',
  });
});

describe('from data to review', () => {
  const events: EngineEvent[] = [];
  const parameters = { ...defaultParameters, epochs: 2, seed: 7 };
  let dataSetId: number;
  let modelId: number;

  it('makes the sample project with MNIST in it', async () => {
    const stream = await client.system.events();
    void (async () => {
      for await (const event of stream) events.push(event);
    })().catch(() => undefined);
    const info = await client.project.sample();
    expect(info.folder).toBe(path.join(home, 'user', 'sample'));
    const [job] = await client.jobs.list();
    expect(await ended(job!.id)).toMatchObject({ kind: 'import', state: 'done', done: 2_400 });
    const [set] = await client.data.sets();
    expect(set).toMatchObject({
      name: 'MNIST',
      total: 2_400,
      unlabelled: 0,
      bad: 0,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    dataSetId = set!.id;
    const page = await client.digits.page({
      query: { kind: 'data', dataSetId, split: 'test' },
      offset: 0,
      limit: 3,
    });
    expect([page.total, page.rows.map(({ label }) => label)]).toEqual([400, [7, 2, 1]]);
    expect(page.pixels.size).toBe(3 * 784);
    expect(await client.digits.normalisation({ ref: page.rows[0]!.ref })).toEqual([]);
    expect(await client.digits.original({ ref: page.rows[0]!.ref })).toBeNull();
    expect(await client.digits.box({ ref: page.rows[0]!.ref })).toBeNull();
  });

  it('shows what distortions make of a digit of each class', async () => {
    const preview = async (changes: object, seed = 1) => {
      const parameters = { ...defaultParameters, ...changes };
      const answer = await client.training.previewDistortion({ dataSetId, parameters, variants: 2, seed });
      expect([answer.digits, answer.pixels.size]).toEqual([10, 3 * 10 * TILE_BYTES]);
      const bytes = new Uint8Array(await answer.pixels.arrayBuffer());
      return [0, 1, 2].map((row) =>
        Buffer.from(bytes.subarray(row * 7840, (row + 1) * 7840)).toString('hex'),
      );
    };
    const [as, first, second] = await preview({ rotation: 15 });
    const zeros = { kind: 'data' as const, dataSetId, split: 'train' as const, label: 0 };
    const { pixels } = await client.digits.page({ query: zeros, offset: 0, limit: 1 });
    expect(as!.startsWith(Buffer.from(await pixels.arrayBuffer()).toString('hex'))).toBe(true);
    expect(new Set([as, first, second]).size).toBe(3);
    expect(await preview({ rotation: 15 })).toEqual([as, first, second]);
    expect((await preview({ rotation: 15 }, 2))[0]).toBe(as);
    expect((await preview({ rotation: 15 }, 2))[1]).not.toBe(first);
    expect(await preview({})).toEqual([as, as, as]);
  });

  it('trains, and tells about it as it goes', async () => {
    const { run, job } = await client.training.start({ dataSetId, name: 'first', parameters });
    const seen: TrainEvent[] = [];
    for await (const event of await client.training.watch({ runId: run.id })) seen.push(event);
    expect(seen[0]!.type).toBe('history');
    expect(seen.filter(({ type }) => type === 'epoch')).toHaveLength(2);
    expect(seen.at(-1)).toEqual({ type: 'end', state: 'done' });
    expect((await ended(job.id)).state).toBe('done');
    const [finished] = await client.training.runs();
    expect(finished).toMatchObject({
      state: 'done',
      epochs: [{ epoch: 1 }, { epoch: 2 }],
      modelId: expect.any(Number),
    });
    modelId = finished!.modelId!;
    const card = await client.models.card({ modelId });
    expect(card).toMatchObject({
      name: 'first',
      parameters: 61_706,
      data: { testCount: 400 },
      input: { mean: 0.5, standardDeviation: 0.5, padding: 2 },
    });
    expect(finished!.testAccuracy).toBe(card.metrics!.testAccuracy);
    const [history] = [await (await client.training.watch({ runId: run.id })).next()];
    expect(history.value).toMatchObject({ type: 'history', epochs: card.metrics!.epochs });
  });

  it('renames the model, on its card too', async () => {
    const before = await client.models.card({ modelId });
    expect(await client.models.rename({ modelId, name: ' best ' })).toMatchObject({ name: 'best' });
    expect(await client.models.card({ modelId })).toEqual({ ...before, name: 'best' });
    expect((await client.models.list()).find(({ id }) => id === modelId)?.name).toBe('best');
    await client.models.rename({ modelId, name: before.name });
  });

  it('looks inside the model, as it reads, within 100 ms', async () => {
    const { architecture, weights } = await client.models.architecture({ modelId });
    const layers = summarise(architecture);
    expect(weights.size).toBe(4 * 61_706);
    const query = { kind: 'data' as const, dataSetId, split: 'test' as const };
    const { rows, pixels } = await client.digits.page({ query, offset: 0, limit: 12 });
    const waits: number[] = [];
    for (const [at, { ref, label }] of rows.entries()) {
      const asked = performance.now();
      const found = await client.models.inspect({ modelId, ref, target: at < 10 ? at : null });
      waits.push(performance.now() - asked);
      expect(found).toMatchObject({ ref, label, target: at < 10 ? at : found.answer });
      expect(found.probabilities[found.answer]).toBe(Math.max(...found.probabilities));
      expect(found.outputs.size).toBe(4 * layers.reduce((sum, { output }) => sum + elements(output), 0));
      expect(found.saliency.size).toBe(4 * TILE_BYTES);
      expect(new Uint8Array(await found.pixels.arrayBuffer())).toEqual(
        new Uint8Array(await pixels.slice(at * TILE_BYTES, (at + 1) * TILE_BYTES).arrayBuffer()),
      );
    }
    waits.sort((a, b) => a - b);
    expect(waits[6]).toBeLessThan(100);
    await expect(client.models.inspect({ modelId, ref: 'd999999', target: null })).rejects.toMatchObject(
      refused('unknown-id'),
    );
    await expect(client.models.architecture({ modelId: 999 })).rejects.toMatchObject(refused('unknown-id'));
  });

  it('writes the drawing of its architecture where the user said, and nowhere else', async () => {
    const file = path.join(home, 'drawing.svg');
    const granted = await engine.grantPath(file, 'write-file');
    await client.models.exportDrawing({ modelId, file: granted.id, language: 'zh-CN' });
    expect(fs.readFileSync(file, 'utf8')).toMatch(
      /^<svg [^>]*>\n<title>LeNet-5<\/title>[^]*卷积 5×5[^]*<\/svg>\n$/,
    );
    const readable = await engine.grantPath(home, 'read-folder');
    await expect(
      client.models.exportDrawing({ modelId, file: readable.id, language: 'en' }),
    ).rejects.toMatchObject(refused('path-not-granted'));
  });

  it('reads the test split, agrees with the card, and counts a correction', async () => {
    const { job, batch } = await client.batches.evaluate({ dataSetId, modelId });
    expect((await ended(job.id)).state).toBe('done');
    const card = await client.models.card({ modelId });
    const before = await client.review.confusion({ batchId: batch.id });
    expect(before.labelled).toBe(400);
    expect(before.accuracy).toBeCloseTo(card.metrics!.testAccuracy!, 12);
    const query = { kind: 'batch' as const, batchId: batch.id, only: 'misclassified' as const };
    const [wrong] = (await client.digits.page({ query, offset: 0, limit: 1 })).rows;
    const detail = await client.digits.detail({ ref: wrong!.ref });
    expect(detail.probabilities!.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
    expect(Math.max(...detail.probabilities!)).toBeCloseTo(wrong!.confidence!, 6);
    await client.review.setLabel({ refs: [wrong!.ref], label: wrong!.predicted });
    expect((await client.review.confusion({ batchId: batch.id })).accuracy).toBeCloseTo(
      before.accuracy! + 1 / 400,
      12,
    );
    await client.review.undo();
    expect(await client.review.confusion({ batchId: batch.id })).toEqual(before);
  });

  it('answers pages of digits and tells its progress within 100 ms while it trains', async () => {
    const { job } = await client.training.start({
      dataSetId,
      name: 'busy',
      parameters: { ...parameters, epochs: 1_000 },
    });
    await until(async () => (await client.jobs.list()).find(({ id, done }) => id === job.id && done > 0));
    const query = { kind: 'data' as const, dataSetId };
    const waits: number[] = [];
    for (let call = 0; call < 100; call++) {
      const asked = performance.now();
      const { pixels } = await client.digits.page({ query, offset: call * 20, limit: 200 });
      waits.push(performance.now() - asked);
      expect(pixels.size).toBe(200 * TILE_BYTES);
      await sleep(10);
    }
    const told = events.filter(
      (event) => event.type === 'job' && event.job.id === job.id && event.job.state === 'running',
    );
    expect(told.length).toBeGreaterThan(3);
    await client.jobs.cancel({ id: job.id });
    expect((await ended(job.id)).state).toBe('cancelled');
    await client.training.remove({ runId: job.subject });
    waits.sort((a, b) => a - b);
    expect(waits[94]).toBeLessThan(100);
  });

  it('answers while it trains, cancels within a second and goes on where it was', async () => {
    const { job, run } = await client.training.start({
      dataSetId,
      name: 'second',
      parameters: { ...parameters, epochs: 4 },
    });
    await expect(client.training.start({ dataSetId, name: 'third', parameters })).rejects.toMatchObject(
      refused('job-running'),
    );
    await expect(client.data.remove({ dataSetId })).rejects.toMatchObject(refused('job-running'));
    await until(async () => (await client.training.runs())[0]!.epochs.length >= 1, 60_000);
    const asked = performance.now();
    await client.jobs.cancel({ id: job.id });
    expect((await ended(job.id)).state).toBe('cancelled');
    expect(performance.now() - asked).toBeLessThan(1_000);
    const { epochs } = (await client.training.runs()).find(({ id }) => id === run.id)!;
    await client.jobs.resume({ id: job.id });
    expect((await ended(job.id)).state).toBe('done');
    const finished = (await client.training.runs()).find(({ id }) => id === run.id)!;
    expect(finished.epochs.slice(0, epochs.length)).toEqual(epochs);
    expect(finished.epochs).toHaveLength(4);
  });

  it('told everybody', () => {
    const jobs = events.flatMap((event) =>
      event.type === 'job' ? [`${event.job.kind} ${event.job.state}`] : [],
    );
    for (const expected of [
      'import running',
      'import done',
      'train running',
      'train done',
      'evaluate done',
      'train cancelled',
    ])
      expect(jobs).toContain(expected);
  });

  it('closes the project and finds it again', async () => {
    await client.project.close();
    await expect(client.models.list()).rejects.toMatchObject(refused('no-project'));
    const [recent] = await client.project.recent();
    expect(recent).toMatchObject({ name: 'MNIST', exists: true });
    await client.project.openRecent({ id: recent!.id });
    expect(await client.models.list()).toHaveLength(2);
  });
});
