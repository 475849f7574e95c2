import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { rejectionFor } from '../../shared/confidence/rejection.ts';
import type { Batch, Job, RejectWish } from '../../shared/contract/index.ts';
import { defaultParameters, TILE_BYTES } from '../../shared/domain.ts';
import { ComputeProcess } from '../compute/client.ts';
import { readMnist } from '../datasets/mnist.ts';
import { ReaderPool } from '../images/reader-pool.ts';
import { createEngine, type Engine } from './engine.ts';
import { mnistData, until, writeDigitFiles, writeSmallMnist } from './test-support.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

const DIGITS = 600;
let home: string;
let images: string;
let engine: Engine;
let client: Engine['client'];
let modelId: number;

beforeAll(async () => {
  home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'studio-classify-')));
  images = path.join(home, 'images');
  await writeSmallMnist(path.join(home, 'mnist'), { train: 2_000, test: 100 });
  await writeDigitFiles(images, { count: DIGITS });
  const options = { userData: path.join(home, 'user'), mnist: path.join(home, 'mnist'), version: '0.1.0' };
  engine = createEngine(options, { compute: new ComputeProcess(), reader: new ReaderPool() });
  ({ client } = engine);
  await client.project.sample();
  const [set] = await until(async () => {
    const sets = await client.data.sets();
    return sets.length > 0 && sets;
  });
  const parameters = { ...defaultParameters, epochs: 1 };
  const { job } = await client.training.start({ dataSetId: set!.id, name: 'model', parameters });
  expect(await ended(job)).toMatchObject({ state: 'done' });
  modelId = (await client.models.list())[0]!.id;
});
afterAll(async () => {
  await engine.close();
  fs.rmSync(home, { recursive: true, force: true });
});

const refused = (code: string) => ({
  code: 'STUDIO',
  data: expect.objectContaining({ code }) as unknown,
});

const ended = ({ id }: Job): Promise<Job> =>
  until(
    async () => (await client.jobs.list()).find((job) => job.id === id && job.state !== 'running'),
    60_000,
  );

async function classify(folder: string): Promise<{ job: Job; batch: Batch }> {
  const granted = await engine.grantPath(folder, 'read-folder');
  return client.batches.classify({ folder: granted.id, modelId, name: path.basename(folder) });
}

const batchOf = async ({ id }: Batch): Promise<Batch> =>
  (await client.batches.list()).find((batch) => batch.id === id)!;

async function csvOf({ id }: Batch): Promise<string> {
  const file = path.join(home, `${id}.csv`);
  const granted = await engine.grantPath(file, 'write-file');
  await client.batches.export({ batchId: id, file: granted.id, format: 'csv' });
  return fs.readFileSync(file, 'utf8');
}

describe('several batches', () => {
  const states = async (batches: readonly { batch: Batch }[]): Promise<string[]> => {
    const listed = await client.batches.list();
    return batches.map(({ batch }) => listed.find(({ id }) => id === batch.id)?.state ?? 'removed');
  };

  it('wait in the order they came, survive the project closing, and can be taken out', async () => {
    const [first, second, third, fourth] = [
      await classify(images),
      await classify(images),
      await classify(images),
      await classify(images),
    ];
    await client.jobs.pause({ id: first.job.id });
    const all = [first, second, third, fourth];
    expect(await states(all)).toEqual(['running', 'queued', 'queued', 'queued']);
    expect(second.job).toMatchObject({ state: 'queued', done: 0, total: 0 });
    await expect(client.jobs.resume({ id: second.job.id })).rejects.toMatchObject(refused('bad-request'));
    await expect(client.models.remove({ modelId })).rejects.toMatchObject(refused('job-running'));
    await client.jobs.cancel({ id: second.job.id });
    await client.batches.remove({ batchId: fourth.batch.id });
    expect(await states(all)).toEqual(['running', 'cancelled', 'queued', 'removed']);
    // Back in at the end.
    expect(await client.jobs.resume({ id: second.job.id })).toMatchObject({ state: 'queued' });
    const [recent] = await client.project.recent();
    await client.project.close();
    await client.project.openRecent({ id: recent!.id });
    expect(await states(all)).toEqual(['interrupted', 'queued', 'queued', 'removed']);
    const waiting = async (): Promise<string[]> =>
      (await client.jobs.list()).filter(({ state }) => state === 'queued').map(({ id }) => id);
    expect(await waiting()).toEqual([third.job.id, second.job.id]);
    await client.jobs.resume({ id: first.job.id });
    const last = await until(
      async () =>
        (await client.jobs.list()).find(({ id, state }) => id === second.job.id && state === 'done'),
      60_000,
    );
    expect(last).toMatchObject({ done: DIGITS, total: DIGITS });
    expect(await states(all)).toEqual(['done', 'done', 'done', 'removed']);
    const [a, b, c] = [await csvOf(first.batch), await csvOf(second.batch), await csvOf(third.batch)];
    expect(b).toBe(a);
    expect(c).toBe(a);

    const again = await client.batches.again({ batchId: first.batch.id, name: 'again' });
    await expect(client.batches.again({ batchId: again.batch.id, name: 'too early' })).rejects.toMatchObject(
      refused('bad-request'),
    );
    expect(await ended(again.job)).toMatchObject({ state: 'done', done: DIGITS, total: DIGITS });
    expect(await csvOf(again.batch)).toBe(a);
    expect(await batchOf(again.batch)).toMatchObject({ name: 'again', done: DIGITS, labelled: DIGITS });
  });
});

