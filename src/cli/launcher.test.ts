import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultSettings } from '../engine/tensor/load.ts';
import { root, run, studio } from './run.testing.ts';

vi.setConfig({ testTimeout: 30_000 });

/** Another Node than the engine's on the PATH, which is what most users start the command with. */
const otherNode = (process.env['PATH'] ?? '')
  .split(path.delimiter)
  .map((folder) => path.join(folder, 'node'))
  .find((file) => fs.existsSync(file) && fs.realpathSync(file) !== fs.realpathSync(process.execPath));

let home: string;
beforeEach(() => (home = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-cli-'))));
afterEach(() => fs.rmSync(home, { recursive: true, force: true }));

describe('studio', () => {
  it('says in one line what to run before set-up', async () => {
    const copy = path.join(home, 'checkout', 'bin', 'studio.mjs');
    fs.cpSync(studio, copy);
    for (const node of [process.execPath, otherNode ?? process.execPath]) {
      const { code, stdout, stderr } = await run(['train'], { script: copy, node });
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
      expect(stderr).toContain('npm run setup');
    }
  });

  it('goes on by itself on the Node of the engine', async ({ skip }) => {
    if (!otherNode) return skip();
    const { code, json } = await run(['doctor', '--json'], { node: otherNode });
    expect(code).toBe(0);
    const parts = json()['parts'] as { part: string; version?: string }[];
    expect(parts.find(({ part }) => part === 'Node')!.version).toMatch(/^24\./);
  });

  it('tells how it is used', async () => {
    const help = await run(['--help']);
    expect([help.code, help.stderr]).toEqual([0, '']);
    for (const command of ['train', 'evaluate', 'classify', 'models', 'doctor', 'serve']) {
      expect(help.stdout).toContain(`  ${command} `);
      const { code, stdout } = await run([command, '--help']);
      expect(code).toBe(0);
      expect(stdout).toContain(`studio ${command}`);
    }
    const { code, stdout } = await run(['--version']);
    const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect([code, stdout]).toEqual([0, `${version}\n`]);
  });

  it.each([
    [[]],
    [['fly']],
    [['train', '--data', 'mnist']],
    [['train', '--data', 'mnist', '--out', 'x', '--epochs', '0']],
    [['train', '--data', 'mnist', '--out', 'x', '--epochs', '1.5']],
    [['train', '--data', 'mnist', '--out', 'x', '--seed', '-1']],
    [['train', '--data', 'mnist', '--out', 'x', '--learning-rate', '0']],
    [['train', '--data', 'mnist', '--out', 'x', '--limit', '']],
    [['train', '--data', 'mnist', '--out', 'x', '--pooling', 'min']],
    [['train', '--data', 'mnist', '--out', 'x', '--epoch', '3']],
    [['classify', '--model', 'x', '--out', 'y']],
    [['classify', 'a', 'b', '--model', 'x', '--out', 'y']],
    [['serve', '--port', '99999']],
  ])('ends with 2 for %j', async (args) => {
    const { code, stdout, stderr } = await run(args, { cwd: home });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).not.toBe('');
    expect(fs.readdirSync(home)).toEqual([]);
  });
});

describe('an interrupted command', () => {
  const training = [
    'train',
    '--data',
    'mnist',
    '--epochs',
    '50',
    '--limit',
    '3000',
    '--out',
    'model',
    '--json',
  ];

  it.each(['SIGINT', 'SIGTERM'] as const)('ends with 130 after %s and leaves nothing', async (signal) => {
    let sent = 0;
    const { code, stdout, stderr } = await run(training, {
      cwd: home,
      onOutput(child, output) {
        if (sent || !output.stderr.includes('Epoch 1')) return;
        sent = performance.now();
        child.kill(signal);
      },
    });
    expect(performance.now() - sent).toBeLessThan(3_000);
    expect(code).toBe(130);
    expect(stderr).toContain('Cancelled');
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'cancelled' } });
    expect(fs.readdirSync(home)).toEqual([]);
  });

  it('ends with its launcher when that is killed', async () => {
    const launcher = spawn(otherNode ?? process.execPath, [studio, ...training], {
      cwd: home,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    // Closed when the last process that writes to it has gone.
    const gone = new Promise((resolve) => launcher.stderr.on('close', resolve));
    launcher.stderr.on('data', (text) => {
      if (String(text).includes('Epoch 1')) launcher.kill('SIGKILL');
    });
    const first = await Promise.race([gone.then(() => 'gone'), sleep(20_000, 'still there')]);
    expect(first).toBe('gone');
    expect(fs.readdirSync(home)).toEqual([]);
  });
});

describe('doctor', () => {
  it('finds everything, with the versions', async () => {
    const { code, json, stderr } = await run(['doctor', '--json']);
    expect([code, stderr]).toEqual([0, '']);
    const { ok, parts, mend } = json() as {
      ok: boolean;
      parts: { part: string; ok: boolean; detail: string; threads?: object }[];
      mend: string[];
    };
    expect([ok, mend]).toEqual([true, []]);
    const named = ['Node', 'TensorFlow', 'Electron', 'SQLite', 'sharp', '@napi-rs/image', 'MNIST', 'Cache'];
    expect([...new Set(parts.map(({ part }) => part))]).toEqual(named);
    expect(parts[1]).toMatchObject({ version: '2.21.0', threads: defaultSettings.threads });
    expect(parts.find(({ part }) => part === 'MNIST')!.detail).toContain('60,000');
  });

  it('tells what is missing, and the mend', async () => {
    const cache = path.join(home, 'cache');
    const electron = path.join(root, 'node_modules', 'electron', 'dist');
    const { code, stdout } = await run(['doctor'], {
      env: {
        LENET_STUDIO_CACHE: cache,
        // Where the official runtime is there, it does not come from the cache.
        ...(fs.existsSync(electron) && { ELECTRON_OVERRIDE_DIST_PATH: home }),
      },
    });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Electron +MISSING/m);
    expect(stdout).toMatch(/^Cache +ok +.*is empty$/m);
    expect(stdout).toMatch(/npm run setup|ELECTRON_OVERRIDE_DIST_PATH/);
    expect(stdout).toMatch(/^TensorFlow +ok/m);
  });
});
