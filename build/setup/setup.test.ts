import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cache, node24, root } from './paths.mjs';

/** A checkout in which TensorFlow has still to be set up; packages are those of this one. */
let checkout: string;
let home: string;
beforeAll(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'setup-'));
  checkout = path.join(home, 'checkout');
  const modules = path.join(checkout, 'node_modules');
  fs.mkdirSync(path.join(modules, '@tensorflow'), { recursive: true });
  fs.cpSync(path.join(root, 'build'), path.join(checkout, 'build'), { recursive: true });
  for (const name of ['node-gyp', path.basename(path.dirname(path.dirname(node24)))])
    fs.symlinkSync(path.join(root, 'node_modules', name), path.join(modules, name));
  const tfjs = path.join('@tensorflow', 'tfjs-node');
  fs.cpSync(path.join(root, 'node_modules', tfjs), path.join(modules, tfjs), {
    recursive: true,
    filter: (file) => !/\/(deps|lib|dist|node_modules|\.lenet-studio\.json)$/.test(file),
  });
});
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

/** A PATH with these programs only. */
function only(...programs: string[]): string {
  const folder = fs.mkdtempSync(path.join(home, 'bin-'));
  for (const program of programs) {
    const found = (process.env.PATH ?? '')
      .split(path.delimiter)
      .map((place) => path.join(place, program))
      .find((file) => fs.existsSync(file));
    if (found) fs.symlinkSync(found, path.join(folder, program));
  }
  return folder;
}

/** A cache that has the library, so that only the addon is left to make. */
function cacheWithLibrary(): string {
  const folder = fs.mkdtempSync(path.join(home, 'cache-'));
  const library = fs.readdirSync(cache).find((name) => /^libtensorflow-[^/]*[0-9a-f]{12}$/.test(name))!;
  fs.symlinkSync(path.join(cache, library), path.join(folder, library));
  return folder;
}

function setUpTensorflow(env: Record<string, string>): { status: number | null; said: string } {
  const script = `import { tensorflow } from './build/setup/tensorflow.mjs';
    import { fail } from './build/setup/report.mjs';
    await tensorflow().catch(fail);`;
  const emptyCache = fs.mkdtempSync(path.join(home, 'cache-'));
  const { status, stderr } = spawnSync(node24, ['--input-type=module', '-e', script], {
    cwd: checkout,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: home, LENET_STUDIO_CACHE: emptyCache, ...env },
    timeout: 60_000,
  });
  return { status, said: stderr };
}

describe('set-up that cannot go on names the step, the cause and the way out', () => {
  it('without python3', () => {
    const { status, said } = setUpTensorflow({ PATH: only('tar') });
    expect(status).toBe(1);
    expect(said).toMatch(
      /stopped at: tensorflow\n.*Cause: +python3 is missing\n.*Way out: Install python3 with pip/,
    );
  });

  it('without a network', () => {
    // The discard port of this machine: nothing answers there.
    const { status, said } = setUpTensorflow({ PIP_INDEX_URL: 'http://127.0.0.1:9/', PIP_RETRIES: '0' });
    expect(status).toBe(1);
    expect(said).toMatch(/stopped at: tensorflow\n.*Cause: +the download failed/);
    expect(said).toMatch(/Way out: Check the network/);
  });

  it('when the download is not what was pinned', () => {
    const index = fs.mkdtempSync(path.join(home, 'index-'));
    const wheel = 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl';
    const made = spawnSync('python3', [
      '-c',
      `import sys, zipfile
z = zipfile.ZipFile(sys.argv[1], 'w')
z.writestr('tensorflow_cpu-2.21.0.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: tensorflow-cpu\\nVersion: 2.21.0\\n')
z.writestr('tensorflow_cpu-2.21.0.dist-info/WHEEL', 'Wheel-Version: 1.0\\nTag: cp311-cp311-manylinux_2_27_x86_64\\n')
z.writestr('tensorflow_cpu-2.21.0.dist-info/RECORD', '')`,
      path.join(index, wheel),
    ]);
    expect(made.status).toBe(0);
    const { status, said } = setUpTensorflow({ PIP_NO_INDEX: '1', PIP_FIND_LINKS: index });
    expect(status).toBe(1);
    expect(said).toMatch(/Cause: +tensorflow_cpu-2\.21\.0.*SHA-256 [0-9a-f]{64}, expected [0-9a-f]{64}\n/);
    expect(said).toMatch(/Way out: .*Clear pip's cache/);
  });

  it('without a compiler', () => {
    const { status, said } = setUpTensorflow({
      PATH: only('python3', 'tar'),
      LENET_STUDIO_CACHE: cacheWithLibrary(),
    });
    expect(status).toBe(1);
    expect(said).toMatch(
      /stopped at: tensorflow\n.*Cause: +no C\+\+ compiler or make was found\n.*Way out: Install g\+\+, make/,
    );
  });

  it('in a cache that may not be written', () => {
    const locked = fs.mkdtempSync(path.join(home, 'cache-'));
    fs.chmodSync(locked, 0o555);
    const { status, said } = setUpTensorflow({ LENET_STUDIO_CACHE: locked });
    expect(status).toBe(1);
    expect(said).toMatch(/Cause: +no permission/);
    expect(said).toMatch(/Way out: .*LENET_STUDIO_CACHE/);
  });

  it('on a full disk', () => {
    const script = `import { fail } from './build/setup/report.mjs';
      import fs from 'node:fs';
      try { fs.writeFileSync('/dev/full', 'x'); } catch (error) { fail(error); }`;
    const { status, stderr } = spawnSync(node24, ['--input-type=module', '-e', script], {
      cwd: checkout,
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/Cause: +the disk is full\n.*Way out: Free 4 GB/);
  });

  it('leaves no half cache behind', () => {
    const folder = fs.mkdtempSync(path.join(home, 'cache-'));
    setUpTensorflow({ LENET_STUDIO_CACHE: folder, PIP_INDEX_URL: 'http://127.0.0.1:9/', PIP_RETRIES: '0' });
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});
