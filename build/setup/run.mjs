import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { showProgress } from './report.mjs';

/**
 * Runs a program to its end and keeps its output; `progress` tells from time to time how far it is.
 * @param {{cwd?: string, env?: object, timeoutMs?: number, progress?: {step: string, text: () => string}}} options
 * @returns {Promise<{code: number|null, output: string, missing: boolean}>}
 */
export function run(command, args, { cwd, env, timeoutMs, progress } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
    });
    const stopProgress = progress ? showProgress(progress.step, progress.text) : () => {};
    const end = (result) => {
      stopProgress();
      resolve(result);
    };
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => (output = (output + data).slice(-20_000)));
    child.on('error', (error) =>
      end({ code: null, output: error.message, missing: error.code === 'ENOENT' }),
    );
    child.on('close', (code) => end({ code, output, missing: false }));
  });
}

/** Bytes of all files under a folder; what others take away in the meantime does not count. */
export function folderBytes(folder) {
  let bytes = 0;
  for (const entry of entriesOf(folder)) {
    const place = path.join(folder, entry.name);
    bytes += entry.isDirectory()
      ? folderBytes(place)
      : (fs.lstatSync(place, { throwIfNoEntry: false })?.size ?? 0);
  }
  return bytes;
}

function entriesOf(folder) {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

export function lastLines(text, count = 3) {
  return text.trim().split('\n').slice(-count).join(' | ');
}

/** SHA-256 of a file, hex. */
export async function sha256(file) {
  const hash = crypto.createHash('sha256');
  for await (const chunk of fs.createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return hash.digest('hex');
}
