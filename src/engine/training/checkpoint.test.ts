import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Checkpoint } from '../compute/types.ts';
import { loadCheckpoint, saveCheckpoint } from './checkpoint.ts';

const tensors = (value: number) => [
  { name: 'C1/kernel', shape: [2, 3], values: new Float32Array(6).fill(value) },
  { name: 'C1/bias', shape: [3], values: Float32Array.of(value, -0, 1e-40) },
];
const checkpoint: Checkpoint = {
  epoch: 2,
  step: 3,
  steps: 11,
  data: 'a1'.repeat(32),
  sums: { loss: 0.1 + 0.2, correct: 7, images: 12, seconds: 1.25 },
  weights: tensors(0.1),
  optimiser: tensors(0.2),
  metrics: [1, 2].map((epoch) => ({
    epoch,
    trainLoss: 0.1 + 0.2,
    trainAccuracy: 1 / 3,
    validationLoss: null,
    validationAccuracy: null,
    seconds: 1.5,
  })),
  bestEpoch: 1,
  bestWeights: tensors(0.3),
};

let folder: string;
let file: string;
beforeEach(async () => {
  folder = path.join(await mkdtemp(path.join(os.tmpdir(), 'studio-checkpoint-')), 'run-1');
  file = path.join(folder, 'checkpoint.bin');
});
afterEach(() => rm(path.dirname(folder), { recursive: true, force: true }));

describe('checkpoint', () => {
  it('is read back bit for bit, the newest one, alone in its folder', async () => {
    await saveCheckpoint(folder, { ...checkpoint, epoch: 1 });
    await saveCheckpoint(folder, checkpoint);
    expect(await loadCheckpoint(folder)).toEqual(checkpoint);
    expect(await readdir(folder)).toEqual(['checkpoint.bin']);
  });

  it('is null when there is none', async () => {
    expect(await loadCheckpoint(folder)).toBeNull();
  });

  it('is not taken for missing when it cannot be read', async () => {
    // A folder in its place: not even root can read that.
    await mkdir(file, { recursive: true });
    await expect(loadCheckpoint(folder)).rejects.toMatchObject({
      code: 'folder-unreadable',
      params: { folder, detail: 'EISDIR' },
    });
  });

  it.each([0, 3, 31, 33, 400])('is null when only %i bytes are left', async (bytes) => {
    await saveCheckpoint(folder, checkpoint);
    await truncate(file, bytes);
    expect(await loadCheckpoint(folder)).toBeNull();
  });

  it('is null when one bit is wrong', async () => {
    await saveCheckpoint(folder, checkpoint);
    const bytes = await readFile(file);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(file, bytes);
    expect(await loadCheckpoint(folder)).toBeNull();
  });
});
