import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { bundle } from './bundle.mjs';
import { setUp } from './setup/index.mjs';
import { isRoot, node24, root } from './setup/paths.mjs';
import { fail, say } from './setup/report.mjs';

const words = process.argv.slice(2);
const own = ['--serve', '--no-stand-in'];
const has = (word) => words.includes(word);
const rest = words.filter((word) => !own.includes(word));

/** `npm start`: set-up, bundles, then the studio's window, or its pages on loopback where there is no display. */
try {
  const window = hasDisplay() && !has('--serve');
  const { electron } = await setUp({ window, allowStandIn: !has('--no-stand-in') });
  await bundle();
  if (electron) openWindow(electron.executable);
  else serve();
} catch (error) {
  fail(error);
}

function hasDisplay() {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

function openWindow(executable) {
  const flags = [];
  if (process.platform === 'linux' && !canSandbox(executable)) {
    flags.push('--no-sandbox');
    const why = isRoot ? 'started as root' : 'this system allows programs no sandbox of their own';
    say('start', `NOTICE: ${why}, so the window runs without Chromium's sandbox`);
  }
  say('start', 'opening the window');
  follow(spawn(executable, [...flags, root, ...rest], { stdio: 'inherit' }));
}

/** Chromium's sandbox needs another user than root, and user namespaces or its setuid helper. */
function canSandbox(executable) {
  if (isRoot) return false;
  const helper = path.join(path.dirname(executable), 'chrome-sandbox');
  const isSetuid = (file) => fs.existsSync(file) && (fs.statSync(file).mode & 0o4000) !== 0;
  return read('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') !== '1' &&
    read('/proc/sys/kernel/unprivileged_userns_clone') !== '0' &&
    read('/proc/sys/user/max_user_namespaces') !== '0'
    ? true
    : isSetuid(helper);
}

function read(file) {
  try {
    return fs.readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
}

function serve() {
  if (!has('--serve')) say('start', 'no display here: serving the same pages to a browser on this machine');
  follow(spawn(node24, [path.join(root, 'out', 'engine', 'serve.mjs'), ...rest], { stdio: 'inherit' }));
}

/** Ends as the child ends; Ctrl+C reaches it through the terminal, other ends are passed on. */
function follow(child) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => signal !== 'SIGINT' && child.kill(signal));
  child.on('error', fail);
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}
