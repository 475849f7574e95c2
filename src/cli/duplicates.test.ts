import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { run, writeDigits } from './run.testing.ts';

vi.setConfig({ testTimeout: 60_000 });

let home: string;
beforeAll(async () => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-cli-duplicates-'));
  const [first, second] = await writeDigits(path.join(home, 'digits', 'train'), 60);
  const from = (at: number, label: number): string =>
    path.join(home, 'digits', 'train', String(label), `${at}.png`);
  const test = path.join(home, 'digits', 'test', String((first! + 1) % 10));
  fs.mkdirSync(test, { recursive: true });
  fs.copyFileSync(from(0, first!), path.join(test, 'leak.png'));
  fs.copyFileSync(from(1, second!), path.join(home, 'digits', 'train', String(second), 'copy.png'));
});
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

it('counts what is there twice, for people and as JSON', async () => {
  const { code, json } = await run(['duplicates', '--data', 'digits', '--json'], { cwd: home });
  expect(code).toBe(0);
  expect(json()).toMatchObject({
    digits: 62,
    exact: { pairs: 2, otherLabel: 1, leaks: 1 },
    near: { pairs: 0 },
    more: 0,
  });
  const { stdout } = await run(['duplicates', '--data', 'digits'], { cwd: home });
  expect(stdout).toMatch(/^Compared 62 digits in/);
  expect(stdout).toMatch(/^exact +2 +1 +1$/m);
});

it('compares digits as they are read', async () => {
  const [label] = await writeDigits(path.join(home, 'sheets'), 1);
  const folder = path.join(home, 'sheets', String(label));
  const background = '#000';
  // The same digit in the corner of a larger picture.
  await sharp(path.join(folder, '0.png'))
    .extend({ right: 56, bottom: 56, background })
    .toFile(path.join(folder, 'corner.png'));
  const pairs = async (...more: string[]): Promise<number> => {
    const { json } = await run(['duplicates', '--data', 'sheets', '--json', ...more], { cwd: home });
    const { exact, near } = json() as Record<'exact' | 'near', { pairs: number }>;
    return exact.pairs + near.pairs;
  };
  expect(await pairs()).toBe(1);
  expect(await pairs('--no-crop')).toBe(0);
  const { code } = await run(['duplicates', '--data', 'sheets', '--polarity', 'grey'], { cwd: home });
  expect(code).toBe(2);
});

it('names a folder that is not there', async () => {
  const { code, stderr } = await run(['duplicates', '--data', 'nowhere'], { cwd: home });
  expect(code).toBe(1);
  expect(stderr).toContain('nowhere');
});
