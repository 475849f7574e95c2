import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { modelOf } from '../engine/models/exchange/models.testing.ts';
import { readModel, writeModel } from '../engine/models/store.ts';
import { openProject } from '../engine/project/store.ts';
import { writeDigitFiles } from '../engine/api/test-support.ts';
import { loadTensorFlow } from '../engine/tensor/load.ts';
import { lenet5 } from '../shared/models/family/lenet5.ts';
import { run } from './run.testing.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const tf = loadTensorFlow();
let home: string;
const at = (...names: string[]): string => path.join(home, ...names);
const studio = (...args: string[]): ReturnType<typeof run> => run(['models', ...args], { cwd: home });

beforeAll(async () => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-exchange-'));
  await writeModel(at('model'), modelOf(lenet5({ activation: 'tanh', pooling: 'max' })));
  const { layers } = tf;
  const theirs = tf.sequential({
    layers: [
      layers.conv2d({ inputShape: [28, 28, 1], filters: 4, kernelSize: 5, activation: 'relu', name: 'conv' }),
      layers.maxPooling2d({ poolSize: 2, name: 'pool' }),
      layers.flatten({ name: 'flat' }),
      layers.dense({ units: 10, activation: 'softmax', name: 'out' }),
    ],
  });
  await theirs.save(`file://${at('theirs')}`);
  await tf
    .sequential({
      layers: [
        layers.flatten({ inputShape: [28, 28, 1], name: 'flat' }),
        layers.dense({ units: 10, activation: 'selu', name: 'odd' }),
      ],
    })
    .save(`file://${at('odd')}`);
});
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

describe('models export', () => {
  it('writes ONNX that ONNX Runtime takes, and replaces it only with --force', async () => {
    const args = ['export', 'model', '--format', 'onnx', '--out', 'model.onnx'];
    const { code, stdout } = await studio(...args);
    expect(code).toBe(0);
    expect(stdout).toContain('model.onnx: ONNX');
    const session = await InferenceSession.create(at('model.onnx'));
    expect(session.inputNames).toEqual(['tiles']);
    const again = await studio(...args, '--json');
    expect([again.code, again.json()]).toMatchObject([1, { error: { code: 'file-exists' } }]);
    const forced = await studio(...args, '--force', '--json');
    expect([forced.code, forced.json()]).toEqual([0, { model: 'model', format: 'onnx', out: 'model.onnx' }]);
  });

  it('writes a TensorFlow.js folder that comes back bit for bit', async () => {
    expect((await studio('export', 'model', '--format', 'tfjs', '--out', 'graph')).code).toBe(0);
    fs.writeFileSync(at('graph', 'notes.txt'), 'mine');
    const kept = await studio('export', 'model', '--format', 'tfjs', '--out', 'graph', '--force', '--json');
    expect([kept.code, kept.json()]).toMatchObject([1, { error: { code: 'file-exists' } }]);
    fs.rmSync(at('graph', 'notes.txt'));
    expect((await studio('export', 'model', '--format', 'tfjs', '--out', 'graph', '--force')).code).toBe(0);
    const { code, json } = await studio('import', 'graph', '--out', 'back', '--json');
    expect(code).toBe(0);
    expect(json()).toMatchObject({ origin: { format: 'tfjs-graph', scale: 'stated' }, parameters: 61_706 });
    const weights = (model: string): Buffer => fs.readFileSync(at(model, 'weights.bin'));
    expect(weights('back').equals(weights('model'))).toBe(true);
  });

  it('writes the card as Markdown, or as JSON by the name', async () => {
    expect((await studio('export', 'model', '--format', 'card', '--out', 'card.md')).code).toBe(0);
    expect(fs.readFileSync(at('card.md'), 'utf8')).toContain('## Limits');
    expect((await studio('export', 'model', '--format', 'card', '--out', 'card.json')).code).toBe(0);
    expect(JSON.parse(fs.readFileSync(at('card.json'), 'utf8'))).toMatchObject({
      format: 'lenet-studio/card',
    });
  });

  it('ends with 2 for wrong usage and with 1 for what is no model', async () => {
    expect((await studio('export', 'model', '--format', 'pickle', '--out', 'x')).code).toBe(2);
    expect((await studio('export', 'model', '--out', 'x')).code).toBe(2);
    const { code, stderr } = await studio('export', 'nowhere', '--format', 'onnx', '--out', 'x');
    expect(code).toBe(1);
    expect(stderr).toContain('nowhere');
    expect(fs.existsSync(at('x'))).toBe(false);
  });
});

