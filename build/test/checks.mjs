import path from 'node:path';
import { node24, root } from '../setup/paths.mjs';
import { say } from '../setup/report.mjs';
import { run } from '../setup/run.mjs';

/** Scripts of the packages in node_modules, and one of ours. */
const CHECKS = {
  eslint: ['eslint/bin/eslint.js', '--max-warnings', '0', '.'],
  'types of engine, window and tests': ['typescript/bin/tsc', '-p', 'tsconfig.node.json', '--noEmit'],
  'types of the pages': [
    'svelte-check/bin/svelte-check',
    '--tsconfig',
    './tsconfig.web.json',
    '--fail-on-warnings',
  ],
  'compiled kernels': ['../build/kernels.mjs', '--check'],
  'third-party notices': ['../build/notices.mjs', '--check'],
  prettier: ['prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
};

/**
 * Runs every check, two at a time, and prints what the failing ones say.
 * @returns {Promise<{passed: number, failed: number}>}
 */
export async function checkAll() {
  const result = { passed: 0, failed: 0 };
  const left = Object.entries(CHECKS);
  const worker = async () => {
    for (let next = left.shift(); next; next = left.shift()) {
      const [name, [script, ...args]] = next;
      const { code, output } = await run(node24, [path.join(root, 'node_modules', script), ...args], {
        cwd: root,
      });
      if (code === 0) {
        result.passed++;
        say('check', `${name}: clean`);
      } else {
        result.failed++;
        say('check', `${name}: failed\n${output.trim()}`);
      }
    }
  };
  await Promise.all([worker(), worker()]);
  return result;
}
