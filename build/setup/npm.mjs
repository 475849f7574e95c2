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
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted && fs.existsSync(node24)) {
    say('packages', 'present');
    return;
  }
  say('packages', 'installing the locked npm packages (about 1 GB) ...');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const result = await run(npm, ['ci', '--loglevel=error', '--no-audit', '--no-fund'], {
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
  if (!fs.existsSync(node24))
    throw new SetupError(
      'packages',
      `there is no Node 24 package for ${process.platform}-${process.arch}`,
      'Supported: linux-x64 (tried); npm must not be told to omit optional packages.',
    );
  fs.writeFileSync(stamp, wanted);
  say('packages', 'installed');
}

/** Packages that lie in node_modules so far. */
function installed() {
  try {
    return fs.readdirSync(path.join(root, 'node_modules')).length;
  } catch {
    return 0;
  }
}
