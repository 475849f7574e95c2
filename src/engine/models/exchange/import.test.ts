import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type * as tfjs from '@tensorflow/tfjs-node';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { StudioError } from '../../../shared/errors.ts';
import { loadTensorFlow } from '../../tensor/load.ts';
import { someDigits } from '../../training/digits.testing.ts';
import { writeModel, type StoredModel } from '../store.ts';
import { ourAnswers } from './answers.testing.ts';
import { importModel } from './import.ts';
import { allArchitectures, modelOf } from './models.testing.ts';
import { tfjsOf } from './tfjs.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const tf = loadTensorFlow();
const { layers } = tf;
let tiles: Uint8Array;
beforeAll(async () => {
  ({ tiles } = await someDigits('test', 64));
});
let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'studio-import-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const at = (...names: string[]): string => path.join(root, ...names);
const take = (place: string, more: object = {}): Promise<StoredModel> =>
  importModel(place, { studioVersion: '0.1.0', ...more });
async function refusal(work: Promise<unknown>): Promise<object> {
  try {
    await work;
  } catch (error) {
    if (error instanceof StudioError) return { code: error.code, ...error.params };
    throw error;
  }
  throw new Error('nothing thrown');
}

async function exported(model: StoredModel, folder: string): Promise<void> {
  await mkdir(folder);
  for (const [name, bytes] of Object.entries(tfjsOf(model, '0.1.0')))
    await writeFile(path.join(folder, name), bytes);
}
/** Names, shapes and the bits of the values. */
const digest = ({ weights }: StoredModel): object[] =>
  weights.map(({ name, shape, values }) => ({
    name,
    shape,
    sha256: createHash('sha256').update(values).digest('hex'),
  }));

interface Saved {
  modelTopology: { class_name: string; config: object } | { model_config: object };
  userDefinedMetadata?: { lenetStudio: { version: number } };
  weightsManifest: [{ paths: string[]; weights: { name: string; shape: number[]; quantization?: object }[] }];
}

const change = async (file: string, edit: (content: Saved) => void): Promise<void> => {
  const content = JSON.parse(await readFile(file, 'utf8')) as Saved;
  edit(content);
  await writeFile(file, JSON.stringify(content));
};

describe('a graph model of a studio', () => {
  it.each(allArchitectures)('comes back as it went out: %s', async (_, architecture) => {
    const model = modelOf(architecture);
    await exported(model, at('out'));
    const back = await take(at('out'));
    expect(back.architecture).toEqual(architecture);
    expect(digest(back)).toEqual(digest(model));
    const { origin, ...card } = back.card;
    expect(card).toEqual(model.card);
    expect(origin).toMatchObject({
      format: 'tfjs-graph',
      name: 'out',
      program: 'LeNet Studio 0.1.0',
      scale: 'stated',
    });
  });

  it('names what is wrong with its files', async () => {
    const model = modelOf(allArchitectures[0]![1]);
    await exported(model, at('out'));
    const [json, shard] = [at('out', 'model.json'), at('out', 'group1-shard1of1.bin')];
    await change(json, (content) => {
      const { weights } = content.weightsManifest[0];
      weights.find(({ name }) => name === 'C3/kernel')!.shape = [5, 5, 16, 6];
    });
    expect(await refusal(take(at('out')))).toEqual({
      code: 'model-wrong-shape',
      model: at('out'),
      tensor: 'C3/kernel',
      expected: '5x5x6x16',
      found: '5x5x16x6',
    });
    await change(json, (content) => (content.userDefinedMetadata!.lenetStudio.version = 9));
    expect(await refusal(take(at('out')))).toMatchObject({ code: 'model-newer', found: 9, known: 1 });
    await change(json, (content) => delete content.userDefinedMetadata);
    expect(await refusal(take(at('out')))).toEqual({
      code: 'model-format-unknown',
      model: at('out'),
      format: 'graph-model',
    });
    const { length } = await readFile(shard);
    await truncate(shard, length - 4);
    expect(await refusal(take(at('out')))).toMatchObject({
      code: 'model-file-damaged',
      file: 'group1-shard1of1.bin',
      detail: `${length - 4} bytes instead of ${length} in group1-shard1of1.bin`,
    });
    await rename(shard, at('elsewhere.bin'));
    expect(await refusal(take(at('out')))).toEqual({
      code: 'model-file-missing',
      model: at('out'),
      file: 'group1-shard1of1.bin',
    });
    await change(json, (content) => (content.weightsManifest[0].paths = ['../elsewhere.bin']));
    expect(await refusal(take(at('out')))).toMatchObject({
      code: 'model-file-damaged',
      file: 'model.json',
      detail: 'weightsManifest names ../elsewhere.bin',
    });
    await writeFile(json, '{"format": "graph-model"}');
    expect(await refusal(take(at('out')))).toMatchObject({
      code: 'model-file-damaged',
      file: 'model.json',
      detail: expect.stringContaining('modelTopology') as string,
    });
    await writeFile(json, 'no JSON');
    expect(await refusal(take(at('out')))).toMatchObject({ code: 'model-file-damaged', detail: 'not JSON' });
    await rm(json);
    expect(await refusal(take(at('out')))).toMatchObject({ code: 'model-file-missing', file: 'model.json' });
    expect(await refusal(take(at('nowhere')))).toMatchObject({ code: 'model-file-missing' });
  });
});

