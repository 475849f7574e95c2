import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ComputeProcess } from '../compute/client.ts';
import { ReaderPool } from '../images/reader-pool.ts';
import { createEngine, type Engine } from './engine.ts';
import { until, writeDigitFiles, writeSmallMnist } from './test-support.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 30_000 });

let home: string;
let folder: string;
let engines: Engine[];
beforeEach(async () => {
  home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'studio-read-only-')));
  folder = path.join(home, 'shared');
  fs.mkdirSync(folder);
  await writeSmallMnist(path.join(home, 'mnist'), { train: 100, test: 20 });
  engines = [];
});
afterEach(async () => {
  await Promise.all(engines.map((engine) => engine.close()));
  fs.rmSync(home, { recursive: true, force: true });
});

/** The studio of another user, with the project that all of them share granted. */
async function studio(name: string): Promise<{ engine: Engine; shared: string }> {
  const options = { userData: path.join(home, name), mnist: path.join(home, 'mnist'), version: '0.1.0' };
  const reader = new ReaderPool({ processes: 1 });
  const engine = createEngine(options, { compute: new ComputeProcess(), reader });
  engines.push(engine);
  return { engine, shared: (await engine.grantPath(folder, 'project-folder')).id };
}

async function importMnist({ client }: Engine, name: string): Promise<void> {
  for await (const step of await client.data.scan({ source: 'mnist' }))
    if (step.type === 'summary') {
      const { id } = await client.data.import({ scanId: step.summary.scanId, name });
      await until(async () =>
        (await client.jobs.list()).find((job) => job.id === id && job.state === 'done'),
      );
    }
}

const refused = (code: string) => ({ code: 'STUDIO', data: { code, params: { project: folder } } });

it('the second studio reads a project, follows what the first one changes, and changes nothing', async () => {
  const first = await studio('first');
  await first.engine.client.project.create({ folder: first.shared, name: 'shared' });
  const second = await studio('second');
  const { client } = second.engine;
  expect(await client.project.open({ folder: second.shared })).toMatchObject({
    name: 'shared',
    readOnly: true,
  });
  const topics = new Set<string>();
  const events = await client.system.events();
  void (async () => {
    for await (const event of events)
      if (event.type === 'changed') event.topics.forEach((topic) => topics.add(topic));
  })().catch(() => undefined);

  await importMnist(first.engine, 'MNIST');
  const [set] = await until(async () => {
    const sets = await client.data.sets();
    return sets.length > 0 && sets;
  });
  expect(set).toMatchObject({ total: 120 });
  await until(async () => topics.has('data'));
  const query = { kind: 'data', dataSetId: set!.id } as const;
  const page = await client.digits.page({ query, offset: 0, limit: 5 });
  expect(page.total).toBe(120);

  const scans = path.join(home, 'scans');
  await writeDigitFiles(scans, { count: 5 });
  const changes: [string, () => Promise<unknown>][] = [
    ['a label', () => client.review.setLabel({ refs: [page.rows[0]!.ref], label: 3 })],
    ['a removal', () => client.data.remove({ dataSetId: set!.id })],
    ['an import', () => importMnist(second.engine, 'again')],
    ['a search', () => client.duplicates.find({ dataSetId: set!.id })],
    [
      'a model',
      async () =>
        client.models.import({ folder: (await second.engine.grantPath(scans, 'read-folder')).id, name: 'x' }),
    ],
  ];
  for (const [what, change] of changes)
    await expect(change(), what).rejects.toMatchObject(refused('project-read-only'));
  await first.engine.client.review.setLabel({ refs: [page.rows[0]!.ref], label: 3 });
  expect((await client.digits.detail({ ref: page.rows[0]!.ref })).label).toBe(3);
  await expect(client.review.undo()).rejects.toMatchObject(refused('project-read-only'));
  expect(await client.review.journal()).toMatchObject({ undo: { count: 1 } });
  expect(await first.engine.client.data.sets()).toHaveLength(1);
});

it('the second studio takes over when the first has closed the project, not before', async () => {
  const first = await studio('first');
  await first.engine.client.project.create({ folder: first.shared, name: 'shared' });
  await importMnist(first.engine, 'MNIST');
  const second = await studio('second');
  const { client } = second.engine;
  await client.project.open({ folder: second.shared });
  await expect(client.project.takeOver()).rejects.toMatchObject(refused('project-locked'));
  expect(await client.project.current()).toMatchObject({ readOnly: true });
  expect(await client.data.sets()).toHaveLength(1);
  await first.engine.client.project.close();
  expect(await client.project.takeOver()).toMatchObject({ readOnly: false, name: 'shared' });
  await client.review.undo();
  await importMnist(second.engine, 'second');
  expect(await client.data.sets()).toHaveLength(2);
  expect(await first.engine.client.project.open({ folder: first.shared })).toMatchObject({ readOnly: true });
});

it('looking at a project leaves its files as they are', async () => {
  const first = await studio('first');
  await first.engine.client.project.create({ folder: first.shared, name: 'shared' });
  await importMnist(first.engine, 'MNIST');
  const listed = (): string[] =>
    fs
      .readdirSync(folder, { recursive: true, withFileTypes: true })
      .map((entry) => path.join(entry.parentPath, entry.name))
      // Memory that both share, to know who reads.
      .filter((file) => !file.endsWith('-shm'))
      .map((file) => `${file} ${fs.statSync(file).mtimeMs} ${fs.statSync(file).size}`)
      .sort();
  const before = listed();
  const second = await studio('second');
  await second.engine.client.project.open({ folder: second.shared });
  await second.engine.client.data.sets();
  await second.engine.client.project.close();
  expect(listed()).toEqual(before);
});
