import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { CLASSES, defaultParameters, TILE_BYTES } from '../../shared/domain.ts';
import { INFERENCE_BATCH } from '../models/inference.ts';
import { someDigits } from '../training/digits.testing.ts';
import { trainModel } from '../training/run.ts';
import { ComputeProcess } from './client.ts';

// Real training, on machines that may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const COUNT = 2 * INFERENCE_BATCH + 1;
const compute = new ComputeProcess();
let folder: string;
let model: string;
let tiles: Uint8Array;
/** What each digit gets when it is classified by itself. */
let alone: Float32Array;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'studio-alone-'));
  model = path.join(folder, 'model');
  await trainModel({
    compute,
    name: 'test',
    dataName: 'MNIST',
    dataHash: '00',
    train: await someDigits('train', 300),
    test: null,
    parameters: { ...defaultParameters, epochs: 1 },
    studioVersion: '0.1.0',
    modelFolder: model,
    listener: {
      points: () => undefined,
      progress: () => undefined,
      epoch: () => undefined,
      checkpoint: () => undefined,
    },
    signal: new AbortController().signal,
  });
  ({ tiles } = await someDigits('test', COUNT));
  alone = new Float32Array(COUNT * CLASSES);
  for (let at = 0; at < COUNT; at++) alone.set(await classify(at, at + 1), at * CLASSES);
});
afterAll(async () => {
  await compute.close();
  await rm(folder, { recursive: true, force: true });
});

const classify = (start: number, end: number): Promise<Float32Array> =>
  compute.classify(model, tiles.subarray(start * TILE_BYTES, end * TILE_BYTES));

async function expectAsAlone(start: number, end: number): Promise<void> {
  const together = await classify(start, end);
  const expected = alone.subarray(start * CLASSES, end * CLASSES);
  expect(Buffer.compare(bytesOf(together), bytesOf(expected)), `${start} to ${end}`).toBe(0);
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

it('a digit gets the same answer, bit for bit, in a list of any length from 1 to 65', async () => {
  for (let length = 1; length <= 65; length++) await expectAsAlone(0, length);
});

it('and around every boundary of the batches that the model runs in', async () => {
  for (const batches of [1, 2])
    for (const length of [-1, 0, 1].map((more) => batches * INFERENCE_BATCH + more))
      await expectAsAlone(0, length);
});

it('and at every place in a batch', async () => {
  for (const start of [1, 2, 3, 7, 64, INFERENCE_BATCH - 1, INFERENCE_BATCH])
    await expectAsAlone(start, COUNT);
});
