import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultParameters } from '../../shared/domain.ts';
import { latestVersion } from '../project/migrate.ts';
import { transact } from '../project/sqlite.ts';
import { openLedger } from '../project/store.ts';
import { ReaderPool } from '../images/reader-pool.ts';
import { createEngine, type Engine } from './engine.ts';
import { toClientError } from './errors.ts';
import { ArithmeticCompute } from './test-support.ts';

let home: string;
let engine: Engine;
let engines: Engine[];

/** An engine of its own, as a second studio on the same machine has it. */
function studio(user: string): Engine {
  const options = { userData: path.join(home, user), mnist: path.join(home, 'mnist'), version: '0.1.0' };
  const made = createEngine(options, { compute: new ArithmeticCompute(), reader: new ReaderPool() });
  engines.push(made);
  return made;
}

async function grantNew(of: Engine, name: string): Promise<{ id: string; folder: string }> {
  const folder = path.join(home, name);
  fs.mkdirSync(folder, { recursive: true });
  return { id: (await of.grantPath(folder, 'project-folder')).id, folder };
}

beforeAll(async () => {
  home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'studio-refusal-')));
  engines = [];
  engine = studio('first');
  await engine.client.project.create({ folder: (await grantNew(engine, 'project')).id, name: 'one' });
});
afterAll(async () => {
  await Promise.all(engines.map((each) => each.close()));
  fs.rmSync(home, { recursive: true, force: true });
});

const refused = (code: string, params: object = {}) => ({
  code: 'STUDIO',
  data: { code, params: expect.objectContaining(params) as unknown },
});

describe('an id of nothing', () => {
  const page = { offset: 0, limit: 10 };
  const calls: [string, () => Promise<unknown>][] = [
    ['jobs.cancel', () => engine.client.jobs.cancel({ id: 'train-9' })],
    ['jobs.resume of a training', () => engine.client.jobs.resume({ id: 'train-9' })],
    ['jobs.resume of a batch', () => engine.client.jobs.resume({ id: 'classify-9' })],
    ['jobs.resume of anything', () => engine.client.jobs.resume({ id: '../../etc' })],
    ['project.openRecent', () => engine.client.project.openRecent({ id: 'x' })],
    ['data.import', () => engine.client.data.import({ scanId: 'x', name: 'x' })],
    ['data.remove', () => engine.client.data.remove({ dataSetId: 9 })],
    ['data.bad', () => engine.client.data.bad({ dataSetId: 9, ...page })],
    ['data.badReasons', () => engine.client.data.badReasons({ dataSetId: 9 })],
    [
      'digits.page of a data set',
      () => engine.client.digits.page({ query: { kind: 'data', dataSetId: 9 }, ...page }),
    ],
    [
      'digits.page of a batch',
      () => engine.client.digits.page({ query: { kind: 'batch', batchId: 9 }, ...page }),
    ],
    ['digits.detail of a digit', () => engine.client.digits.detail({ ref: 'd9' })],
    ['digits.detail of an item', () => engine.client.digits.detail({ ref: 'i9' })],
    ['digits.normalisation', () => engine.client.digits.normalisation({ ref: 'd9' })],
    ['digits.original', () => engine.client.digits.original({ ref: 'i9' })],
    ['digits.place', () => engine.client.digits.place({ ref: 'd9' })],
    ['digits.box', () => engine.client.digits.box({ ref: 'i9' })],
    [
      'training.start',
      () => engine.client.training.start({ dataSetId: 9, name: 'x', parameters: defaultParameters }),
    ],
    [
      'training.previewDistortion',
      () =>
        engine.client.training.previewDistortion({
          ...{ dataSetId: 9, variants: 1, seed: 1 },
          parameters: { ...defaultParameters, rotation: 10 },
        }),
    ],
    ['training.watch', () => engine.client.training.watch({ runId: 9 })],
    ['training.remove', () => engine.client.training.remove({ runId: 9 })],
    ['models.card', () => engine.client.models.card({ modelId: 9 })],
    ['models.rename', () => engine.client.models.rename({ modelId: 9, name: 'x' })],
    [
      'models.export',
      async () => {
        const { id: target } = await engine.grantPath(path.join(home, 'x.onnx'), 'write-file');
        return engine.client.models.export({ modelId: 9, format: 'onnx', target });
      },
    ],
    ['models.remove', () => engine.client.models.remove({ modelId: 9 })],
    [
      'batches.classify',
      async () => {
        const { id: folder } = await engine.grantPath(home, 'read-folder');
        return engine.client.batches.classify({ folder, modelId: 9, name: 'x' });
      },
    ],
    ['batches.evaluate', () => engine.client.batches.evaluate({ dataSetId: 9, modelId: 9 })],
    ['batches.summary', () => engine.client.batches.summary({ batchId: 9 })],
    ['batches.rows', () => engine.client.batches.rows({ batchId: 9, ...page })],
    [
      'batches.export',
      async () => {
        const { id: file } = await engine.grantPath(path.join(home, 'x.csv'), 'write-file');
        return engine.client.batches.export({ batchId: 9, file, format: 'csv' });
      },
    ],
    ['batches.remove', () => engine.client.batches.remove({ batchId: 9 })],
    ['review.confusion', () => engine.client.review.confusion({ batchId: 9 })],
    ['review.setLabel', () => engine.client.review.setLabel({ refs: ['d9', 'i9'], label: 3 })],
  ];

  it.each(calls)('is refused by %s', async (_, call) => {
    await expect(call()).rejects.toMatchObject(refused('unknown-id'));
  });

  it('leaves nothing behind', async () => {
    const { batches, jobs, training, review } = engine.client;
    expect(await Promise.all([batches.list(), jobs.list(), training.runs()])).toEqual([[], [], []]);
    expect(await review.journal()).toEqual({ undo: null, redo: null });
    expect(fs.existsSync(path.join(home, 'x.csv'))).toBe(false);
  });
});

