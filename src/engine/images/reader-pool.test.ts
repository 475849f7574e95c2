import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { defaultRecipe } from '../../shared/domain.ts';
import { StudioError } from '../../shared/errors.ts';
import { someDigits } from '../training/digits.testing.ts';
import { asPicture, asSharp, tileOf } from './pictures.testing.ts';
import { ReaderPool, type ReaderPoolOptions } from './reader-pool.ts';
import type { ReadOutcome } from './types.ts';

const DIGITS = 150;
let folder: string;
let tiles: Uint8Array;
let pool: ReaderPool;
/** The paths of the digits' files, in order. */
let digits: Buffer[];

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reader-pool-'));
  ({ tiles } = await someDigits('test', DIGITS));
  digits = [];
  for (let index = 0; index < DIGITS; index++) {
    digits.push(at(`${index}.png`));
    fs.writeFileSync(
      digits[index]!,
      await asSharp(asPicture(tileOf(tiles, index)))
        .png()
        .toBuffer(),
    );
  }
});
afterEach(() => pool.close());
afterAll(() => fs.rmSync(folder, { recursive: true }));

const at = (name: string): Buffer => Buffer.from(path.join(folder, name));
/** A pool whose readers hang and crash by a file's name. */
const faulty = (options: ReaderPoolOptions = {}): ReaderPool =>
  (pool = new ReaderPool({
    processes: 2,
    timeoutMs: 600,
    entry: new URL('./reader.testing.ts', import.meta.url),
    ...options,
  }));
const read = (paths: Buffer[]): Promise<ReadOutcome[]> => pool.read(paths, defaultRecipe);

function expectDigits(outcomes: ReadOutcome[], from = 0): void {
  const wrong = outcomes.findIndex(
    (outcome, index) =>
      outcome.status !== 'done' || Buffer.compare(outcome.tile, tileOf(tiles, from + index)),
  );
  expect(outcomes[wrong], `digit ${from + wrong}`).toBeUndefined();
}
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
async function gone(pids: number[]): Promise<boolean> {
  for (const end = performance.now() + 10_000; performance.now() < end; await sleep(50))
    if (!pids.some(isAlive)) return true;
  return false;
}

describe('a pool of readers', () => {
  it('gives one outcome per path, in order', async () => {
    pool = new ReaderPool();
    expectDigits(await read(digits));
    const [first, missing, last] = await read([digits[0]!, at('missing.png'), digits[149]!]);
    expectDigits([first!]);
    expect(missing).toEqual({ status: 'failed', reason: { code: 'vanished' } });
    expectDigits([last!], 149);
    expect(await read([])).toEqual([]);
  });

  it('serves calls side by side', async () => {
    pool = new ReaderPool({ processes: 2 });
    const halves = await Promise.all([read(digits.slice(0, 70)), read(digits.slice(70)), read([digits[3]!])]);
    expectDigits(halves[0]);
    expectDigits(halves[1], 70);
    expectDigits(halves[2], 3);
    expect(pool.pids).toHaveLength(2);
  });

  it('starts its processes with the first call and keeps them', async () => {
    pool = new ReaderPool({ processes: 2 });
    expect(pool.pids).toEqual([]);
    await read(digits);
    const { pids } = pool;
    await read(digits);
    expect(pool.pids).toEqual(pids);
    expect(pids).not.toContain(process.pid);
  });

  it('gives one outcome per path, in order, however many files it sends a process at a time', async () => {
    pool = new ReaderPool({ processes: 2 });
    // Small files: the later calls go out in larger messages than the first.
    const many = Array.from({ length: 4 }, () => digits).flat();
    for (let call = 0; call < 3; call++) {
      const outcomes = await read([...many, at('missing.png'), ...digits]);
      for (let start = 0; start < many.length; start += DIGITS)
        expectDigits(outcomes.slice(start, start + DIGITS));
      expect(outcomes[many.length]).toEqual({ status: 'failed', reason: { code: 'vanished' } });
      expectDigits(outcomes.slice(many.length + 1));
    }
  });

  it('goes on after its processes were killed between two calls', async () => {
    pool = new ReaderPool({ processes: 2 });
    await read(digits);
    const before = pool.pids;
    before.forEach((pid) => process.kill(pid, 'SIGKILL'));
    expectDigits(await read(digits));
    expect(pool.pids.filter((pid) => before.includes(pid))).toEqual([]);
  });

  it('loses nothing when its processes are killed while they read', async () => {
    pool = new ReaderPool({ processes: 2 });
    await read(digits.slice(0, 2));
    for (let round = 0; round < 5; round++) {
      const reading = read([...digits, ...digits, ...digits]);
      await sleep(2);
      pool.pids.forEach((pid) => process.kill(pid, 'SIGKILL'));
      const outcomes = await reading;
      for (let start = 0; start < outcomes.length; start += DIGITS)
        expectDigits(outcomes.slice(start, start + DIGITS));
    }
  });
});

