import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModelCard } from '../../shared/contract/model-card.ts';
import { defaultParameters, defaultRecipe } from '../../shared/domain.ts';
import { StudioError } from '../../shared/errors.ts';
import { initialWeights } from './initialise.ts';
import { lenet5 } from '../../shared/models/family/lenet5.ts';
import { checkModelTarget, readModel, writeModel, type StoredModel } from './store.ts';

const architecture = lenet5({ activation: 'tanh', pooling: 'average' });
const card: ModelCard = {
  id: 'a',
  name: 'Ünïcode 数字',
  createdAt: '2026-01-01T00:00:00.000Z',
  studioVersion: '0.1.0',
  architecture: architecture.name,
  parameters: 61_706,
  training: defaultParameters,
  normalisation: defaultRecipe,
  data: { name: 'MNIST', hash: '00', trainCount: 9, validationCount: 1, testCount: 0 },
  metrics: { bestEpoch: 1, epochs: [], testLoss: null, testAccuracy: null, imagesPerSecond: null },
  engine: { tensorflow: '2', node: '24', platform: 'x', threads: { intraOp: 1, interOp: 1 }, flags: {} },
};
const model: StoredModel = { card, architecture, weights: initialWeights(architecture, 1) };

let root: string;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'studio-model-'));
  folder = path.join(root, 'models', 'first');
});
afterEach(() => rm(root, { recursive: true, force: true }));

const refusal = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    await work;
  } catch (error) {
    return error instanceof StudioError ? { code: error.code, ...error.params } : error;
  }
  return 'nothing thrown';
};
const modelFile = (): string => path.join(folder, 'model.json');
interface ModelFile {
  architecture: object;
  weights: { tensors: object[] };
}
async function change(edit: (content: ModelFile) => void): Promise<void> {
  const content = JSON.parse(await readFile(modelFile(), 'utf8')) as ModelFile;
  edit(content);
  await writeFile(modelFile(), JSON.stringify(content));
}

describe('writeModel', () => {
  it('is read back as it was, and leaves nothing else behind', async () => {
    await writeModel(folder, model);
    expect(await readModel(folder)).toEqual(model);
    expect((await readdir(folder)).sort()).toEqual(['model.json', 'weights.bin']);
    expect(await readdir(path.dirname(folder))).toEqual(['first']);
  });

  it('replaces a model and takes an empty folder', async () => {
    await mkdir(folder, { recursive: true });
    await writeModel(folder, model);
    const second = { ...model, card: { ...card, name: 'second' } };
    await writeModel(folder, second);
    expect((await readModel(folder)).card.name).toBe('second');
    expect(await readdir(path.dirname(folder))).toEqual(['first']);
  });

  it('does not touch a folder that holds something else', async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'thesis.txt'), 'years of work');
    expect(await refusal(writeModel(folder, model))).toEqual({ code: 'file-exists', file: folder });
    expect(await readdir(folder)).toEqual(['thesis.txt']);
    expect(await readdir(path.dirname(folder))).toEqual(['first']);
  });

  it('does not touch a model with other files beside it, nor one of another program', async () => {
    await writeModel(folder, model);
    await writeFile(path.join(folder, 'notes.txt'), 'how it was trained');
    expect(await refusal(writeModel(folder, model))).toEqual({ code: 'file-exists', file: folder });
    expect((await readdir(folder)).sort()).toEqual(['model.json', 'notes.txt', 'weights.bin']);
    await rm(path.join(folder, 'notes.txt'));
    await writeFile(modelFile(), '{"format":"layers-model","modelTopology":{}}');
    expect(await refusal(writeModel(folder, model))).toEqual({ code: 'file-exists', file: folder });
    expect(await readFile(modelFile(), 'utf8')).toContain('layers-model');
  });

  it('is looked at before training: a model there may be replaced only when that is wished', async () => {
    await checkModelTarget(folder, false);
    await writeModel(folder, model);
    await checkModelTarget(folder, true);
    expect(await refusal(checkModelTarget(folder, false))).toEqual({ code: 'file-exists', file: folder });
    expect(await refusal(checkModelTarget(modelFile(), true))).toEqual({
      code: 'file-exists',
      file: modelFile(),
    });
    await rm(modelFile());
    expect(await refusal(checkModelTarget(folder, true))).toEqual({ code: 'file-exists', file: folder });
  });

  it('says where it cannot write', async () => {
    await writeFile(path.join(root, 'models'), 'a file where a folder should be');
    expect(await refusal(writeModel(folder, model))).toMatchObject({ file: folder });
  });
});

