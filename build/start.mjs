import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from './bundle.mjs';
import { setUp } from './setup/index.mjs';
import { isRoot, node24, root } from './setup/paths.mjs';
import { fail, say } from './setup/report.mjs';

/** `npm start`: set-up, bundles, then the studio's window, or its pages on loopback where there is no display. */
const wanted = wish();
if (wanted) await start(wanted);
else {
  process.stderr.write('usage: npm start -- [--no-stand-in] [--serve] [--root FOLDER]... [--port N]\n');
  process.exitCode = 2;
}

/** Null for wrong usage. A root or a port is only of use to served pages, and so asks for them. */
function wish() {
  try {
    const { values } = parseArgs({
      options: {
        serve: { type: 'boolean' },
        'no-stand-in': { type: 'boolean' },
        root: { type: 'string', multiple: true, default: [] },
        port: { type: 'string' },
      },
    });
    const rest = [
      ...values.root.map((folder) => `--root=${folder}`),
      ...(values.port === undefined ? [] : [`--port=${values.port}`]),
    ];
    return { pages: values.serve || rest.length > 0, rest, allowStandIn: !values['no-stand-in'] };
  } catch {
    return null;
  }
}

async function start({ pages, rest, allowStandIn }) {
  try {
    const { electron } = await setUp({ window: hasDisplay() && !pages, allowStandIn });
    await bundle();
    if (electron) return openWindow(electron.executable);
    if (!pages) say('start', 'no display here: serving the same pages to a browser on this machine');
    serve(rest);
  } catch (error) {
    fail(error);
  }
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
  follow(spawn(executable, [...flags, root], { stdio: 'inherit' }));
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

function serve(rest) {
  follow(spawn(node24, [path.join(root, 'out', 'engine', 'serve.mjs'), ...rest], { stdio: 'inherit' }));
}

/** Ends as the child ends; Ctrl+C reaches it through the terminal, other ends are passed on. */
function follow(child) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => signal !== 'SIGINT' && child.kill(signal));
  child.on('error', fail);
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}