describe('a folder of digits', () => {
  it('is read as its data set would be, tile for tile', async () => {
    const { job, batch } = await classify(images);
    expect(await ended(job)).toMatchObject({ state: 'done', done: DIGITS, total: DIGITS, unit: 'files' });
    const done = await batchOf(batch);
    expect(done).toMatchObject({ total: DIGITS, done: DIGITS, failed: 0, skipped: 0, labelled: DIGITS });
    expect(done.accuracy).toBeGreaterThan(0.7);
    const query = { kind: 'batch' as const, batchId: batch.id, order: 'path' as const };
    const page = await client.digits.page({ query, offset: 0, limit: DIGITS });
    const { tiles, labels } = await readMnist(mnistData, 'test');
    const inOrder = Array.from({ length: DIGITS }, (_, at) => at).sort(
      (a, b) => labels[a]! - labels[b]! || a - b,
    );
    const pixels = Buffer.from(await page.pixels.arrayBuffer());
    inOrder.forEach((at, row) => {
      const expected = tiles.subarray(at * TILE_BYTES, (at + 1) * TILE_BYTES);
      expect(pixels.subarray(row * TILE_BYTES, (row + 1) * TILE_BYTES).equals(expected), `digit ${at}`).toBe(
        true,
      );
    });
  });

  it('imported as a data set has one digit per file', async () => {
    let scanId = '';
    const source = (await engine.grantPath(images, 'read-folder')).id;
    for await (const step of await client.data.scan({ source }))
      if (step.type === 'summary') ({ scanId } = step.summary);
    const job = await client.data.import({ scanId, name: 'folder' });
    expect(await ended(job)).toMatchObject({ state: 'done', done: DIGITS, total: DIGITS });
    const set = (await client.data.sets()).find(({ name }) => name === 'folder')!;
    expect(set).toMatchObject({ total: DIGITS, bad: 0, unlabelled: 0 });
    const query = { kind: 'data' as const, dataSetId: set.id };
    const { rows } = await client.digits.page({ query, offset: 0, limit: 1 });
    const steps = await client.digits.normalisation({ ref: rows[0]!.ref });
    expect(steps.length).toBeGreaterThan(1);
    const original = await client.digits.original({ ref: rows[0]!.ref });
    expect(
      Buffer.from(await original!.arrayBuffer())
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
    const { width, height, picture } = (await client.digits.box({ ref: rows[0]!.ref }))!;
    // A scan of 28 x 28 at MNIST's own size: the digit's long side is 20 pixels of it.
    expect([picture, Math.max(width, height)]).toEqual([{ width: 28, height: 28 }, 20]);
    fs.renameSync(images, `${images}-away`);
    await expect(client.digits.box({ ref: rows[0]!.ref })).rejects.toMatchObject(
      refused('original-unreadable'),
    );
    await expect(client.digits.original({ ref: rows[0]!.ref })).rejects.toMatchObject(
      refused('original-unreadable'),
    );
    fs.renameSync(`${images}-away`, images);
  });

  it('cancelled stops within a second, and goes on to the same rows', async () => {
    const many = path.join(home, 'many');
    await writeDigitFiles(many, { count: 3_000 });
    const { job, batch } = await classify(many);
    await until(async () => (await batchOf(batch)).done > 100);
    const asked = performance.now();
    await client.jobs.cancel({ id: job.id });
    expect(await ended(job)).toMatchObject({ state: 'cancelled' });
    expect(performance.now() - asked).toBeLessThan(1_000);
    // Of the files that were listed by then none need be queued.
    expect((await batchOf(batch)).done).toBeLessThan(3_000);
    await client.jobs.resume({ id: job.id });
    expect(await ended(job)).toMatchObject({ state: 'done', done: 3_000 });
    const whole = await classify(many);
    await ended(whole.job);
    expect(await csvOf(batch)).toBe(await csvOf(whole.batch));
  });

  it('that is deleted while it is read has a row for every file', async () => {
    const doomed = path.join(home, 'doomed');
    await writeDigitFiles(doomed, { count: 2_000 });
    const { job, batch } = await classify(doomed);
    await until(async () => {
      const { queued, done } = await batchOf(batch);
      return done > 0 && queued + done > 500;
    });
    fs.rmSync(doomed, { recursive: true });
    expect(await ended(job)).toMatchObject({ state: 'done' });
    const { total, done, failed, queued } = await batchOf(batch);
    expect([queued, done + failed]).toEqual([0, total]);
    const { rows } = await client.batches.rows({ batchId: batch.id, status: 'failed', offset: 0, limit: 5 });
    for (const { reason } of rows) expect(reason).toMatchObject({ code: 'vanished' });
  });
});

describe('a threshold', () => {
  const readAgain = async (batchId: number, more: { reject?: RejectWish | null }): Promise<Batch> => {
    const { job, batch } = await client.batches.again({ batchId, name: 'again', ...more });
    expect(await ended(job)).toMatchObject({ state: 'done' });
    return batchOf(batch);
  };

  it('is kept with the batch, with what was promised and what came out, and is taken over unless it is changed', async () => {
    const folder = (await engine.grantPath(images, 'read-folder')).id;
    const wish = { maxRejected: 0.1 };
    const { job, batch } = await client.batches.classify({ folder, modelId, name: 'limited', reject: wish });
    expect(await ended(job)).toMatchObject({ state: 'done' });
    const { name, confidence } = await client.models.card({ modelId });
    const first = await batchOf(batch);
    expect(first.rejection).toEqual(rejectionFor({ name, confidence }, wish));
    expect(first.rejection!.promise!.bound).toBeGreaterThan(first.rejection!.promise!.error);
    expect(first.rejected).toBeGreaterThan(0);
    expect(first.labelled).toBe(DIGITS);
    // Counted from the files, by their folder's name.
    const { rows } = await client.batches.rows({
      batchId: batch.id,
      status: 'done',
      offset: 0,
      limit: 2_000,
    });
    expect(first.accepted).toEqual({
      labelled: rows.length,
      errors: rows.filter(({ digit, label }) => digit !== label).length,
    });

    const [recent] = await client.project.recent();
    await client.project.close();
    await client.project.openRecent({ id: recent!.id });
    expect(await batchOf(batch)).toEqual(first);

    const same = await readAgain(batch.id, {});
    expect(same).toMatchObject({ rejection: first.rejection, rejected: first.rejected });
    const stricter = await readAgain(batch.id, { reject: { threshold: 0.99 } });
    expect(stricter.rejection).toMatchObject({ threshold: 0.99, wish: { threshold: 0.99 } });
    expect(stricter.rejected).toBeGreaterThan(first.rejected);
    const none = await readAgain(stricter.id, { reject: null });
    expect(none).toMatchObject({
      rejection: null,
      rejected: 0,
      done: DIGITS,
      accepted: { labelled: DIGITS },
    });
  });
});

it('digits like those measured are told from those that are not, and a removed model says nothing', async () => {
  const like = (await client.batches.list()).find(
    ({ name, state }) => name === 'limited' && state === 'done',
  )!;
  const known = (await client.batches.likeness({ batchId: like.id }))!;
  expect(known).toMatchObject({ confidence: { unlike: false }, ink: { unlike: false } });
  expect(known.digits).toBe(DIGITS);

  // The same digits blurred.
  const odd = path.join(home, 'odd');
  fs.mkdirSync(odd);
  const { tiles } = await readMnist(mnistData, 'test');
  const side = { width: 28, height: 28, channels: 1 } as const;
  for (let at = 0; at < 300; at++) {
    const raw = tiles.subarray(at * TILE_BYTES, (at + 1) * TILE_BYTES);
    await sharp(raw, { raw: side })
      .blur(3)
      .normalise()
      .toColourspace('b-w')
      .png()
      .toFile(path.join(odd, `${at}.png`));
  }
  const { job, batch } = await classify(odd);
  expect(await ended(job)).toMatchObject({ state: 'done' });
  const found = (await client.batches.likeness({ batchId: batch.id }))!;
  expect(found.ink).toMatchObject({ unlike: true, shift: 1 });
  await client.batches.remove({ batchId: batch.id });
  await expect(client.batches.likeness({ batchId: batch.id })).rejects.toMatchObject(refused('unknown-id'));
});

it('a test set read with a threshold has its doubtful digits rejected, in the counts, the rows and the CSV', async () => {
  const [set] = await client.data.sets();
  const reject = { maxRejected: 0.2 };
  const { job, batch } = await client.batches.evaluate({ dataSetId: set!.id, modelId, reject });
  expect(await ended(job)).toMatchObject({ state: 'done' });
  const done = await batchOf(batch);
  const { threshold } = done.rejection!;
  const rowsOf = (query: { status?: 'done' | 'rejected'; text?: string }) =>
    client.batches.rows({ batchId: batch.id, ...query, offset: 0, limit: 1_000 });
  const all = await rowsOf({});
  expect(all.total).toBe(done.done + done.rejected);
  const below = all.rows.filter(({ confidence }) => confidence! < threshold);
  expect(below.length).toBeGreaterThan(0);
  expect(done.rejected).toBe(below.length);
  expect(
    below.every(({ status, reason }) => status === 'rejected' && reason?.code === 'below-threshold'),
  ).toBe(true);
  expect(await rowsOf({ status: 'rejected' })).toEqual({ total: below.length, rows: below });
  expect((await rowsOf({ status: 'rejected', text: '#' })).total).toBe(below.length);
  expect((await rowsOf({ status: 'done' })).total).toBe(done.done);
  const accepted = all.rows.filter(({ status }) => status === 'done');
  expect(done.accepted).toEqual({
    labelled: accepted.length,
    errors: accepted.filter(({ digit, label }) => digit !== label).length,
  });
  const csv = (await csvOf(batch)).trimEnd().split('\n').slice(1);
  expect(csv.filter((row) => /,rejected,confidence below 0\.\d+$/.test(row))).toHaveLength(below.length);
  await client.batches.remove({ batchId: batch.id });
});

it('bad files of every kind get a row each, and the folder is done', async () => {
  const folder = path.join(home, 'bad');
  const [digit] = await writeDigitFiles(folder, { count: 1 });
  const png = fs.readFileSync(path.join(folder, digit!));
  const wrongSum = Buffer.from(png);
  wrongSum[png.indexOf('IDAT') + 10]! ^= 1;
  const files: Record<string, Buffer | string> = {
    'zero.png': '',
    'cut.png': png.subarray(0, png.length / 2),
    'sum.png': wrongSum,
    'text.png': 'not a picture',
    'notes.txt': 'not a picture either',
    '.hidden.png': png,
    'Thumbs.db': 'x',
    'a,"b"\nc 🙂.png': png,
  };
  for (const [name, content] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), content);
  fs.symlinkSync('.', path.join(folder, 'loop'));
  const { job, batch } = await classify(folder);
  expect(await ended(job)).toMatchObject({ state: 'done' });
  const { rows } = await client.batches.rows({ batchId: batch.id, offset: 0, limit: 100 });
  const seen = Object.fromEntries(
    rows.map(({ path: name, status, reason }) => [name, [status, reason?.code]]),
  );
  expect(seen).toEqual({
    [digit!]: ['done', undefined],
    'zero.png': ['failed', 'empty-file'],
    'cut.png': ['failed', 'truncated'],
    'sum.png': ['failed', 'bad-checksum'],
    'text.png': ['skipped', 'not-an-image'],
    'notes.txt': ['skipped', 'not-an-image'],
    '.hidden.png': ['skipped', 'hidden'],
    'Thumbs.db': ['skipped', 'system-file'],
    'a,"b"\nc 🙂.png': ['done', undefined],
    loop: ['skipped', 'symbolic-link'],
  });
  const csv = await csvOf(batch);
  expect(csv.startsWith('path,digit,confidence,second,second_confidence,status,reason\n')).toBe(true);
  expect(csv).toContain('"a,""b""\nc 🙂.png",');
});

