import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StudioError } from '../../shared/errors.ts';
import { joinBytes } from './names.ts';
import { walk, type WalkEntry } from './walk.ts';

let root: string;
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'walk-'));
});
afterEach(() => {
  execFileSync('chmod', ['-R', 'u+rwx', root]);
  fs.rmSync(root, { recursive: true });
});

const isRoot = process.getuid?.() === 0;
const at = (...names: string[]): string => path.join(root, ...names);
function put(name: string, content = 'x'): void {
  fs.mkdirSync(path.dirname(at(name)), { recursive: true });
  fs.writeFileSync(at(name), content);
}
async function all(folder: string | Buffer = root, signal?: AbortSignal): Promise<WalkEntry[]> {
  const entries: WalkEntry[] = [];
  for await (const chunk of walk(folder, { signal })) entries.push(...chunk);
  return entries;
}
const reasonOf = (entry: WalkEntry | undefined): string =>
  entry === undefined
    ? 'no row'
    : entry.outcome === 'file'
      ? 'file'
      : `${entry.outcome} ${entry.reason.code}`;
async function rows(): Promise<Record<string, string>> {
  const entries = await all();
  expect(new Set(entries.map((entry) => entry.path.toString('latin1'))).size).toBe(entries.length);
  return Object.fromEntries(entries.map((entry) => [entry.path.toString(), reasonOf(entry)]));
}