describe('models import', () => {
  it('says which value scale it took, and takes another one', async () => {
    const first = await studio('import', 'theirs', '--out', 'ours');
    expect(first.code).toBe(0);
    expect(first.stdout).toContain('Model ours: 3 layers, 5,874 trainable parameters.');
    expect(first.stdout).toContain('(byte / 255 - 0) / 1: assumed');
    expect((await studio('import', 'theirs', '--out', 'ours')).code).toBe(1);
    const { code, json } = await studio(
      ...['import', 'theirs', '--out', 'ours', '--force', '--mean', '0.1307', '--std', '0.3081', '--json'],
    );
    expect(code).toBe(0);
    expect(json()).toMatchObject({
      input: { mean: 0.1307, standardDeviation: 0.3081, padding: 0 },
      origin: { format: 'tfjs-layers', name: 'theirs', scale: 'given' },
      layers: [{ name: 'conv' }, { name: 'pool' }, { name: 'out' }],
    });
    const card = await studio('ours');
    expect(card.stdout).toMatch(/Taken over from +theirs, TensorFlow\.js layers model/);
    expect(card.stdout).toContain('as given');
    expect(card.stdout).not.toMatch(/undefined|null/);
    const table = await studio('.');
    expect(table.stdout).toMatch(/ours +- +- /);
  });

  it.each([
    ['an unknown activation', ['import', 'odd', '--out', 'new'], 'activation is selu', 'odd'],
    ['no model', ['import', 'nowhere', '--out', 'new'], 'model.json', 'nowhere'],
  ])('ends with 1 for %s, and says where', async (_, args, what, where) => {
    const { code, stdout, stderr } = await studio(...args);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(what);
    expect(stderr).toContain(where);
    expect(fs.existsSync(at('new'))).toBe(false);
  });

  it('ends with 2 for a scale that is none', async () => {
    expect((await studio('import', 'theirs', '--out', 'new', '--std', '0')).code).toBe(2);
  });
});

describe('measure', () => {
  const measure = (...args: string[]): ReturnType<typeof run> =>
    run(['measure', ...args, '--json'], { cwd: home });
  const cardOf = async (folder: string) => (await readModel(at(folder))).card;

  it('gives a model from elsewhere what limits on errors rest on', async () => {
    await writeDigitFiles(at('digits', 'train'), { split: 'train', count: 600 });
    await writeDigitFiles(at('digits', 'test'), { count: 100 });
    expect((await studio('import', 'theirs', '--out', 'measured')).code).toBe(0);
    expect((await cardOf('measured')).confidence).toBeUndefined();
    const { code, stdout } = await run(['measure', 'measured', '--data', 'digits'], { cwd: home });
    expect(code).toBe(0);
    expect(stdout).toContain('It is not known whether the model was trained with these digits');
    const { json } = await measure('measured', '--data', 'digits');
    expect(json()).toMatchObject({ split: 'validation', seen: 'unknown', digits: 60, data: 'digits' });
    expect((await cardOf('measured')).confidence).toMatchObject({ split: 'validation', digits: 60 });
    const onTest = await measure('measured', '--data', 'digits', '--split', 'test');
    expect([onTest.code, onTest.json()]).toMatchObject([0, { split: 'test', digits: 100 }]);
    const bytes = fs.readFileSync(at('measured', 'model.json'), 'utf8');
    expect(JSON.parse(bytes)).toMatchObject({ version: 3 });
    expect((await measure('measured', '--data', 'digits', '--split', 'other')).code).toBe(2);
    await writeDigitFiles(at('few'), { count: 20 });
    const few = await measure('measured', '--data', 'few', '--split', 'train');
    expect([few.code, few.json()]).toMatchObject([1, { error: { code: 'too-few-digits' } }]);
    expect(fs.readFileSync(at('measured', 'model.json'), 'utf8')).toBe(bytes);
  });

  it('leaves the batches of a project what they were read with', async () => {
    const args = ['classify', 'digits', '--project', 'project', '--model', 'model'];
    expect((await run(args, { cwd: home })).code).toBe(0);
    const [own] = fs.readdirSync(at('project', 'models'));
    const { temperature: before } = (await cardOf('model')).confidence!;
    const place = path.join('project', 'models', own!);
    expect((await measure(place, '--data', 'digits', '--split', 'train')).code).toBe(0);
    const project = openProject(at('project'));
    const temperatures = project.db.prepare('SELECT temperature FROM batch').pluck().all();
    expect(temperatures).toEqual([before]);
    try {
      const busy = await measure(place, '--data', 'digits');
      expect([busy.code, busy.json()]).toMatchObject([1, { error: { code: 'project-locked' } }]);
    } finally {
      project.close();
    }
  });
});
