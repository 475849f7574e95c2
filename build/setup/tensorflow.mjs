import fs from 'node:fs';
import path from 'node:path';
import { cache, fingerprint, node24, node24Package, root, staging } from './paths.mjs';
import { say, SetupError } from './report.mjs';
import { folderBytes, lastLines, run, sha256 } from './run.mjs';

const STEP = 'tensorflow';
const VERSION = '2.21.0';
const WHEEL_SHA256 = '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c';
const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];

const tfjs = path.join(root, 'node_modules', '@tensorflow', 'tfjs-node');
const addon = path.join(tfjs, 'lib', 'napi-v8', 'tfjs_binding.node');
const stamp = path.join(tfjs, '.lenet-studio.json');

/** TensorFlow's C library out of the Python wheel, and tfjs-node's addon compiled against it. */
export async function tensorflow() {
  if (isCurrent()) {
    say(STEP, `${VERSION} present`);
    return;
  }
  const library = await libtensorflow();
  const binding = await compile(library);
  install(library, binding);
  say(STEP, `${VERSION} ready`);
}

/** Path, size and time of every native file; a warm start compares these and hashes nothing. */
function state() {
  return JSON.stringify(
    [addon, ...LIBRARIES.map((name) => path.join(tfjs, 'deps', 'lib', name))].map(fingerprint),
  );
}

function isCurrent() {
  return fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === `${VERSION} ${state()}`;
}

async function libtensorflow() {
  const target = path.join(cache, `libtensorflow-${VERSION}-${WHEEL_SHA256.slice(0, 12)}`);
  if (fs.existsSync(target)) {
    say(STEP, 'library found in the cache');
    return target;
  }
  const part = staging(target);
  try {
    const wheel = await download(part.folder);
    say(STEP, 'unpacking the library ...');
    const script = [
      'import sys, zipfile',
      'z = zipfile.ZipFile(sys.argv[1])',
      'for n in z.namelist():',
      "    if n.startswith('tensorflow/include/') or n in ('tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2'):",
      '        z.extract(n, sys.argv[2])',
    ].join('\n');
    const unpacked = await run('python3', ['-c', script, wheel, part.folder]);
    if (unpacked.code !== 0)
      throw new SetupError(
        STEP,
        /No space left/.test(unpacked.output)
          ? 'the disk is full'
          : `unpacking failed: ${lastLines(unpacked.output)}`,
        `Free 4 GB on the disk of ${cache} and run the command again.`,
      );
    fs.rmSync(wheel);
    part.commit();
  } catch (error) {
    part.discard();
    throw error;
  }
  return target;
}

async function download(folder) {
  say(STEP, `downloading TensorFlow ${VERSION} (274 MB) ...`);
  const python = await run('python3', ['-m', 'pip', '--version']);
  if (python.missing)
    throw new SetupError(
      STEP,
      'python3 is missing',
      'Install python3 with pip (Debian: apt-get install python3-pip).',
    );
  if (python.code !== 0)
    throw new SetupError(STEP, 'python3 has no pip', 'Install pip (Debian: apt-get install python3-pip).');
  const result = await run(
    'python3',
    [
      ...['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--disable-pip-version-check'],
      ...['--platform', 'manylinux_2_27_x86_64', '--python-version', '3.11', '--dest', folder],
      `tensorflow-cpu==${VERSION}`,
    ],
    // pip keeps what it has so far in its temporary folder.
    {
      env: { TMPDIR: folder },
      progress: { step: STEP, text: () => `... ${Math.round(folderBytes(folder) / 1e6)} of 274 MB` },
    },
  );
  if (result.code !== 0)
    throw new SetupError(
      STEP,
      /No space left/.test(result.output)
        ? 'the disk is full'
        : `the download failed: ${lastLines(result.output) || 'see above'}`,
      'Check the network and the pip index, then run the command again.',
    );
  const name = fs.readdirSync(folder).find((file) => file.endsWith('.whl'));
  const wheel = path.join(folder, name);
  const found = await sha256(wheel);
  if (found !== WHEEL_SHA256)
    throw new SetupError(
      STEP,
      `${name} has SHA-256 ${found}, expected ${WHEEL_SHA256}`,
      "The file was damaged or changed on its way. Clear pip's cache (python3 -m pip cache purge) and run the command again.",
    );
  return wheel;
}

/** node-gyp against the Node 24 package's own headers; the addon is kept by what it was made from. */
async function compile(library) {
  const { version } = JSON.parse(fs.readFileSync(path.join(tfjs, 'package.json'), 'utf8'));
  const headers = JSON.parse(fs.readFileSync(path.join(node24Package, 'package.json'), 'utf8')).version;
  const target = path.join(cache, `tfjs-node-${version}-tf-${VERSION}-node-${headers}`);
  if (fs.existsSync(target)) {
    say(STEP, 'addon found in the cache');
    return target;
  }
  say(STEP, 'compiling the addon (about 20 s) ...');
  linkInto(library);
  const part = staging(target);
  try {
    const gyp = path.join(root, 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
    const result = await run(
      node24,
      [
        gyp,
        'rebuild',
        `--nodedir=${node24Package}`,
        '--module_name=tfjs_binding',
        `--module_path=${part.folder}`,
        '--napi_build_version=8',
      ],
      { cwd: tfjs, env: { npm_config_nodedir: node24Package } },
    );
    if (result.code !== 0) {
      const compiler =
        /not found: make|g\+\+: (command )?not found|ENOENT|stack Error: not found|make: (g\+\+|cc): No such/.test(
          result.output,
        );
      throw new SetupError(
        STEP,
        compiler ? 'no C++ compiler or make was found' : `compiling failed: ${lastLines(result.output, 6)}`,
        'Install g++, make and python3 (Debian: apt-get install g++ make python3), then run the command again.',
      );
    }
    part.commit();
  } catch (error) {
    part.discard();
    throw error;
  } finally {
    fs.rmSync(path.join(tfjs, 'build'), { recursive: true, force: true });
  }
  return target;
}

/** Headers by link, libraries by hard link: one copy on the disk, and no way through a private folder. */
function linkInto(library) {
  const lib = path.join(tfjs, 'deps', 'lib');
  fs.rmSync(path.join(tfjs, 'deps'), { recursive: true, force: true });
  fs.mkdirSync(lib, { recursive: true });
  fs.symlinkSync(path.join(library, 'tensorflow', 'include'), path.join(tfjs, 'deps', 'include'));
  for (const name of LIBRARIES) place(path.join(library, 'tensorflow', name), path.join(lib, name));
  fs.symlinkSync('libtensorflow_cc.so.2', path.join(lib, 'libtensorflow.so'));
  fs.symlinkSync('libtensorflow_framework.so.2', path.join(lib, 'libtensorflow_framework.so'));
}

function place(from, to) {
  try {
    fs.linkSync(from, to);
  } catch {
    fs.copyFileSync(from, to);
  }
}

function install(library, binding) {
  linkInto(library);
  fs.mkdirSync(path.dirname(addon), { recursive: true });
  fs.rmSync(addon, { force: true });
  fs.copyFileSync(path.join(binding, 'tfjs_binding.node'), addon);
  fs.writeFileSync(stamp, `${VERSION} ${state()}`);
}