describe('a file that never answers', () => {
  it.each(['hang.png', 'wait.png'])(
    'fails when the time is over, and the others are read: %s',
    async (name) => {
      faulty();
      await read(digits.slice(0, 2));
      const before = pool.pids;
      const outcomes = await read([...digits.slice(0, 60), at(name), ...digits.slice(60)]);
      expect(outcomes[60]).toEqual({
        status: 'failed',
        reason: { code: 'read-timeout', params: { seconds: 0.6 } },
      });
      expectDigits(outcomes.slice(0, 60));
      expectDigits(outcomes.slice(61), 60);
      expect(await gone(before.filter((pid) => !pool.pids.includes(pid)))).toBe(true);
      expect(pool.pids.filter((pid) => before.includes(pid))).toHaveLength(1);
      expectDigits(await read(digits));
    },
  );

  it('does not fail because others before it took long', async () => {
    faulty({ processes: 1, timeoutMs: 1_000 });
    const names = Array.from({ length: 4 }, (_, index) => at(`hang-${index}.png`));
    const outcomes = await read([...names, digits[0]!]);
    expect(outcomes.slice(0, 4).every((outcome) => outcome.status === 'failed')).toBe(true);
    expectDigits(outcomes.slice(4));
  });
});

describe('a file that ends its reader', () => {
  it('fails, and the others are read', async () => {
    faulty();
    const bad = ['crash-1.png', 'crash-2.png', 'exit.png', 'throw.png'];
    const outcomes = await read([
      at(bad[0]!),
      ...digits.slice(0, 40),
      at(bad[1]!),
      at(bad[2]!),
      ...digits.slice(40),
      at(bad[3]!),
    ]);
    const crashed = (end: string | number) => ({
      status: 'failed',
      reason: { code: 'decoder-crashed', params: { end } },
    });
    expect(outcomes[0]).toEqual(crashed('SIGSEGV'));
    expect(outcomes[41]).toEqual(crashed('SIGSEGV'));
    expect(outcomes[42]).toEqual(crashed(7));
    expect(outcomes.at(-1)).toEqual({
      status: 'failed',
      reason: { code: 'read-error', params: { detail: 'TypeError' } },
    });
    expectDigits(outcomes.slice(1, 41));
    expectDigits(outcomes.slice(43, -1), 40);
  });

  it('fails alone in its call too', async () => {
    faulty();
    expect(await read([at('crash.png')])).toMatchObject([
      { status: 'failed', reason: { code: 'decoder-crashed' } },
    ]);
  });
});

