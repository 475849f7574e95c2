import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';

/**
 * Runs a program to its end. `show` hands its output through, else it is kept and returned.
 * @returns {Promise<{code: number|null, output: string, missing: boolean}>}
 */
export function run(command, args, { cwd, env, show = false, timeoutMs } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', show ? 2 : 'pipe', show ? 2 : 'pipe'],
      timeout: timeoutMs,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data) => (output = (output + data).slice(-20_000)));
    child.on('error', (error) =>
      resolve({ code: null, output: error.message, missing: error.code === 'ENOENT' }),
    );
    child.on('close', (code) => resolve({ code, output, missing: false }));
  });
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
