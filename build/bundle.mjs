import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fingerprint, node24, root } from './setup/paths.mjs';
import { say, SetupError } from './setup/report.mjs';
import { lastLines, run } from './setup/run.mjs';

const STEP = 'build';
const out = path.join(root, 'out');
const stamp = path.join(out, '.sources');
const SOURCES = [
  'src',
  'electron.vite.config.ts',
  'engine.vite.config.ts',
  'package-lock.json',
  'svelte.config.js',
];

/** Bundles window, pages and engine into out/; does nothing while the sources' sizes and times are those of the last time. */
export async function bundle({ force = false } = {}) {
  const wanted = sources();
  if (!force && fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) {
    say(STEP, 'current');
    return;
  }
  say(STEP, 'bundling window, pages and engine ...');
  fs.rmSync(stamp, { force: true });
  await Promise.all([
    tool(path.join('electron-vite', 'bin', 'electron-vite.js'), ['build']),
    tool(path.join('vite', 'bin', 'vite.js'), ['build', '-c', 'engine.vite.config.ts']),
  ]);
  fs.writeFileSync(stamp, wanted);
  say(STEP, 'done');
}

async function tool(script, args) {
  const result = await run(node24, [path.join(root, 'node_modules', script), ...args], { cwd: root });
  if (result.code !== 0)
    throw new SetupError(
      STEP,
      lastLines(result.output, 12),
      'Mend the source that it names, then run the command again.',
    );
}

/** One hash over path, size and time of every source; tests do not count. */
function sources() {
  const hash = crypto.createHash('sha256');
  for (const file of SOURCES.flatMap((name) => filesOf(path.join(root, name)))) {
    if (!/\.test\.ts$/.test(file)) hash.update(`${path.relative(root, file)} ${fingerprint(file)}\n`);
  }
  return hash.digest('hex');
}

function filesOf(place) {
  if (!fs.statSync(place).isDirectory()) return [place];
  return fs
    .readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}