describe('readModel', () => {
  beforeEach(() => writeModel(folder, model));

  it.each(['model.json', 'weights.bin'])('names a missing %s', async (file) => {
    await rm(path.join(folder, file));
    expect(await refusal(readModel(folder))).toEqual({ code: 'model-file-missing', model: folder, file });
  });

  it('refuses weights that are no numbers, and names the tensor', async () => {
    const [first, ...rest] = model.weights;
    const broken = { ...first!, values: first!.values.map((value, at) => (at === 3 ? NaN : value)) };
    await writeModel(folder, { ...model, weights: [broken, ...rest] });
    expect(await refusal(readModel(folder))).toMatchObject({
      code: 'model-file-damaged',
      file: 'weights.bin',
      detail: expect.stringContaining(first!.name) as string,
    });
  });

  it('names the file in a folder that is not there', async () => {
    const nowhere = path.join(root, 'nowhere');
    expect(await refusal(readModel(nowhere))).toMatchObject({
      code: 'model-file-missing',
      file: 'model.json',
    });
  });

  it('refuses weights that were cut off', async () => {
    await truncate(path.join(folder, 'weights.bin'), 1000);
    expect(await refusal(readModel(folder))).toEqual({
      code: 'model-file-damaged',
      model: folder,
      file: 'weights.bin',
      detail: '1000 bytes instead of 246824',
    });
  });

  it('refuses weights with one wrong bit', async () => {
    const file = path.join(folder, 'weights.bin');
    const bytes = await readFile(file);
    bytes[12_345]! ^= 1;
    await writeFile(file, bytes);
    expect(await refusal(readModel(folder))).toMatchObject({
      code: 'model-file-damaged',
      file: 'weights.bin',
    });
  });

  it.each(['', '{', '[]', '{"format":"something else","version":1}'])(
    'refuses %j as model.json',
    async (text) => {
      await writeFile(modelFile(), text);
      expect(await refusal(readModel(folder))).toMatchObject({
        code: 'model-file-damaged',
        file: 'model.json',
      });
    },
  );

  it('refuses a model.json whose architecture makes no sense, and says where', async () => {
    await change(({ architecture }) => Object.assign(architecture, { layers: [{ kind: 'teleport' }] }));
    expect(await refusal(readModel(folder))).toMatchObject({
      code: 'model-file-damaged',
      detail: expect.stringContaining('architecture.layers.0') as string,
    });
  });

  it('refuses a newer format, whatever else is in it', async () => {
    await writeFile(
      modelFile(),
      JSON.stringify({ format: 'lenet-studio/model', version: 4, shape: 'unknown' }),
    );
    expect(await refusal(readModel(folder))).toEqual({
      code: 'model-newer',
      model: folder,
      found: 4,
      known: 3,
    });
  });

  it('names a tensor of the wrong shape', async () => {
    await change(({ weights }) => Object.assign(weights.tensors[6]!, { shape: [84, 120] }));
    expect(await refusal(readModel(folder))).toEqual({
      code: 'model-wrong-shape',
      model: folder,
      tensor: 'F6/kernel',
      expected: '120x84',
      found: '84x120',
    });
  });

  it('names a tensor that is not there', async () => {
    await change(({ weights }) => void weights.tensors.pop());
    expect(await refusal(readModel(folder))).toMatchObject({
      code: 'model-wrong-shape',
      tensor: 'output/bias',
      expected: '10',
      found: '-',
    });
  });
});