it('links are followed when asked, and what they lead to is shown; without it nothing outside is', async () => {
  const [folder, outside] = [path.join(home, 'linking'), path.join(home, 'linked-to')];
  const [own] = await writeDigitFiles(folder, { count: 1 });
  const [name] = await writeDigitFiles(outside, { count: 2 });
  fs.symlinkSync(outside, path.join(folder, 'linked'));
  fs.symlinkSync(path.join(outside, name!), path.join(folder, 'link.png'));
  const rowsOf = async ({ id }: Batch) =>
    (await client.batches.rows({ batchId: id, offset: 0, limit: 100 })).rows;
  const granted = await engine.grantPath(folder, 'read-folder');
  const asked = { folder: granted.id, modelId, name: 'followed', followLinks: true };
  const { job, batch } = await client.batches.classify(asked);
  expect(batch.followLinks).toBe(true);
  expect(await ended(job)).toMatchObject({ state: 'done' });
  const rows = await rowsOf(batch);
  expect(rows.filter(({ status }) => status === 'done')).toHaveLength(3);
  for (const { ref } of rows.filter((row) => row.ref !== null)) {
    expect((await client.digits.original({ ref: ref! }))!.size).toBeGreaterThan(60);
    expect((await client.digits.normalisation({ ref: ref! })).length).toBeGreaterThan(0);
  }
  const { job: next, batch: again } = await client.batches.again({ batchId: batch.id, name: 'again' });
  expect(await ended(next)).toMatchObject({ state: 'done' });
  expect(again.followLinks).toBe(true);

  const plain = await classify(folder);
  expect(plain.batch.followLinks).toBe(false);
  expect(await ended(plain.job)).toMatchObject({ state: 'done' });
  const [shown] = (await rowsOf(plain.batch)).filter(({ status }) => status === 'done');
  expect(shown).toMatchObject({ path: own });
  // Another file is put in its place by a link, to the file and to its folder.
  fs.rmSync(path.join(folder, own!));
  fs.symlinkSync(path.join(outside, name!), path.join(folder, own!));
  const refusal = (reason: string) => ({
    code: 'STUDIO',
    data: { code: 'original-unreadable', params: expect.objectContaining({ reason }) as unknown },
  });
  await expect(client.digits.original({ ref: shown!.ref! })).rejects.toMatchObject(refusal('symbolic-link'));
  fs.rmSync(path.join(folder, path.dirname(own!)), { recursive: true });
  fs.symlinkSync(path.join(outside, path.dirname(name!)), path.join(folder, path.dirname(own!)));
  await expect(client.digits.original({ ref: shown!.ref! })).rejects.toMatchObject(refusal('outside-folder'));
});

