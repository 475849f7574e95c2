import { spawn } from 'node:child_process';
import { say } from '../setup/report.mjs';

/** Runs a command with its output shown; resolves with its exit code, 1 when it does not start. @returns {Promise<number>} */
export function runShown([program, ...args], { cwd, env }) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.on('error', (error) => {
      say('run', `${program} does not start: ${error.message}`);
      resolve(1);
    });
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