describe('walk', () => {
  it('orders by the bytes of the full path', async () => {
    const names = [
      'a/1',
      'a/b/2',
      'a-/1',
      'a.png',
      'a0/1',
      'a b,"c"\n.png',
      'Z',
      'z',
      'ü',
      '字',
      '🙂',
      '\ufffd',
      'e/f',
    ];
    names.forEach((name) => put(name));
    fs.writeFileSync(joinBytes(Buffer.from(root), Buffer.from([0xff, 0x2e, 0x70])), 'x');
    fs.mkdirSync(at('empty'));
    const found = (await all()).map((entry) => entry.path);
    expect(found).toHaveLength(names.length + 1);
    expect(found).toEqual([...found].sort(Buffer.compare));
    expect(found.at(-1)).toEqual(Buffer.from([0xff, 0x2e, 0x70]));
  });

  it('gives size and exact time', async () => {
    put('7.png', 'seven');
    const stats = fs.lstatSync(at('7.png'), { bigint: true });
    expect(await all()).toEqual([
      { path: Buffer.from('7.png'), outcome: 'file', size: 5, mtimeNs: stats.mtimeNs },
    ]);
  });

  it('skips what is hidden or the system’s', async () => {
    [
      '.x.png',
      '.git/a/b.png',
      '.git/Thumbs.db',
      'Thumbs.db',
      's/desktop.ini',
      's/.DS_Store',
      's/ok.png',
    ].forEach((name) => put(name));
    expect(await rows()).toEqual({
      '.git/Thumbs.db': 'skipped hidden',
      '.git/a/b.png': 'skipped hidden',
      '.x.png': 'skipped hidden',
      'Thumbs.db': 'skipped system-file',
      's/.DS_Store': 'skipped system-file',
      's/desktop.ini': 'skipped system-file',
      's/ok.png': 'file',
    });
  });

  it('lists a hidden folder that the user chose', async () => {
    put('.scans/1.png');
    expect(reasonOf((await all(at('.scans')))[0])).toBe('file');
  });

  it('follows no link, so a loop is one row', async () => {
    put('a/1.png');
    fs.symlinkSync(root, at('a', 'loop'));
    fs.symlinkSync(at('a', '1.png'), at('link.png'));
    fs.symlinkSync('/nowhere', at('dangling'));
    expect(await rows()).toEqual({
      'a/1.png': 'file',
      'a/loop': 'skipped symbolic-link',
      dangling: 'skipped symbolic-link',
      'link.png': 'skipped symbolic-link',
    });
  });

  it('starts at a link to a folder that the user chose', async () => {
    put('a/1.png');
    fs.symlinkSync(at('a'), at('chosen'));
    expect((await all(at('chosen'))).map((entry) => entry.path.toString())).toEqual(['1.png']);
  });

  it('opens neither pipe nor socket', async () => {
    execFileSync('mkfifo', [at('pipe.png')]);
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(at('socket.png'), resolve));
    const found = await rows();
    await new Promise((resolve) => server.close(resolve));
    expect(found).toEqual({
      'pipe.png': 'skipped not-a-regular-file',
      'socket.png': 'skipped not-a-regular-file',
    });
  });

  it('opens no device', async () => {
    const devices = new Map((await all('/dev')).map((entry) => [entry.path.toString(), reasonOf(entry)]));
    for (const name of ['null', 'zero', 'random', 'tty'])
      expect(devices.get(name)).toBe('skipped not-a-regular-file');
  });

  // The suite runs unprivileged; for root every folder is readable.
  it.skipIf(isRoot)('gives an unreadable folder one row and goes on', async () => {
    ['a/1', 'b/2', 'c/3', 'd/4', '.e/5'].forEach((name) => put(name));
    fs.chmodSync(at('b'), 0);
    fs.chmodSync(at('.e'), 0);
    fs.chmodSync(at('d'), 0o400);
    expect(await rows()).toEqual({
      '.e/': 'skipped hidden',
      'a/1': 'file',
      'b/': 'failed folder-permission-denied',
      'c/3': 'file',
      'd/4': 'failed permission-denied',
    });
  });

  it('gives rows for files and folders that vanish while it walks', async () => {
    for (let file = 0; file < 600; file++) put(`a/${1000 + file}.png`);
    put('b/1.png');
    put('c/1.png');
    const found: WalkEntry[] = [];
    for await (const chunk of walk(root)) {
      if (found.length === 0) {
        fs.rmSync(at('a'), { recursive: true });
        fs.rmSync(at('b'), { recursive: true });
      }
      found.push(...chunk);
    }
    // What is listed in a folder keeps its row; b was listed by its parent only.
    const byPath = new Map(found.map((entry) => [entry.path.toString(), reasonOf(entry)]));
    expect(byPath.size).toBe(602);
    expect(byPath.get('a/1599.png')).toBe('failed vanished');
    expect(byPath.get('b/')).toBe('failed vanished');
    expect(byPath.get('c/1.png')).toBe('file');
  });

  it('refuses a root that cannot be listed', async () => {
    put('file');
    for (const [folder, detail] of [
      [at('missing'), 'ENOENT'],
      [at('file'), 'ENOTDIR'],
    ])
      await expect(all(folder)).rejects.toMatchObject({
        code: 'folder-unreadable',
        params: { folder, detail },
      });
  });

  it('takes a root that is not UTF-8', async () => {
    const odd = joinBytes(Buffer.from(root), Buffer.from([0xfe]));
    fs.mkdirSync(odd);
    fs.writeFileSync(joinBytes(odd, Buffer.from('1')), '');
    expect(await all(odd)).toHaveLength(1);
  });

  it('yields early, in chunks, and stops at once', async () => {
    for (let file = 0; file < 1500; file++) put(`${file}.png`);
    const stop = new AbortController();
    let chunks = 0;
    const walking = (async (): Promise<void> => {
      for await (const chunk of walk(root, { signal: stop.signal })) {
        expect(chunk.length).toBeLessThanOrEqual(256);
        if (++chunks === 2) stop.abort();
      }
    })();
    await expect(walking).rejects.toEqual(new StudioError('cancelled'));
    expect(chunks).toBe(2);
  });

  it('says that a link leads round in a circle of folders', async () => {
    fs.mkdirSync(at('a', 'b'), { recursive: true });
    fs.symlinkSync('../..', at('a', 'b', 'up'));
    fs.symlinkSync('self', at('self'));
    expect(await rows()).toEqual({ 'a/b/up': 'skipped symbolic-link', self: 'skipped symbolic-link' });
  });

  it('goes a long way down', async () => {
    const deep = Array.from({ length: 300 }, () => 'd').join('/');
    put(`${deep}/1.png`);
    expect((await all()).map((entry) => entry.path.toString())).toEqual([`${deep}/1.png`]);
  });
});