it('an empty folder is refused before a batch is made of it, and one that is gone says so', async () => {
  const empty = path.join(home, 'empty');
  const inner = path.join(empty, 'a', 'b');
  fs.mkdirSync(inner, { recursive: true });
  const batches = (await client.batches.list()).length;
  await expect(classify(empty)).rejects.toMatchObject(refused('folder-empty'));
  expect(await client.batches.list()).toHaveLength(batches);
  fs.writeFileSync(path.join(inner, 'c.png'), '');
  const { job: one } = await classify(empty);
  expect(await ended(one)).toMatchObject({ state: 'done', total: 1 });
  fs.rmSync(path.join(empty, 'a'), { recursive: true });
  const granted = await engine.grantPath(empty, 'read-folder');
  fs.rmdirSync(empty);
  const { job } = await client.batches.classify({ folder: granted.id, modelId, name: 'gone' });
  expect(await ended(job)).toMatchObject({ state: 'failed', error: { code: 'folder-unreadable' } });
});

it('what was cancelled or failed is offered again after the project was opened anew', async () => {
  const [cancelled, failed] = [path.join(home, 'cancelled'), path.join(home, 'failed')];
  await writeDigitFiles(cancelled, { count: 2_000 });
  await writeDigitFiles(failed, { count: 20 });
  const first = await classify(cancelled);
  await until(async () => (await batchOf(first.batch)).done > 100);
  await client.jobs.cancel({ id: first.job.id });
  await ended(first.job);
  const granted = await engine.grantPath(failed, 'read-folder');
  fs.renameSync(failed, `${failed}-away`);
  const second = await client.batches.classify({ folder: granted.id, modelId, name: 'failed' });
  expect(await ended(second.job)).toMatchObject({ state: 'failed' });
  const { done, queued } = await batchOf(first.batch);

  await client.project.close();
  await client.project.sample();
  const jobs = await client.jobs.list();
  const of = ({ id }: Job): Job | undefined => jobs.find((job) => job.id === id);
  expect(of(first.job)).toMatchObject({ state: 'cancelled', done, total: done + queued });
  expect(of(second.job)).toMatchObject({ state: 'failed', error: { code: 'folder-unreadable' } });
  expect(jobs.filter(({ state }) => state === 'done')).toEqual([]);
  expect(jobs.map(({ startedAt }) => startedAt)).toEqual(jobs.map(({ startedAt }) => startedAt).sort());

  fs.renameSync(`${failed}-away`, failed);
  for (const { job, count } of [
    { job: first.job, count: 2_000 },
    { job: second.job, count: 20 },
  ]) {
    await client.jobs.resume({ id: job.id });
    expect(await ended(job)).toMatchObject({ state: 'done', done: count });
  }
});

