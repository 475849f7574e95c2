import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fileInside } from './inside.ts';

let home: string;
beforeAll(() => {
  home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'studio-inside-')));
  for (const folder of ['root/a/b', 'root2', 'outside'])
    fs.mkdirSync(path.join(home, folder), { recursive: true });
  for (const file of ['root/a/b/digit.png', 'root/a/..dots', 'root2/secret.png', 'outside/secret.png'])
    fs.writeFileSync(path.join(home, file), 'x');
  fs.symlinkSync(path.join(home, 'outside'), path.join(home, 'root/way-out'));
  fs.symlinkSync(path.join(home, 'outside/secret.png'), path.join(home, 'root/link.png'));
  fs.symlinkSync(path.join(home, 'root/a'), path.join(home, 'root/way-in'));
  fs.symlinkSync(path.join(home, 'root'), path.join(home, 'chosen'));
});
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

const inside = async (relative: string, root = 'root'): Promise<string | null> =>
  (await fileInside(Buffer.from(path.join(home, root)), Buffer.from(relative)))?.toString() ?? null;

it('finds a file below its root, also when the root was chosen through a link', async () => {
  expect(await inside('a/b/digit.png')).toBe(path.join(home, 'root/a/b/digit.png'));
  expect(await inside('a/..dots')).toBe(path.join(home, 'root/a/..dots'));
  expect(await inside('a/b/digit.png', 'chosen')).toBe(path.join(home, 'chosen/a/b/digit.png'));
});

it.each([
  ['the folder above', '../outside/secret.png'],
  ['the folder above, on the way', 'a/../../outside/secret.png'],
  ['a folder whose name begins like the root', '../root2/secret.png'],
  ['an absolute path', '/etc/passwd'],
  ['a path that begins with two slashes', '//etc/passwd'],
  ['the root by a dot', './a/b/digit.png'],
  ['a link that leads out', 'way-out/secret.png'],
  // It may lead elsewhere by the time that it is read.
  ['a link that leads to a folder within', 'way-in/b/digit.png'],
  ['nothing', ''],
  ['what is not there', 'a/b/other.png'],
])('refuses %s', async (_, relative) => {
  expect(await inside(relative)).toBeNull();
});

it('does not follow a link that the path ends with: whoever reads it refuses links', async () => {
  expect(await inside('link.png')).toBe(path.join(home, 'root/link.png'));
});
