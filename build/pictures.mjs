import path from 'node:path';
import { bundle } from './bundle.mjs';
import { setUp } from './setup/index.mjs';
import { node24, root } from './setup/paths.mjs';
import { fail } from './setup/report.mjs';
import { runShown } from './test/run-shown.mjs';

/** `npm run pictures`: the pictures of the README and the user guide, taken from the real window. */
try {
  await setUp({ forTests: true });
  await bundle();
  const script = path.join(root, 'test', 'pictures', 'take.ts');
  const words = process.argv.slice(2);
  const folder = words.find((word) => !word.startsWith('-'));
  const out = path.resolve(folder ?? path.join(root, 'docs', 'pictures'));
  const wide = words.includes('--all') ? ['--all'] : [];
  const display = ['xvfb-run', '-a', '-s', '-screen 0 2400x1400x24'];
  process.exitCode = await runShown([...display, node24, script, out, ...wide], { cwd: root, env: {} });
} catch (error) {
  fail(error);
}
