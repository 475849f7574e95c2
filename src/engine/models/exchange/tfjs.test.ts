import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type * as tfjs from '@tensorflow/tfjs-node';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { loadTensorFlow } from '../../tensor/load.ts';
import { someDigits } from '../../training/digits.testing.ts';
import type { StoredModel } from '../store.ts';
import { expectSame, ourAnswers, type Answers } from './answers.testing.ts';
import { allArchitectures, modelOf } from './models.testing.ts';
import { tfjsOf } from './tfjs.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const tf = loadTensorFlow();
let tiles: Uint8Array;
let folder: string;
beforeAll(async () => {
  ({ tiles } = await someDigits('test', 64));
  folder = await mkdtemp(path.join(os.tmpdir(), 'studio-tfjs-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function run(model: tfjs.GraphModel, tiles: Uint8Array): Answers {
  const [scores, probabilities] = tf.tidy(() => {
    const input = tf.tensor4d(Int32Array.from(tiles), [tiles.length / 784, 28, 28, 1], 'int32');
    const outputs = model.execute({ tiles: input }, ['scores', 'probabilities']) as tfjs.Tensor[];
    return outputs.map((output) => output.dataSync<'float32'>());
  }) as unknown as [Float32Array, Float32Array];
  return { scores, probabilities };
}

it.each(allArchitectures)('answers as the studio does in TensorFlow.js: %s', async (_, architecture) => {
  await compare(modelOf(architecture));
});

it('gives a reject class its share of the probability', async () => {
  const { card, ...network } = modelOf(allArchitectures[0]![1]);
  const { probabilities } = await compare({ ...network, card: { ...card, rejectClass: true } });
  expect(probabilities.slice(0, 10).reduce((sum, share) => sum + share, 0)).toBeLessThan(0.99);
});

async function compare(model: StoredModel): Promise<Answers> {
  for (const [name, bytes] of Object.entries(tfjsOf(model, '0.1.0')))
    await writeFile(path.join(folder, name), bytes);
  const loaded = await tf.loadGraphModel(`file://${path.join(folder, 'model.json')}`);
  const ours = ourAnswers(tf, model, tiles);
  expectSame(run(loaded, tiles), ours);
  expectSame(run(loaded, tiles.slice(0, 784)), {
    scores: ours.scores.slice(0, 10),
    probabilities: ours.probabilities.slice(0, 10),
  });
  loaded.dispose();
  return ours;
}

it('takes whole numbers only', async () => {
  const [, architecture] = allArchitectures[0]!;
  for (const [name, bytes] of Object.entries(tfjsOf(modelOf(architecture), '0.1.0')))
    await writeFile(path.join(folder, name), bytes);
  const loaded = await tf.loadGraphModel(`file://${path.join(folder, 'model.json')}`);
  expect(() => loaded.predict(tf.zeros([1, 28, 28, 1]))).toThrow(/int32/);
  loaded.dispose();
});
