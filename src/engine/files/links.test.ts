import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FollowedLinks } from './links.ts';
import { entryAt, walk } from './walk.ts';

let home: string;
let root: string;
beforeEach(() => {
  home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'studio-links-')));
  root = path.join(home, 'root');
  put('root/own/1.png');
});
afterEach(() => fs.rmSync(home, { recursive: true, force: true }));

const at = (name: string): string => path.join(home, name);
function put(name: string, content = 'x'): void {
  fs.mkdirSync(path.dirname(at(name)), { recursive: true });
  fs.writeFileSync(at(name), content);
}
/** `target` is taken from the home folder unless it is relative by dots. */
const link = (name: string, target: string): void =>
  fs.symlinkSync(target.startsWith('.') ? target : at(target), at(name));

async function rows(follow = true, folder = root): Promise<Record<string, string>> {
  const links = follow ? await FollowedLinks.below(Buffer.from(folder)) : null;
  const found: [string, string][] = [];
  for await (const chunk of walk(folder, { links }))
    for (const entry of chunk)
      found.push([
        entry.path.toString(),
        entry.outcome === 'file' ? 'file' : `${entry.outcome} ${entry.reason.code}`,
      ]);
  const paths = found.map(([name]) => Buffer.from(name));
  expect(paths).toEqual(paths.toSorted(Buffer.compare));
  expect(new Set(found.map(([name]) => name)).size).toBe(found.length);
  return Object.fromEntries(found);
}

it('follows links to files and folders outside only when asked', async () => {
  put('outside/a/2.png', 'two');
  put('outside/3.png');
  put('root-sibling/4.png');
  link('root/folder', 'outside/a');
  link('root/three.png', 'outside/3.png');
  link('root/sibling', 'root-sibling');
  const refused = 'skipped symbolic-link';
  expect(await rows(false)).toEqual({
    ...{ folder: refused, 'own/1.png': 'file', sibling: refused, 'three.png': refused },
  });
  expect(await rows()).toEqual({
    ...{ 'folder/2.png': 'file', 'own/1.png': 'file', 'sibling/4.png': 'file', 'three.png': 'file' },
  });
});

it('gives size and time of what the link leads to', async () => {
  put('outside/3.png', 'three');
  link('root/three.png', 'outside/3.png');
  const stats = fs.statSync(at('outside/3.png'), { bigint: true });
  const links = await FollowedLinks.below(Buffer.from(root));
  const told = { outcome: 'file', size: 5, mtimeNs: stats.mtimeNs };
  for await (const chunk of walk(root, { links })) expect(chunk[1]).toMatchObject(told);
  expect(await entryAt(Buffer.from(root), Buffer.from('three.png'), links)).toMatchObject(told);
  expect(await entryAt(Buffer.from(root), Buffer.from('three.png'))).toMatchObject({ outcome: 'skipped' });
});

it('comes to no end of folders: what holds the link or the root is not entered', async () => {
  put('outside/deep/5.png');
  link('outside/deep/up', '..');
  link('outside/deep/root', 'root');
  link('root/home', '.');
  link('root/above', '..');
  link('root/own/back', '..');
  link('root/out', 'outside');
  link('root/system', '/'.slice(1));
  fs.symlinkSync('/', at('root/everything'));
  expect(await rows()).toEqual({
    above: 'skipped link-loop',
    everything: 'skipped link-loop',
    home: 'skipped link-loop',
    'out/deep/5.png': 'file',
    'out/deep/root': 'skipped link-loop',
    'out/deep/up': 'skipped link-loop',
    'own/1.png': 'file',
    'own/back': 'skipped link-loop',
    system: 'skipped link-loop',
  });
});

it('reads each file once: the folder’s own ones under their own path, of several links the first', async () => {
  put('outside/a/6.png');
  put('outside/b/7.png');
  put('outside/8.png');
  link('root/a-link-to-own', 'root/own');
  link('root/own-file', 'root/own/1.png');
  link('root/first', 'outside/a');
  link('root/second', 'outside/a');
  link('root/whole', 'outside');
  link('root/in-whole.png', 'outside/8.png');
  link('root/zz.png', 'outside/b/7.png');
  const repeats = 'skipped link-repeats';
  expect(await rows()).toEqual({
    'a-link-to-own': repeats,
    'first/6.png': 'file',
    'in-whole.png': 'file',
    'own-file': repeats,
    'own/1.png': 'file',
    second: repeats,
    'whole/8.png': repeats,
    'whole/a': repeats,
    'whole/b/7.png': repeats,
    'zz.png': 'file',
  });
});

it('follows a link to what is hidden below the root, and no hidden link', async () => {
  put('root/.store/objects/9.png');
  link('root/nine.png', 'root/.store/objects/9.png');
  put('outside/0.png');
  link('root/.zero.png', 'outside/0.png');
  expect(await rows()).toEqual({
    '.store/objects/9.png': 'skipped hidden',
    '.zero.png': 'skipped hidden',
    'nine.png': 'file',
    'own/1.png': 'file',
  });
});

it('gives a link that leads nowhere a failed row, and one to no file a skipped one', async () => {
  link('root/gone.png', 'missing.png');
  link('root/self', './self');
  fs.symlinkSync('/dev/zero', at('root/zero.png'));
  execFileSync('mkfifo', [at('pipe')]);
  link('root/pipe.png', 'pipe');
  expect(await rows()).toEqual({
    'gone.png': 'failed broken-link',
    'own/1.png': 'file',
    'pipe.png': 'skipped not-a-regular-file',
    self: 'failed broken-link',
    'zero.png': 'skipped not-a-regular-file',
  });
});

it('takes a root that was chosen through a link for what it leads to', async () => {
  link('chosen', 'root');
  link('root/own/again', 'root/own');
  expect(await rows(true, at('chosen'))).toEqual({
    'own/1.png': 'file',
    'own/again': 'skipped link-loop',
  });
});