describe('what is looked at', () => {
  it('comes from a process of its own, which starts with the first look', async () => {
    pool = new ReaderPool({ processes: 1 });
    await read(digits.slice(0, 3));
    const [reader] = pool.pids;
    const { format, width } = await sharp(await pool.original(digits[0]!)).metadata();
    expect({ format, width }).toEqual({ format: 'png', width: 28 });
    const steps = await pool.steps(digits[1]!, defaultRecipe);
    expect(steps.map(({ name }) => name)).toEqual(['decoded', 'grey', 'ink', 'crop', 'box', 'centred']);
    expect(Buffer.compare(steps.at(-1)!.pixels, tileOf(tiles, 1))).toBe(0);
    expect(pool.pids).toHaveLength(2);
    expect(pool.pids[0]).toBe(reader);
  });

  it('does not wait for a batch, nor for a reader that hangs', async () => {
    faulty({ timeoutMs: 60_000 });
    const batch = read([at('hang-1.png'), ...digits, at('hang-2.png')]).catch((error: unknown) => error);
    let ended = false;
    void batch.then(() => (ended = true));
    for (const look of [pool.original(digits[0]!), pool.steps(digits[0]!, defaultRecipe)])
      expect((await look).length).toBeGreaterThan(0);
    expect(ended).toBe(false);
    await pool.close();
    expect(await batch).toMatchObject({ code: 'cancelled' });
  });

  it('costs the one that asks next to nothing, however large it is', async () => {
    pool = new ReaderPool();
    const large = at('large.jpg');
    await sharp({ create: { width: 9_000, height: 7_000, channels: 3, background: '#eee' } })
      .jpeg()
      .toFile(large.toString());
    await pool.original(digits[0]!);
    const before = process.cpuUsage();
    const png = await pool.original(large);
    const steps = await pool.steps(large, defaultRecipe);
    const { user, system } = process.cpuUsage(before);
    // In this process, all threads taken together, it would be most of a second.
    expect((user + system) / 1_000).toBeLessThan(150);
    expect((await sharp(png).metadata()).width).toBe(1_600);
    expect(steps[0]).toMatchObject({ name: 'decoded', width: 512, height: 398 });
  });

  it('says why it cannot be shown, and the next is shown', async () => {
    faulty();
    const unreadable = (file: string, reason: string, params = {}) => ({
      code: 'original-unreadable',
      params: { file, reason, ...params },
    });
    await expect(pool.original(at('missing.png'))).rejects.toMatchObject(
      unreadable('missing.png', 'vanished'),
    );
    await expect(pool.original(at('hang.png'))).rejects.toMatchObject(
      unreadable('hang.png', 'read-timeout', { seconds: 0.6 }),
    );
    await expect(pool.steps(at('crash.png'), defaultRecipe)).rejects.toMatchObject(
      unreadable('crash.png', 'decoder-crashed', { end: 'SIGSEGV' }),
    );
    expect((await pool.original(digits[0]!)).length).toBeGreaterThan(0);
  });

  it('makes way when nobody waits for it any more', async () => {
    faulty({ timeoutMs: 60_000 });
    const stop = new AbortController();
    const hanging = pool.original(at('hang.png'), stop.signal).catch((error: unknown) => error);
    const waiting = pool.original(at('crash.png'), stop.signal).catch((error: unknown) => error);
    const next = pool.original(digits[0]!);
    stop.abort();
    expect(await hanging).toMatchObject({ code: 'cancelled' });
    expect(await waiting).toMatchObject({ code: 'cancelled' });
    expect((await next).length).toBeGreaterThan(0);
    await expect(pool.original(digits[0]!, stop.signal)).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('the processes', () => {
  it('that cannot start are an error, not the files’ fault', async () => {
    faulty({ entry: new URL('./missing.testing.ts', import.meta.url) });
    const error: unknown = await read(digits).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(StudioError);
    expect(error).toMatchObject({
      code: 'internal',
      params: { detail: 'the image reader does not start: exit code 1' },
    });
  });

  it('are gone when the pool is closed, and what they read is cancelled', async () => {
    faulty({ timeoutMs: 60_000 });
    const reading = read([...digits, at('hang.png'), ...digits]).catch((error: unknown) => error);
    while (pool.pids.length < 2) await sleep(10);
    const { pids } = pool;
    await pool.close();
    expect(pids.some(isAlive)).toBe(false);
    expect(await reading).toMatchObject({ code: 'cancelled' });
    await expect(read(digits)).rejects.toMatchObject({ code: 'cancelled' });
  });

  it.each(['hang.png', 'wait.png'])('end with the one that started them, at %s', async (name) => {
    pool = new ReaderPool();
    const script = path.join(import.meta.dirname, 'orphan.testing.ts');
    const files = [at(name), at(name)].map(String);
    const parent = spawn(process.execPath, [script, ...files], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pids = JSON.parse(line.toString()) as number[];
    expect(pids).toHaveLength(2);
    // Until they are at their files.
    await sleep(1_500);
    expect(pids.every(isAlive)).toBe(true);
    parent.kill('SIGKILL');
    expect(await gone(pids)).toBe(true);
  });

  it('leave nothing in the folder for temporary files', async () => {
    const leftovers = () =>
      fs.readdirSync(os.tmpdir()).filter((name) => name.startsWith('lenet-studio-reader-'));
    const before = leftovers();
    pool = new ReaderPool({ processes: 2 });
    await read(digits);
    expect(leftovers()).toEqual(before);
  });
});