it('takes a model folder of a studio, and keeps all that its card knows', async () => {
  const model = modelOf(allArchitectures[1]![1]);
  await writeModel(at('model'), model);
  const back = await take(at('model'), { name: 'ours' });
  expect(back.weights).toEqual(model.weights);
  expect(back.card).toMatchObject({
    ...model.card,
    name: 'ours',
    origin: { format: 'studio', scale: 'stated' },
  });
});

describe('a layers model of another program', () => {
  /** Weights that are not where they began, so that each of them counts. */
  function unsettle(model: tfjs.LayersModel): tfjs.LayersModel {
    model.setWeights(
      model.getWeights().map((weight, index) => {
        const wave = tf.range(0, weight.size).add(index).sin().mul(0.1).reshape(weight.shape);
        return weight.add(model.weights[index]!.name.includes('variance') ? wave.abs() : wave);
      }),
    );
    return model;
  }

  /** Their answers for bytes scaled and padded as they want them; `pad` zeros would be background only where that is 0. */
  function theirAnswers(
    model: tfjs.LayersModel,
    scale: (bytes: tfjs.Tensor) => tfjs.Tensor,
    pad = 0,
  ): Float32Array {
    return tf.tidy(() => {
      const bytes = tf.tensor4d(Float32Array.from(tiles), [64, 28, 28, 1]);
      const sides: [number, number] = [pad, pad];
      const padded = tf.pad4d(bytes, [[0, 0], sides, sides, [0, 0]], 0);
      return (model.predict(scale(padded)) as tfjs.Tensor).dataSync<'float32'>();
    });
  }

  const saved = async (model: tfjs.LayersModel, name: string): Promise<void> => {
    await model.save(`file://${at(name)}`);
  };

  function expectClose(ours: Float32Array, theirs: Float32Array): void {
    expect(ours).toHaveLength(theirs.length);
    expect(ours.reduce((most, value, i) => Math.max(most, Math.abs(value - theirs[i]!)), 0)).toBeLessThan(
      1e-4,
    );
    expect(new Set(theirs).size).toBeGreaterThan(100);
  }

  it('gives the same answers: LeNet-5 on 32 x 32, activations apart, values given', async () => {
    const model = unsettle(
      tf.sequential({
        name: 'lenet',
        layers: [
          layers.conv2d({
            inputShape: [32, 32, 1],
            filters: 6,
            kernelSize: 5,
            activation: 'tanh',
            name: 'C1',
          }),
          layers.averagePooling2d({ poolSize: 2, strides: 2, name: 'S2' }),
          layers.conv2d({ filters: 16, kernelSize: 5, name: 'C3' }),
          layers.activation({ activation: 'tanh', name: 'A3' }),
          layers.averagePooling2d({ poolSize: 2, name: 'S4' }),
          layers.conv2d({ filters: 120, kernelSize: 5, activation: 'tanh', name: 'C5' }),
          layers.flatten({ name: 'flat' }),
          layers.dense({ units: 84, activation: 'tanh', name: 'F6' }),
          layers.dropout({ rate: 0.25, name: 'drop' }),
          layers.dense({ units: 10, activation: 'softmax', name: 'output' }),
        ],
      }),
    );
    await saved(model, 'theirs');
    const scale = { mean: 0.1, standardDeviation: 0.3 };
    const back = await take(at('theirs'), { scale });
    expectClose(
      ourAnswers(tf, back, tiles).probabilities,
      theirAnswers(model, (bytes) => bytes.div(255).sub(0.1).div(0.3), 2),
    );
    expect(back.architecture.layers.map(({ kind, name }) => `${name} ${kind}`)).toEqual([
      ...['C1 convolution', 'S2 pooling', 'C3 convolution', 'S4 pooling', 'C5 convolution', 'F6 dense'],
      ...['drop dropout', 'output dense'],
    ]);
    expect(back.card).toMatchObject({
      name: 'theirs',
      architecture: 'lenet',
      parameters: 61_706,
      training: null,
      data: null,
      metrics: null,
      engine: null,
      origin: { format: 'tfjs-layers', name: 'theirs', scale: 'given' },
    });
    expect(back.card.origin!.program).toContain('TensorFlow.js');
    await writeModel(at('kept'), back);
    expect((await take(at('kept'))).card).toEqual(back.card);
    expect((await take(at('theirs'))).card.origin!.scale).toBe('assumed');
    expect((await take(at('theirs'))).architecture.input).toMatchObject({
      mean: 0,
      standardDeviation: 1,
      padding: 2,
    });
  });

  it('gives the same answers: every layer that is known, values stated by Rescaling', async () => {
    const model = unsettle(
      tf.sequential({
        layers: [
          layers.rescaling({ inputShape: [28, 28, 1], scale: 1 / 127.5, offset: -1 }),
          layers.zeroPadding2d({ padding: 1 }),
          layers.conv2d({ filters: 4, kernelSize: 3, useBias: false }),
          layers.batchNormalization({ epsilon: 0.01 }),
          layers.reLU(),
          layers.separableConv2d({ filters: 6, kernelSize: 3, padding: 'same', activation: 'relu' }),
          layers.maxPooling2d({ poolSize: 2 }),
          layers.conv2d({
            filters: 5,
            kernelSize: 3,
            dilationRate: 2,
            padding: 'same',
            activation: 'sigmoid',
          }),
          layers.conv2dTranspose({ filters: 7, kernelSize: 3, activation: 'tanh' }),
          layers.batchNormalization({ scale: false, center: false }),
          layers.globalAveragePooling2d({}),
          layers.dense({ units: 12, useBias: false, activation: 'tanh' }),
          layers.batchNormalization({}),
          layers.dense({ units: 10 }),
          layers.softmax(),
        ],
      }),
    );
    await saved(model, 'theirs');
    const back = await take(at('theirs', 'model.json'), { scale: { mean: 0.9, standardDeviation: 9 } });
    expect(back.card.origin!.scale).toBe('stated');
    expect(back.architecture.input.mean).toBeCloseTo(0.5, 12);
    expectClose(
      ourAnswers(tf, back, tiles).probabilities,
      theirAnswers(model, (bytes) => bytes),
    );
  });

  it('takes a chain of the functional interface, and digits as 784 values', async () => {
    const input = tf.input({ shape: [784] });
    const hidden = layers.dense({ units: 20, activation: 'relu' }).apply(input);
    const output = layers.dense({ units: 10, activation: 'softmax' }).apply(hidden) as tfjs.SymbolicTensor;
    const model = unsettle(tf.model({ inputs: input, outputs: output }));
    await saved(model, 'theirs');
    const back = await take(at('theirs'));
    expectClose(
      ourAnswers(tf, back, tiles).probabilities,
      theirAnswers(model, (bytes) => bytes.div(255).reshape([64, 784])),
    );
  });

  it('takes the folder that a Python converter writes', async () => {
    const model = unsettle(
      tf.sequential({
        layers: [
          layers.flatten({ inputShape: [28, 28, 1], name: 'flatten' }),
          layers.dense({ units: 10, name: 'dense' }),
        ],
      }),
    );
    await saved(model, 'theirs');
    await change(at('theirs', 'model.json'), (content) => {
      const python = { keras_version: '2.15.0', backend: 'tensorflow' };
      content.modelTopology = { ...python, model_config: content.modelTopology };
      content.weightsManifest[0].weights.forEach((weight) => (weight.name = `sequential/${weight.name}`));
    });
    const back = await take(at('theirs'));
    expect(back.weights.map(({ name }) => name)).toEqual(['dense/kernel', 'dense/bias']);
  });

  it('reads weights from several shards, and names the one that is missing', async () => {
    await saved(small(), 'theirs');
    const whole = await readFile(at('theirs', 'weights.bin'));
    await writeFile(at('theirs', 'a.bin'), whole.subarray(0, 1001));
    await writeFile(at('theirs', 'b.bin'), whole.subarray(1001));
    await change(
      at('theirs', 'model.json'),
      (content) => (content.weightsManifest[0].paths = ['a.bin', 'b.bin']),
    );
    const back = await take(at('theirs'));
    expect(Buffer.concat(back.weights.map(({ values }) => Buffer.from(values.buffer))).equals(whole)).toBe(
      true,
    );
    await rm(at('theirs', 'b.bin'));
    expect(await refusal(take(at('theirs')))).toMatchObject({ code: 'model-file-missing', file: 'b.bin' });
  });

  const small = (...more: tfjs.layers.Layer[]): tfjs.Sequential =>
    tf.sequential({
      layers: [
        layers.conv2d({ inputShape: [28, 28, 1], filters: 2, kernelSize: 5, name: 'first' }),
        ...more,
        layers.flatten({ name: 'flat' }),
        layers.dense({ units: 10, name: 'last' }),
      ],
    });
  const conv = (more: object): tfjs.layers.Layer =>
    layers.conv2d({ filters: 2, kernelSize: 3, name: 'second', ...more });

  it.each([
    ['strides', '[2,2]', () => conv({ strides: 2 })],
    ['kernel_size', '[3,5]', () => conv({ kernelSize: [3, 5] })],
    ['kernel_size', '[4,4]', () => conv({ kernelSize: 4, padding: 'same' })],
    ['activation', 'elu', () => conv({ activation: 'elu' })],
    ['dilation_rate', '[3,3]', () => conv({ dilationRate: 3 })],
    ['class_name', 'LeakyReLU', () => layers.leakyReLU({ name: 'second' })],
    ['strides', '[1,1]', () => layers.maxPooling2d({ poolSize: 2, strides: 1, name: 'second' })],
    ['padding', 'same', () => layers.averagePooling2d({ poolSize: 2, padding: 'same', name: 'second' })],
    ['input', 'not flattened', () => layers.dense({ units: 3, name: 'second' })],
    [
      'padding',
      '[[1,0],[1,0]]',
      () =>
        layers.zeroPadding2d({
          padding: [
            [1, 0],
            [1, 0],
          ],
          name: 'second',
        }),
    ],
    ['rate', '0.99', () => layers.dropout({ rate: 0.99, name: 'second' })],
  ])('refuses a layer by its name: %s %s', async (setting, value, layer) => {
    await saved(small(layer()), 'theirs');
    expect(await refusal(take(at('theirs')))).toEqual({
      code: 'layer-unsupported',
      model: at('theirs'),
      layer: 'second',
      setting,
      value,
    });
  });

  it('refuses other inputs, other outputs, other shapes and branches', async () => {
    const shape = async (inputShape: number[], units = 10): Promise<object> => {
      const name = `${inputShape.join('x')} ${units}`;
      await saved(
        tf.sequential({
          layers: [layers.flatten({ inputShape, name: 'flat' }), layers.dense({ units, name: 'last' })],
        }),
        name,
      );
      return refusal(take(at(name)));
    };
    expect(await shape([28, 28, 3])).toMatchObject({ setting: 'batch_input_shape', value: '[null,28,28,3]' });
    expect(await shape([29, 29, 1])).toMatchObject({ layer: 'flat', value: '[null,29,29,1]' });
    expect(await shape([28, 28, 1], 26)).toMatchObject({
      code: 'model-wrong-shape',
      expected: '1x1x10',
      found: '1x1x26',
    });

    await saved(small(), 'theirs');
    await change(at('theirs', 'model.json'), (content) => {
      content.weightsManifest[0].weights[0]!.shape = [5, 5, 2, 1];
    });
    expect(await refusal(take(at('theirs')))).toMatchObject({
      code: 'model-wrong-shape',
      tensor: 'first/kernel',
      expected: '5x5x1x2',
      found: '5x5x2x1',
    });
    await change(at('theirs', 'model.json'), (content) => {
      content.weightsManifest[0].weights[0]!.quantization = { dtype: 'uint8', min: 0, scale: 1 };
    });
    expect(await refusal(take(at('theirs')))).toMatchObject({
      layer: 'first/kernel',
      setting: 'quantization',
    });

    const input = tf.input({ shape: [784] });
    const [a, b] = [1, 2].map((at) => layers.dense({ units: 10, name: `d${at}` }).apply(input));
    const sum = layers.add({ name: 'sum' }).apply([a, b] as tfjs.SymbolicTensor[]) as tfjs.SymbolicTensor;
    await saved(tf.model({ inputs: input, outputs: sum }), 'branches');
    expect(await refusal(take(at('branches')))).toMatchObject({
      code: 'layer-unsupported',
      setting: 'inbound_nodes',
    });
  });
});
