import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { cache, isRoot, node24, root } from '../setup/paths.mjs';
import { say } from '../setup/report.mjs';

/** "nobody": with the sandbox on, and unreadable files unreadable. */
const NOBODY = 65_534;
const AS_NOBODY = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--'];

/**
 * Who the tests run as, and where: root hands over to an unprivileged user, with a home of its own, in the checkout, or in a copy
 * where that user may not read it.
 * @returns {{prefix: string[], env: Record<string, string>, folder: string, dispose: () => void}}
 */
export function testUser() {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'lenet-studio-test-'));
  const folders = [home];
  const user = {
    prefix: [],
    folder: root,
    env: { HOME: home, TMPDIR: path.join(home, 'tmp'), LENET_STUDIO_CACHE: cache },
  };
  fs.mkdirSync(user.env.TMPDIR);
  if (isRoot) {
    user.prefix = AS_NOBODY;
    for (const folder of [home, user.env.TMPDIR]) fs.chownSync(folder, NOBODY, NOBODY);
    if (!canRead(root)) {
      user.folder = copyOf(root);
      folders.push(user.folder);
    }
  }
  return {
    ...user,
    dispose: () => folders.forEach((folder) => fs.rmSync(folder, { recursive: true, force: true })),
  };
}

/** The engine's Node runs and the sources and packages can be read. */
function canRead(folder) {
  const script = `const fs = require('node:fs');
    for (const name of ['src/engine', 'out/engine', 'node_modules/vitest', 'node_modules/@tensorflow/tfjs-node/deps/lib'])
      for (const entry of fs.readdirSync(name, { recursive: true })) fs.accessSync(name + '/' + entry, fs.constants.R_OK);`;
  const [program, ...args] = AS_NOBODY;
  return spawnSync(program, [...args, node24, '-e', script], { cwd: folder, stdio: 'ignore' }).status === 0;
}

function copyOf(folder) {
  say('test', 'copying the checkout to where an unprivileged user can read it ...');
  const target = fs.mkdtempSync('/var/tmp/lenet-studio-checkout-');
  // Sizes and times stay, so that the copy's set-up counts as done.
  const copied = spawnSync('cp', ['-a', '--reflink=auto', `${folder}/.`, target], { stdio: 'inherit' });
  const opened = spawnSync('chmod', ['-R', 'a+rX', target], { stdio: 'inherit' });
  if (copied.status !== 0 || opened.status !== 0)
    throw new Error(`${folder} could not be copied to ${target}`);
  return target;
}