it('a CSV is not written over an image', async () => {
  const { job, batch } = await classify(images);
  await ended(job);
  const image = path.join(images, '7', '00000.png');
  const before = fs.readFileSync(image);
  const granted = await engine.grantPath(image, 'write-file');
  await expect(
    client.batches.export({ batchId: batch.id, file: granted.id, format: 'csv' }),
  ).rejects.toMatchObject(refused('cannot-write'));
  expect(fs.readFileSync(image).equals(before)).toBe(true);
});

it('a model folder with a file missing or of the wrong shape is named before a batch begins', async () => {
  const models = path.join(home, 'user', 'sample', 'models');
  const [name] = fs.readdirSync(models);
  const weights = path.join(models, name!, 'weights.bin');
  const description = path.join(models, name!, 'model.json');
  const batches = (await client.batches.list()).length;
  fs.renameSync(weights, `${weights}.away`);
  await expect(classify(images)).rejects.toMatchObject(refused('model-file-missing'));
  fs.renameSync(`${weights}.away`, weights);
  const text = fs.readFileSync(description, 'utf8');
  const content = JSON.parse(text) as { weights: { tensors: { shape: number[] }[] } };
  content.weights.tensors[0]!.shape.reverse();
  fs.writeFileSync(description, JSON.stringify(content));
  await expect(classify(images)).rejects.toMatchObject(refused('model-wrong-shape'));
  fs.writeFileSync(description, text);
  expect(await client.batches.list()).toHaveLength(batches);
});

