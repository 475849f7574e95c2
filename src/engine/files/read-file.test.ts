import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readRegularFile } from './read-file.ts';

let root: string;
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'read-'));
});
afterEach(() => fs.rmSync(root, { recursive: true }));
const at = (name: string): string => path.join(root, name);

it('reads a file', () => {
  fs.writeFileSync(at('a'), 'seven');
  expect(readRegularFile(at('a'), 5)).toEqual(Buffer.from('seven'));
  expect(readRegularFile(Buffer.from(at('a')), 5)).toEqual(Buffer.from('seven'));
  fs.writeFileSync(at('empty'), '');
  expect(readRegularFile(at('empty'), 5)).toEqual(Buffer.alloc(0));
});

it('refuses a file above the limit', () => {
  fs.writeFileSync(at('a'), 'seven');
  expect(readRegularFile(at('a'), 4)).toEqual({
    status: 'failed',
    reason: { code: 'file-too-large', params: { bytes: 5, limit: 4 } },
  });
});

it('says what is not a file, without waiting for it', async () => {
  fs.writeFileSync(at('a'), 'seven');
  fs.symlinkSync(at('a'), at('link'));
  execFileSync('mkfifo', [at('pipe')]);
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(at('socket'), resolve));
  const outcomes = ['link', 'pipe', 'socket', '.', 'missing', 'a/b'].map((name) =>
    readRegularFile(at(name), 9),
  );
  await new Promise((resolve) => server.close(resolve));
  expect(outcomes).toEqual([
    { status: 'skipped', reason: { code: 'symbolic-link' } },
    { status: 'skipped', reason: { code: 'not-a-regular-file' } },
    { status: 'skipped', reason: { code: 'not-a-regular-file' } },
    { status: 'skipped', reason: { code: 'not-a-regular-file' } },
    { status: 'failed', reason: { code: 'vanished' } },
    { status: 'failed', reason: { code: 'vanished' } },
  ]);
});

it('reads nothing through a folder that has become a link, unless asked', () => {
  fs.mkdirSync(at('outside'));
  fs.writeFileSync(at('outside/a'), 'seven');
  fs.mkdirSync(at('inside'));
  fs.symlinkSync(at('outside'), at('inside/folder'));
  fs.mkdirSync(at('outside/deep'));
  fs.writeFileSync(at('outside/deep/a'), 'eight');
  for (const name of ['inside/folder/a', 'inside/folder/deep/a']) {
    expect(readRegularFile(at(name), 9)).toEqual({ status: 'skipped', reason: { code: 'symbolic-link' } });
    expect(Buffer.isBuffer(readRegularFile(at(name), 9, true))).toBe(true);
  }
  expect(readRegularFile(at('outside/a'), 9)).toEqual(Buffer.from('seven'));
});

it.skipIf(process.getuid?.() === 0)('says that a file may not be read', () => {
  fs.writeFileSync(at('a'), 'seven', { mode: 0 });
  expect(readRegularFile(at('a'), 9)).toEqual({ status: 'failed', reason: { code: 'permission-denied' } });
});

it('keeps the path out of the detail of other errors', () => {
  expect(readRegularFile(at('n'.repeat(300)), 9)).toEqual({
    status: 'failed',
    reason: { code: 'read-error', params: { detail: 'ENAMETOOLONG' } },
  });
});

it('follows a link when asked, to a file only', () => {
  fs.writeFileSync(at('a'), 'seven');
  fs.symlinkSync(at('a'), at('link'));
  fs.symlinkSync('/dev/zero', at('zero'));
  execFileSync('mkfifo', [at('pipe')]);
  fs.symlinkSync(at('pipe'), at('to-pipe'));
  expect(readRegularFile(at('link'), 9, true)).toEqual(Buffer.from('seven'));
  for (const name of ['zero', 'to-pipe', '.'])
    expect(readRegularFile(at(name), 9, true)).toEqual({
      status: 'skipped',
      reason: { code: 'not-a-regular-file' },
    });
});
