import { spawn } from 'node:child_process';

/** Runs a command with its output shown; resolves with its exit code. @returns {Promise<number>} */
export function runShown([program, ...args], { cwd, env }) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.on('error', () => resolve(1));
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
