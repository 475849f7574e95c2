import { electron } from './electron.mjs';
import { mnist } from './mnist.mjs';
import { packages } from './npm.mjs';
import { say, SetupError } from './report.mjs';
import { systemLibraries } from './system.mjs';
import { tensorflow } from './tensorflow.mjs';

/**
 * Everything that start and test need; each step does nothing when it is done already.
 * @param {{window?: boolean, forTests?: boolean, allowStandIn?: boolean}} options window: Electron and its libraries too.
 */
export async function setUp({ window = true, forTests = false, allowStandIn = true } = {}) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    throw new SetupError('node', `this is Node ${process.versions.node}`, 'Install Node 20.19 or later.');
  // Before a gigabyte is fetched in vain.
  const platform = `${process.platform}-${process.arch}`;
  if (platform !== 'linux-x64')
    throw new SetupError(
      'platform',
      `no native engine is prepared for ${platform}`,
      'Use a linux-x64 machine: it is the only platform this version was built and tried on.',
    );
  await packages();
  await tensorflow();
  await mnist();
  if (!window) return { electron: null };
  const runtime = await electron({ allowStandIn });
  await systemLibraries(runtime.executable, { forTests });
  say('set-up', 'complete');
  return { electron: runtime };
}
