import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { StatThread } from './stat-thread.ts';
import { walk, type WalkEntry } from './walk.ts';

let root: string;
let thread: StatThread | null = null;
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'stat-thread-'));
});
afterEach(() => {
  if (thread) StatThread.giveBack(thread);
  thread = null;
  fs.rmSync(root, { recursive: true });
});

const at = (name: string): string => path.join(root, name);
const bytes = (name: string): string => Buffer.from(name).toString('latin1');

it.skipIf(process.platform === 'win32')('tells files from what is none', async () => {
  fs.writeFileSync(at('字.png'), 'four');
  fs.writeFileSync(Buffer.from(`${root}/\xff`, 'latin1'), 'x');
  fs.symlinkSync('字.png', at('link'));
  execFileSync('mkfifo', [at('pipe')]);
  fs.utimesSync(at('字.png'), 1, 1_234.5);
  thread = StatThread.take();
  const names = [bytes('字.png'), 'gone', 'link', 'pipe', '\xff'];
  const { sizes, times, others } = await thread.look({ folder: `${bytes(root)}/`, names });
  expect([sizes[0], times[0], sizes[4]]).toEqual([4, 1_234_500_000_000n, 1]);
  expect(others).toEqual([
    [1, { code: 'ENOENT' }],
    [2, { isLink: true }],
    [3, { isLink: false }],
  ]);
  expect((await thread.look({ folder: `${bytes(root)}/`, names: [] })).others).toEqual([]);
});

it('is kept for the next walk, unless it is needed or looks at something still', async () => {
  fs.writeFileSync(at('a'), 'x');
  const look = (one: StatThread) => one.look({ folder: `${bytes(root)}/`, names: ['a'] });
  const first = StatThread.take();
  const second = StatThread.take();
  expect(second).not.toBe(first);
  await Promise.all([look(first), look(second)]);
  StatThread.giveBack(first);
  expect(StatThread.isKept).toBe(true);
  StatThread.giveBack(second);
  thread = StatThread.take();
  expect(thread).toBe(first);
  expect(StatThread.isKept).toBe(false);
  expect((await look(thread)).sizes[0]).toBe(1);
  const third = StatThread.take();
  await look(third);
  const looking = look(third);
  StatThread.giveBack(third);
  expect(StatThread.isKept).toBe(false);
  // It was told to end while it looked; whether it answered is of no account.
  await Promise.race([looking, sleep(100)]);
});

it('lets a walk of many files say of each what a walk of few says', async () => {
  const FILES = 14_000;
  const nameOf = (index: number): string => `${String(index).padStart(5, '0')}.png`;
  for (let index = 0; index < FILES; index++) fs.writeFileSync(at(nameOf(index)), 'x'.repeat(index % 7));
  fs.writeFileSync(at('04000'), 'no extension');
  fs.writeFileSync(at('05000 Thumbs.db'), 'x');
  const gone = 13_500;
  const entries: WalkEntry[] = [];
  for await (const chunk of walk(root)) {
    entries.push(...chunk);
    if (entries.length < 11_000 || !fs.existsSync(at(nameOf(gone)))) continue;
    // The thread has begun, and its folder has been listed.
    await sleep(500);
    fs.rmSync(at(nameOf(gone)));
    fs.rmSync(at(nameOf(gone + 1)));
    fs.symlinkSync(nameOf(0), at(nameOf(gone + 1)));
  }
  expect(entries.map((entry) => entry.path.toString())).toEqual(
    [...Array.from({ length: FILES }, (_, index) => nameOf(index)), '04000', '05000 Thumbs.db'].sort(),
  );
  const others = entries.filter((entry) => entry.outcome !== 'file');
  expect(others.map((entry) => [entry.path.toString(), entry.outcome, entry.reason.code])).toEqual([
    [nameOf(gone), 'failed', 'vanished'],
    [nameOf(gone + 1), 'skipped', 'symbolic-link'],
  ]);
  for (const entry of entries) {
    if (entry.outcome !== 'file') continue;
    const { size, mtimeNs } = fs.lstatSync(at(entry.path.toString()), { bigint: true });
    expect([entry.size, entry.mtimeNs]).toEqual([Number(size), mtimeNs]);
  }
});
