import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { node24, root } from './paths.mjs';
import { say, SetupError } from './report.mjs';
import { lastLines, run } from './run.mjs';

const stamp = path.join(root, 'node_modules', '.lenet-studio-lock');

/** The locked packages; install scripts stay off (.npmrc). */
export async function packages() {
  const lock = fs.readFileSync(path.join(root, 'package-lock.json'));
  const wanted = crypto.createHash('sha256').update(lock).digest('hex');
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted && missing().length === 0) {
    say('packages', 'present');
    return;
  }
  say('packages', 'installing the locked npm packages (about 1 GB) ...');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  // All of them, even with NODE_ENV=production or an npm that is told to omit some.
  const all = ['--include=dev', '--include=optional'];
  const result = await run(npm, ['ci', ...all, '--loglevel=error', '--no-audit', '--no-fund'], {
    cwd: root,
    progress: { step: 'packages', text: () => `... ${installed()} packages` },
  });
  if (result.missing)
    throw new SetupError(
      'packages',
      'npm is not on the PATH',
      'Install Node.js 20.19 or later, which brings npm.',
    );
  if (result.code !== 0) {
    const full = /ENOSPC/.test(result.output);
    throw new SetupError(
      'packages',
      full ? 'the disk is full' : `npm ci failed: ${lastLines(result.output)}`,
      full
        ? 'Free 4 GB and run the command again.'
        : 'Check the network and the npm registry setting, then run the command again.',
    );
  }
  const left = missing();
  if (left.length > 0)
    throw new SetupError(
      'packages',
      `npm ci left out ${left.join(', ')}`,
      'Remove what tells npm to omit packages (npm config get omit) and run the command again.',
    );
  fs.writeFileSync(stamp, wanted);
  say('packages', 'installed');
}

/** What package.json names and node_modules has not; of the optional packages the engine's Node alone is needed. */
function missing() {
  const { dependencies, devDependencies } = JSON.parse(
    fs.readFileSync(path.join(root, 'package.json'), 'utf8'),
  );
  return [
    ...Object.keys({ ...dependencies, ...devDependencies }).filter(
      (name) => !fs.existsSync(path.join(root, 'node_modules', name, 'package.json')),
    ),
    ...(fs.existsSync(node24) ? [] : ["the engine's Node 24"]),
  ];
}

/** Packages that lie in node_modules so far. */
function installed() {
  try {
    return fs.readdirSync(path.join(root, 'node_modules')).length;
  } catch {
    return 0;
  }
}
