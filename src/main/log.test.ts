import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LogFile } from './log.ts';

let userData: string;
const file = (): string => path.join(userData, 'logs', 'engine.log');
beforeEach(() => (userData = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-log-'))));
afterEach(() => {
  vi.restoreAllMocks();
  fs.rmSync(userData, { recursive: true, force: true });
});

it('appends, and begins anew beside a file that has grown too long', async () => {
  fs.mkdirSync(path.dirname(file()));
  fs.writeFileSync(file(), 'x'.repeat(2 ** 20 + 1));
  new LogFile(userData, 'engine').line('first');
  await vi.waitFor(() => expect(fs.readFileSync(file(), 'utf8')).toMatch(/^\S+ first\n$/));
  expect(fs.statSync(`${file()}.old`).size).toBe(2 ** 20 + 1);
});

it.each([
  ['its folder cannot be made', () => fs.writeFileSync(path.dirname(file()), '')],
  ['it is a folder', () => fs.mkdirSync(file(), { recursive: true })],
  [
    'the older file cannot be replaced',
    () => {
      fs.mkdirSync(path.join(`${file()}.old`, 'inner'), { recursive: true });
      fs.writeFileSync(file(), 'x'.repeat(2 ** 20 + 1));
    },
  ],
])('throws nothing when %s', async (_, spoil) => {
  const complain = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  spoil();
  const log = new LogFile(userData, 'engine');
  log.line('dropped');
  await vi.waitFor(() => expect(complain).toHaveBeenCalledOnce());
  log.line('dropped too');
  await sleep(20);
});
