import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { FOREIGN_COUNT, writeForeignDigits } from './foreign.mjs';
import { root, studio } from './studio.mjs';

/**
 * `npm run figures`: trains LeNet-5 with the default settings once per seed, reads MNIST's test digits and foreign handwriting with it, and
 * writes docs/figures.json and the README's table. Nothing is chosen by these figures.
 */
const SEEDS = [1, 2, 3, 4, 5];
const SHORT = { epochs: 1 };
const DEFAULT = { epochs: 5 };

const work = fs.mkdtempSync(path.join(os.tmpdir(), 'lenet-studio-figures-'));
try {
  const foreign = path.join(work, 'foreign');
  await writeForeignDigits(foreign);
  const runs = { short: [], full: [], foreign: [], rate: [] };
  let parameters = 0;
  for (const seed of SEEDS) {
    runs.short.push(train(seed, SHORT.epochs, `short-${seed}`).testAccuracy);
    const model = train(seed, DEFAULT.epochs, `full-${seed}`);
    runs.full.push(model.testAccuracy);
    runs.rate.push(model.imagesPerSecond);
    parameters = model.parameters;
    const read = studio('evaluate', '--model', model.model, '--data', foreign);
    if (read.count !== FOREIGN_COUNT)
      throw new Error(`${read.count} foreign digits were read of ${FOREIGN_COUNT}`);
    runs.foreign.push(read.accuracy);
  }
  const figures = {
    machine: `${os.cpus().length} x ${os.cpus()[0].model}`,
    seeds: SEEDS,
    parameters,
    mnistAfterOneEpoch: spread(runs.short),
    mnist: spread(runs.full),
    foreign: { ...spread(runs.foreign), count: FOREIGN_COUNT },
    imagesPerSecond: spread(runs.rate),
  };
  fs.writeFileSync(path.join(root, 'docs', 'figures.json'), `${JSON.stringify(figures, null, 2)}\n`);
  writeTable(figures);
} finally {
  fs.rmSync(work, { recursive: true, force: true });
}

function train(seed, epochs, name) {
  const out = path.join(work, name);
  return studio('train', '--data', 'mnist', '--epochs', String(epochs), '--seed', String(seed), '--out', out);
}

function spread(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, deviation: Math.sqrt(variance), values };
}

function writeTable({ parameters, mnistAfterOneEpoch, mnist, foreign, seeds }) {
  const percent = ({ mean, deviation }) => `${(mean * 100).toFixed(2)} % ± ${(deviation * 100).toFixed(2)}`;
  const count = foreign.count.toLocaleString('en');
  const table = [
    `| LeNet-5, ${parameters.toLocaleString('en')} parameters, default settings, ${seeds.length} seeds | right (mean ± standard deviation) |`,
    '|---|---|',
    `| MNIST test set after ${SHORT.epochs} epoch | ${percent(mnistAfterOneEpoch)} |`,
    `| MNIST test set after ${DEFAULT.epochs} epochs | ${percent(mnist)} |`,
    `| foreign handwriting: ${count} digits of scikit-learn, 8 x 8 pixels, as PNG files | ${percent(foreign)} |`,
  ].join('\n');
  const file = path.join(root, 'README.md');
  const [start, end] = ['<!-- figures: npm run figures -->', '<!-- /figures -->'];
  const text = fs.readFileSync(file, 'utf8');
  const [before, rest] = text.split(start);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`README.md has no place between ${start} and ${end}`);
  fs.writeFileSync(file, `${before}${start}\n${table}\n${end}${after}`);
}
