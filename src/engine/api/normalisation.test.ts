import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Job } from '../../shared/contract/index.ts';
import {
  defaultParameters,
  normalisationOf,
  type NormalisationChoice,
  type NormalisationRecipe,
} from '../../shared/domain.ts';
import { ComputeProcess } from '../compute/client.ts';
import { ReaderPool } from '../images/reader-pool.ts';
import { readModel } from '../models/store.ts';
import { createEngine, type Engine } from './engine.ts';
import { jobEnded, writeDigitFiles } from './test-support.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

const usual: NormalisationChoice = { polarity: 'auto', crop: true, deskew: false };
const upright: NormalisationChoice = { ...usual, deskew: true };

/** Notes by which recipe each model reads that is asked. */
class NotingCompute extends ComputeProcess {
  readonly recipes: NormalisationRecipe[] = [];

  override async classify(
    ...asked: Parameters<ComputeProcess['classify']>
  ): ReturnType<ComputeProcess['classify']> {
    this.recipes.push((await readModel(asked[0])).card.normalisation);
    return super.classify(...asked);
  }
}

const compute = new NotingCompute();
let home: string;
let engine: Engine;
let client: Engine['client'];
const at = (...names: string[]): string => path.join(home, ...names);
const ended = (job: Job): Promise<Job> => jobEnded(client, job);

async function imported(name: string, normalisation?: NormalisationChoice): Promise<number> {
  const { id: source } = await engine.grantPath(at('digits'), 'read-folder');
  let scanId = '';
  for await (const event of await client.data.scan({ source }))
    if (event.type === 'summary') ({ scanId } = event.summary);
  const job = await client.data.import({ scanId, name, ...(normalisation && { normalisation }) });
  expect(await ended(job)).toMatchObject({ state: 'done' });
  return (await client.data.sets()).find((set) => set.name === name)!.id;
}
const tiles = async (dataSetId: number): Promise<Uint8Array> => {
  const query = { kind: 'data', dataSetId } as const;
  const { pixels } = await client.digits.page({ query, offset: 0, limit: 100 });
  return new Uint8Array(await pixels.arrayBuffer());
};

let [plain, straight] = [0, 0];
let model: number;
beforeAll(async () => {
  home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'studio-normalisation-')));
  await writeDigitFiles(at('digits', 'train'), { split: 'train', count: 300 });
  await writeDigitFiles(at('digits', 'test'), { count: 100 });
  await writeDigitFiles(at('scans'), { count: 40, first: 500 });
  const options = { userData: at('user'), mnist: at('none'), version: '0.1.0' };
  engine = createEngine(options, { compute, reader: new ReaderPool() });
  ({ client } = engine);
  fs.mkdirSync(at('project'));
  const { id: folder } = await engine.grantPath(at('project'), 'project-folder');
  await client.project.create({ folder, name: 'project' });
  plain = await imported('plain');
  straight = await imported('straight', upright);
  const parameters = { ...defaultParameters, epochs: 1 };
  const { job } = await client.training.start({ dataSetId: straight, name: 'upright', parameters });
  expect(await ended(job)).toMatchObject({ state: 'done' });
  model = (await client.models.list())[0]!.id;
});
afterAll(async () => {
  await engine.close();
  fs.rmSync(home, { recursive: true, force: true });
});

it('a data set is read as it was chosen, and says so', async () => {
  const sets = await client.data.sets();
  expect(sets.map(({ normalisation }) => normalisation)).toEqual([usual, upright]);
  const [one, other] = [await tiles(plain), await tiles(straight)];
  expect(other).toHaveLength(one.length);
  expect(Buffer.compare(one, other)).not.toBe(0);
});

it('a model owns what it was trained with, and reads folders that way', async () => {
  expect((await client.models.card({ modelId: model })).normalisation).toMatchObject({
    version: 2,
    deskew: true,
  });
  const { id: folder } = await engine.grantPath(at('scans'), 'read-folder');
  const { job, batch } = await client.batches.classify({ folder, modelId: model, name: 'scans' });
  expect(await ended(job)).toMatchObject({ state: 'done' });
  const query = { kind: 'batch', batchId: batch.id, order: 'path' } as const;
  const { rows } = await client.digits.page({ query, offset: 0, limit: 1 });
  const steps = await client.digits.normalisation({ ref: rows[0]!.ref });
  expect(steps.map(({ name }) => name)).toContain('deskewed');
});

it('is not tried, measured or fed with digits that were read otherwise', async () => {
  const differs = { code: 'normalisation-differs', params: { model: 'upright', name: 'plain' } };
  await expect(client.batches.evaluate({ dataSetId: plain, modelId: model })).rejects.toMatchObject({
    data: differs,
  });
  await expect(
    client.models.measure({ modelId: model, dataSetId: plain, split: 'train' }),
  ).rejects.toMatchObject({ data: differs });
  const [batch] = await client.batches.list();
  const { pixels: _, rows } = await client.digits.page({
    query: { kind: 'batch', batchId: batch!.id, order: 'path' },
    offset: 0,
    limit: 1,
  });
  await client.review.decide({
    changes: [{ refs: [rows[0]!.ref], act: { kind: 'label', label: 3 } }],
    reason: 'review',
  });
  const add = (dataSetId: number) => client.versions.add({ batchId: batch!.id, dataSetId });
  await expect(add(plain)).rejects.toMatchObject({ data: differs });
  await add(straight);
  const { job } = await client.batches.evaluate({ dataSetId: straight, modelId: model });
  expect(await ended(job)).toMatchObject({ state: 'done' });
});

it('is trained again with what its data set was read by', async () => {
  const [run] = await client.training.runs();
  const { job } = await client.training.retrain({ runId: run!.id, name: 'again' });
  expect(await ended(job)).toMatchObject({ state: 'done' });
  const again = (await client.models.list()).find(({ name }) => name === 'again')!;
  const card = await client.models.card({ modelId: again.id });
  expect(card.normalisation).toEqual(normalisationOf(upright));
});

it('label errors are searched by models that own how the searched digits were read', async () => {
  for (const [dataSetId, choice] of [
    [plain, usual],
    [straight, upright],
  ] as const) {
    compute.recipes.length = 0;
    const wish = { dataSetId, modelId: model, folds: 2, epochs: 1 };
    const { job } = await client.batches.findLabelErrors(wish);
    expect(await ended(job)).toMatchObject({ state: 'done' });
    expect(compute.recipes).toEqual([normalisationOf(choice), normalisationOf(choice)]);
  }
});
