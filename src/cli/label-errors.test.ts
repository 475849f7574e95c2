import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { run, writeDigits } from './run.testing.ts';

vi.setConfig({ testTimeout: 90_000 });

const DIGITS = 600;
const HEADER = 'path,label,suggested,suspicion,label_probability,suggested_probability,confident';
const settings = ['--folds', '3', '--epochs', '8', '--batch-size', '16'];

let home: string;
let labels: number[];
beforeAll(async () => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-cli-label-errors-'));
  const folder = path.join(home, 'digits');
  labels = await writeDigits(folder, DIGITS);
  // Every sixtieth lies among the digits of the next class.
  for (let at = 0; at < DIGITS; at += 60) {
    const wrong = path.join(folder, String((labels[at]! + 1) % 10), `${at}.png`);
    fs.renameSync(path.join(folder, String(labels[at]), `${at}.png`), wrong);
  }
});
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

it('lists suspects as CSV, most suspicious first, by the files’ names', async () => {
  const out = path.join(home, 'suspects.csv');
  const args = ['label-errors', '--data', 'digits', ...settings, '--out', out];
  const { code, json } = await run([...args, '--json'], { cwd: home });
  expect(code).toBe(0);
  const [header, ...lines] = fs.readFileSync(out, 'utf8').trimEnd().split('\n');
  expect(header).toBe(HEADER);
  expect(json()).toMatchObject({ digits: DIGITS, folds: 3, suspects: lines.length, training: { epochs: 8 } });
  const rows = lines.map((line) => line.split(','));
  const suspicions = rows.map((row) => Number(row[3]));
  expect(suspicions).toEqual([...suspicions].sort((a, b) => b - a));
  for (const [name, label, suggested, suspicion, given, other] of rows) {
    expect(Number(other)).toBeGreaterThan(Number(given));
    expect(name).toMatch(new RegExp(`^${label}/\\d+\\.png$`));
    expect(suggested).not.toBe(label);
    expect(1 - Number(given)).toBeCloseTo(Number(suspicion), 5);
  }
  const found = rows.filter(([name, , suggested]) => {
    const at = Number(path.basename(name!, '.png'));
    return at % 60 === 0 && Number(suggested) === labels[at];
  });
  // Of ten; one digit in sixty by chance.
  expect(found.length).toBeGreaterThan(4);

  // An earlier list is replaced, another file is not; the digits stay where they are.
  const again = await run(['label-errors', '--data', 'digits', ...settings], { cwd: home });
  expect(again.stdout).toBe(fs.readFileSync(out, 'utf8'));
  fs.writeFileSync(out, 'mine');
  const refused = await run(args, { cwd: home });
  expect([refused.code, fs.readFileSync(out, 'utf8')]).toEqual([1, 'mine']);
  expect(refused.stderr).toContain('exists already');
});

it('reads pictures as the model does, but for what the options say', async () => {
  const few = ['--epochs', '1', '--data', 'digits'];
  expect((await run(['train', ...few, '--deskew', '--out', 'upright'], { cwd: home })).code).toBe(0);
  const normalisationOf = async (...more: string[]): Promise<unknown> => {
    const { json } = await run(['label-errors', ...few, '--folds', '2', '--json', ...more], { cwd: home });
    return json()['normalisation'];
  };
  const own = { polarity: 'auto', crop: true, deskew: true };
  expect(await normalisationOf('--model', 'upright')).toEqual(own);
  expect(await normalisationOf('--model', 'upright', '--no-crop')).toEqual({ ...own, crop: false });
  expect(await normalisationOf('--polarity', 'light-on-dark')).toEqual({
    ...own,
    polarity: 'light-on-dark',
    deskew: false,
  });
  const { code, stderr } = await run(['label-errors', ...few, '--polarity', 'grey'], { cwd: home });
  expect(code).toBe(2);
  expect(stderr).toContain('dark-on-light');
});

it('takes no fewer than two folds, and no model that is not there', async () => {
  const { code, stderr } = await run(['label-errors', '--data', 'digits', '--folds', '1'], { cwd: home });
  expect(code).toBe(2);
  expect(stderr).toContain('a whole number from 2 to 20');
  const missing = await run(['label-errors', '--data', 'digits', '--model', 'none'], { cwd: home });
  expect(missing.code).toBe(1);
  expect(missing.stderr).toContain('none');
});
