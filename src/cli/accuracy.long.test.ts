import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { run } from './run.testing.ts';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-accuracy-'));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

it.each([
  [1, 0.965],
  [5, 0.985],
])('reads MNIST’s test digits after %i epochs of default settings', async (epochs, wanted) => {
  const out = path.join(home, String(epochs));
  const words = [
    'train',
    '--data',
    'mnist',
    '--epochs',
    String(epochs),
    '--seed',
    '1',
    '--out',
    out,
    '--json',
  ];
  const ended = await run(words);
  expect(ended.code, ended.stderr).toBe(0);
  expect(ended.json()['parameters']).toBe(61_706);
  expect(ended.json()['testAccuracy']).toBeGreaterThanOrEqual(wanted);
});
