import path from 'node:path';
import { bundle } from './bundle.mjs';
import { setUp } from './setup/index.mjs';
import { node24, root } from './setup/paths.mjs';
import { fail } from './setup/report.mjs';
import { runShown } from './test/run-shown.mjs';

/** `in-window.mjs SCRIPT [WORDS]`: runs a script that drives the real window, on a display of its own. */
try {
  const [script, ...words] = process.argv.slice(2);
  if (script === undefined) throw new Error('usage: in-window.mjs SCRIPT [WORDS]');
  await setUp({ forTests: true });
  await bundle();
  const display = ['xvfb-run', '-a', '-s', '-screen 0 2400x1400x24'];
  const command = [...display, node24, path.join(root, script), ...words];
  process.exitCode = await runShown(command, { cwd: root, env: {} });
} catch (error) {
  fail(error);
}
