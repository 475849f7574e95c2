import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { walk } from './walk.ts';

const FOLDERS = 5;
const FILES = 200_000;
const MB = 2 ** 20;
let root: string;
beforeAll(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'walk-long-'));
  for (let folder = 0; folder < FOLDERS; folder++) {
    fs.mkdirSync(path.join(root, `${folder}`));
    for (let file = 0; file < FILES; file++)
      fs.closeSync(fs.openSync(path.join(root, `${folder}`, `scan-${file}.png`), 'w'));
  }
}, 600_000);
afterAll(() => fs.rmSync(root, { recursive: true }), 600_000);

it('lists a million files in order, with the memory of one folder, and answers meanwhile', async () => {
  const before = process.memoryUsage().rss;
  let peak = before;
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 10);
  const began = performance.now();
  let first = Infinity;
  let count = 0;
  let previous: Buffer = Buffer.alloc(0);
  for await (const chunk of walk(root)) {
    first = Math.min(first, performance.now() - began);
    for (const { path: name, outcome } of chunk) {
      if (outcome !== 'file' || Buffer.compare(previous, name) >= 0) throw new Error(`at ${name}`);
      previous = name;
      count++;
    }
  }
  clearInterval(timer);
  expect(count).toBe(FOLDERS * FILES);
  // 200,000 files of one folder are listed and sorted before its first one comes.
  expect(first).toBeLessThan(2_000);
  // A million entries of a hundred bytes and more would take half a gigabyte.
  expect(peak - before).toBeLessThan(300 * MB);
  // Sorting one folder's names is the longest piece of work.
  expect(longest).toBeLessThan(1_000);
});