describe('a model', () => {
  const models = () => path.join(home, 'user', 'sample', 'models');
  const removed = {
    code: 'STUDIO',
    data: { code: 'unknown-id', params: { kind: 'model', id: expect.any(Number) } },
  };

  it('that a batch is read with stays', async () => {
    const { job } = await classify(path.join(home, 'many'));
    await until(async () => (await client.jobs.list()).find(({ id, done }) => id === job.id && done > 0));
    await expect(client.models.remove({ modelId })).rejects.toMatchObject(refused('job-running'));
    await client.jobs.cancel({ id: job.id });
    expect(await ended(job)).toMatchObject({ state: 'cancelled' });
    expect(await client.models.list()).toMatchObject([{ id: modelId }]);
  });

  it('that is removed leaves its batches readable, but none that goes on', async () => {
    const before = await client.batches.list();
    const done = before.find(({ state, labelled }) => state === 'done' && labelled > 0)!;
    const stopped = before.find(({ state }) => state === 'cancelled')!;
    const confusion = await client.review.confusion({ batchId: done.id });
    const [folder] = fs.readdirSync(models());

    await client.models.remove({ modelId });
    expect(await client.models.list()).toEqual([]);
    expect(await client.training.runs()).toMatchObject([{ state: 'done', modelId: null }]);
    for (const call of [
      () => client.models.card({ modelId }),
      () => client.models.rename({ modelId, name: 'x' }),
      () => client.models.remove({ modelId }),
      () => classify(images),
      () => client.jobs.resume({ id: `classify-${stopped.id}` }),
    ])
      await expect(call()).rejects.toMatchObject(removed);
    expect(await client.batches.list()).toEqual(before);
    expect(await client.batches.likeness({ batchId: done.id })).toBeNull();
    expect(await client.review.confusion({ batchId: done.id })).toEqual(confusion);
    const query = { kind: 'batch' as const, batchId: done.id };
    const { rows } = await client.digits.page({ query, offset: 0, limit: 1 });
    await client.review.setLabel({ refs: [rows[0]!.ref], label: 3 });
    await client.review.undo();
    expect(await csvOf(done)).toContain('.png,');
    await until(async () => !fs.existsSync(path.join(models(), folder!)));
  });
});
