import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lenet5 } from '../../shared/models/family/lenet5.ts';
import { ReaderPool } from '../images/reader-pool.ts';
import { modelOf } from '../models/exchange/models.testing.ts';
import { writeModel } from '../models/store.ts';
import { createEngine, type Engine } from './engine.ts';
import { ArithmeticCompute } from './test-support.ts';

let home: string;
let engine: Engine;
const at = (...names: string[]): string => path.join(home, ...names);

beforeAll(async () => {
  home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'studio-exchange-')));
  engine = createEngine(
    { userData: at('user'), mnist: at('mnist'), version: '9.9.9' },
    { compute: new ArithmeticCompute(), reader: new ReaderPool() },
  );
  fs.mkdirSync(at('project'));
  const { id: folder } = await engine.grantPath(at('project'), 'project-folder');
  await engine.client.project.create({ folder, name: 'one' });
  await writeModel(at('model'), modelOf(lenet5({ activation: 'tanh', pooling: 'max' })));
});
afterAll(async () => {
  await engine.close();
  fs.rmSync(home, { recursive: true, force: true });
});

const take = async (folder: string, name: string) =>
  engine.client.models.import({ folder: (await engine.grantPath(folder, 'read-folder')).id, name });

it('takes a model folder in, and writes it out in every format under the name that it has here', async () => {
  const { client } = engine;
  const { model, origin } = await take(at('model'), 'taken');
  expect(model).toMatchObject({ name: 'taken', parameters: 61_706, testAccuracy: 0.9751, runId: null });
  expect(origin).toMatchObject({ format: 'studio', name: 'model', scale: 'stated' });
  await client.models.rename({ modelId: model.id, name: 'renamed' });
  for (const [format, name, purpose] of [
    ['onnx', 'model.onnx', 'write-file'],
    ['card-markdown', 'card.md', 'write-file'],
    ['card-json', 'card.json', 'write-file'],
    ['tfjs', 'graph', 'write-folder'],
  ] as const) {
    const { id: target } = await engine.grantPath(at(name), purpose);
    expect(await client.models.export({ modelId: model.id, format, target })).toEqual({ file: at(name) });
    // Once more over what is there: the system's dialog has asked.
    await client.models.export({ modelId: model.id, format, target });
  }
  expect(fs.readFileSync(at('card.md'), 'utf8')).toMatch(/^# renamed\n/);
  expect(fs.readdirSync(at('graph')).sort()).toEqual(['group1-shard1of1.bin', 'model.json']);

  const back = await take(at('graph'), 'back');
  // Where it first came from.
  expect(back.origin).toEqual(origin);
  const weights = fs.readFileSync(at('model', 'weights.bin'));
  const kept = fs.readdirSync(at('project', 'models'));
  expect(kept).toHaveLength(2);
  for (const folder of kept)
    expect(fs.readFileSync(at('project', 'models', folder, 'weights.bin')).equals(weights)).toBe(true);
});

it('keeps nothing of what it refuses', async () => {
  fs.mkdirSync(at('empty'));
  const before = await engine.client.models.list();
  await expect(take(at('empty'), 'x')).rejects.toMatchObject({
    data: { code: 'model-file-missing', params: { file: 'model.json' } },
  });
  expect(await engine.client.models.list()).toEqual(before);
  expect(fs.readdirSync(at('project', 'models'))).toHaveLength(before.length);
});

it('writes no folder over one that holds something else', async () => {
  fs.mkdirSync(at('full'));
  fs.writeFileSync(at('full', 'thesis.txt'), 'years of work');
  const { id: target } = await engine.grantPath(at('full'), 'write-folder');
  const [model] = await engine.client.models.list();
  await expect(
    engine.client.models.export({ modelId: model!.id, format: 'tfjs', target }),
  ).rejects.toMatchObject({ data: { code: 'file-exists' } });
  expect(fs.readdirSync(at('full'))).toEqual(['thesis.txt']);
});
