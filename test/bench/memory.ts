import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ComputeProcess } from '../../src/engine/compute/client.ts';
import { readMnist } from '../../src/engine/datasets/mnist.ts';
import { mnistFolder } from '../../src/engine/training/digits.testing.ts';
import { trainModel } from '../../src/engine/training/run.ts';
import { recipeOf, TILE_BYTES } from '../../src/shared/domain.ts';

/**
 * `npm run bench:memory`: the most memory that the computing process held while an epoch of the default recipe ran, over MNIST
 * and over a million digits (MNIST's again and again). Megabytes, from Linux's VmHWM.
 */
const root = path.resolve(import.meta.dirname, '../..');
const COUNTS = [60_000, 1_000_000];
const mnist = await readMnist(mnistFolder, 'train');
const table: { digits: number; computing: number; seconds: number }[] = [];

for (const digits of COUNTS) {
  const tiles = new Uint8Array(digits * TILE_BYTES);
  const labels = new Uint8Array(digits);
  for (let at = 0; at < digits; at += mnist.labels.length) {
    const count = Math.min(mnist.labels.length, digits - at);
    tiles.set(mnist.tiles.subarray(0, count * TILE_BYTES), at * TILE_BYTES);
    labels.set(mnist.labels.subarray(0, count), at);
  }
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-bench-memory-'));
  const compute = new ComputeProcess();
  try {
    const began = performance.now();
    await trainModel({
      ...{ compute, name: 'bench', dataName: 'bench', dataHash: '0'.repeat(64), studioVersion: 'bench' },
      ...{ train: { tiles, labels }, test: null, parameters: recipeOf('lenet5', { epochs: 1 }) },
      modelFolder: path.join(folder, 'model'),
      listener: {
        points: () => undefined,
        progress: () => undefined,
        epoch: () => undefined,
        checkpoint: () => undefined,
      },
      signal: new AbortController().signal,
    });
    const seconds = (performance.now() - began) / 1000;
    const computing = highest(compute.pid!);
    table.push({ digits, computing, seconds: Math.round(seconds) });
    console.log(`${digits} digits: ${computing} MB, an epoch in ${seconds.toFixed(0)} s`);
  } finally {
    await compute.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
fs.writeFileSync(
  path.join(root, 'docs', 'bench-memory.json'),
  `${JSON.stringify({ machine: `${os.availableParallelism()} x ${os.cpus()[0]!.model}`, table }, null, 2)}\n`,
);

/** Most resident memory of a process so far, in MB. */
function highest(pid: number): number {
  const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)![1]) / 1024);
}