it.each([
  ['no epochs', { epochs: 0 }],
  ['a learning rate that is no number', { learningRate: NaN }],
  ['half a digit in a batch', { batchSize: 1.5 }],
  ['more validation than training', { validationShare: 0.9 }],
  ['an activation of its own', { activation: 'step' as never }],
])('no training with %s begins', async (_, wrong) => {
  const parameters = { ...defaultParameters, ...wrong };
  await expect(engine.client.training.start({ dataSetId: 1, name: 'x', parameters })).rejects.toMatchObject(
    refused('bad-request'),
  );
});

it('no training begins whose loss does not fit its outputs', async () => {
  const parameters = { ...defaultParameters, loss: 'eq8' as const };
  await expect(engine.client.training.start({ dataSetId: 1, name: 'x', parameters })).rejects.toMatchObject(
    refused('training-does-not-fit', { kind: 'loss-wants-penalties', layer: 'output' }),
  );
  expect(await engine.client.training.runs()).toEqual([]);
});

describe('a path id', () => {
  it('serves nothing but what it was granted for', async () => {
    const { client } = engine;
    const readable = (await engine.grantPath(home, 'read-folder')).id;
    const writable = (await engine.grantPath(path.join(home, 'x.csv'), 'write-file')).id;
    const newFolder = (await engine.grantPath(path.join(home, 'new'), 'write-folder')).id;
    const { id: project } = await grantNew(engine, 'other');
    const scanning = async (source: string) => (await client.data.scan({ source })).next();
    for (const call of [
      client.project.open({ folder: readable }),
      client.project.create({ folder: writable, name: 'x' }),
      client.batches.export({ batchId: 1, file: project, format: 'csv' }),
      client.batches.classify({ folder: writable, modelId: 1, name: 'x' }),
      client.models.import({ folder: writable, name: 'x' }),
      client.models.import({ folder: newFolder, name: 'x' }),
      client.models.export({ modelId: 1, format: 'tfjs', target: writable }),
      client.models.export({ modelId: 1, format: 'tfjs', target: readable }),
      client.models.export({ modelId: 1, format: 'onnx', target: newFolder }),
      client.batches.export({ batchId: 1, file: newFolder, format: 'csv' }),
      client.project.create({ folder: newFolder, name: 'x' }),
      scanning(project),
      scanning(writable),
    ])
      await expect(call).rejects.toMatchObject(refused('path-not-granted'));
  });

  it('of another studio means nothing here', async () => {
    const { id } = await grantNew(studio('second'), 'theirs');
    await expect(engine.client.project.open({ folder: id })).rejects.toMatchObject(
      refused('path-not-granted'),
    );
  });
});

describe('a project', () => {
  it('of a newer version is refused with both versions, and the open one stays', async () => {
    const other = studio('newer');
    const { id, folder } = await grantNew(other, 'newer');
    await other.client.project.create({ folder: id, name: 'newer' });
    await other.client.project.close();
    const db = new Database(path.join(folder, 'project.sqlite'));
    db.pragma(`user_version = ${latestVersion() + 1}`);
    db.close();
    const granted = await engine.grantPath(folder, 'project-folder');
    await expect(engine.client.project.open({ folder: granted.id })).rejects.toMatchObject(
      refused('project-newer', { project: folder, found: latestVersion() + 1, known: latestVersion() }),
    );
    expect(await engine.client.project.current()).toMatchObject({ name: 'one' });
  });

  it('that was closed while a call was at work in it answers that call so', () => {
    const db = openLedger();
    const statement = db.prepare('SELECT COUNT(*) FROM batch');
    db.close();
    for (const late of [() => statement.get(), () => db.prepare('SELECT 1'), () => transact(db, () => 1)]) {
      let answer: unknown;
      try {
        late();
      } catch (error) {
        answer = toClientError(error, home);
      }
      expect(answer).toMatchObject(refused('no-project'));
    }
  });
});
