import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { mnistFolder } from '../../src/engine/training/digits.testing.ts';
import { ComputeProcess } from '../../src/engine/compute/client.ts';
import { hashDigits } from '../../src/engine/datasets/hash.ts';
import { readMnist } from '../../src/engine/datasets/mnist.ts';
import { scoreProbabilities } from '../../src/engine/models/scores.ts';
import { loadCheckpoint, saveCheckpoint } from '../../src/engine/training/checkpoint.ts';
import { trainModel } from '../../src/engine/training/run.ts';
import { CLASSES } from '../../src/shared/domain.ts';
import { experiments, SEEDS, type Experiment } from './settings.ts';
import { readResult, settingsKey, writeResult, writeTable, type Result, type SeedResult } from './results.ts';

/**
 * `npm run reproduce -- NAME…` (or `all`): trains once per seed, reads MNIST's test digits once with each model, and writes
 * docs/results/NAME.json and docs/results.md. What was stopped goes on where it was; what has its result is not done again, unless `--again` is
 * said: then every seed is trained anew and the results are replaced.
 */
const root = path.resolve(import.meta.dirname, '../..');
const work = path.join(root, '.cache', 'reproduce');
const again = process.argv.includes('--again');
const asked = process.argv.slice(2).filter((word) => word !== '--again');
const names = asked.includes('all') ? Object.keys(experiments) : asked;
const unknown = names.filter((name) => !(name in experiments));
if (names.length === 0 || unknown.length > 0) {
  console.error(`usage: npm run reproduce -- ${[...Object.keys(experiments), 'all'].join(' | ')}`);
  process.exit(2);
}

const [train, test] = [await readMnist(mnistFolder, 'train'), await readMnist(mnistFolder, 'test')];
const dataHash = await hashDigits(train);
const commit = execFileSync('git', ['describe', '--always', '--dirty'], {
  cwd: root,
  encoding: 'utf8',
}).trim();
const compute = new ComputeProcess();
try {
  for (const name of names) await reproduce(name, experiments[name]!);
} finally {
  await compute.close();
}

async function reproduce(name: string, experiment: Experiment): Promise<void> {
  const { parameters } = experiment;
  if (again) fs.rmSync(path.join(work, name), { recursive: true, force: true });
  const known = again ? null : readResult(name, parameters);
  if (known?.together != null) {
    console.log(`${name}: ${percent(known.mean)}, as docs/results/${name}.json has it; --again trains anew`);
    return;
  }
  const seeds: SeedResult[] = known?.seeds ?? [];
  const sums = new Float64Array(test.labels.length * CLASSES);
  for (const seed of SEEDS) {
    const folder = path.join(work, name, `seed-${seed}`);
    const done = seeds.find((one) => one.seed === seed);
    const { probabilities, result } = await oneSeed(name, experiment, seed, folder, done);
    probabilities.forEach((value, at) => (sums[at]! += value));
    if (result === done) continue;
    if (done) seeds.splice(seeds.indexOf(done), 1, result);
    else seeds.push(result);
    console.log(
      `${name}, seed ${seed}: ${percent(result.testError)} test error, ${Math.round(result.seconds)} s`,
    );
    await save(name, experiment, seeds, null);
  }
  const together =
    1 -
    scoreProbabilities(
      Float32Array.from(sums, (sum) => sum / SEEDS.length),
      test.labels,
    ).accuracy;
  const result = await save(name, experiment, seeds, together);
  console.log(
    `${name}: ${percent(result.mean)} ± ${percent(result.deviation)}, together ${percent(together)}`,
  );
}

async function save(
  name: string,
  { parameters }: Experiment,
  seeds: SeedResult[],
  together: number | null,
): Promise<Result> {
  const errors = seeds.map(({ testError }) => testError);
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  const variance =
    errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / Math.max(1, errors.length - 1);
  const result: Result = {
    name,
    machine: `${os.cpus().length} x ${os.cpus()[0]!.model}`,
    parameters,
    mean,
    deviation: Math.sqrt(variance),
    together,
    seeds,
  };
  writeResult(result);
  await writeTable();
  return result;
}

/** Trains a seed, unless its model is there, and reads the test digits with it. */
async function oneSeed(
  name: string,
  experiment: Experiment,
  seed: number,
  folder: string,
  done: SeedResult | undefined,
): Promise<{ probabilities: Float32Array; result: SeedResult }> {
  const parameters = { ...experiment.parameters, seed };
  const model = path.join(folder, 'model');
  const record = path.join(folder, 'run.json');
  const answers = path.join(folder, 'test-probabilities.f32');
  fs.mkdirSync(folder, { recursive: true });
  const stamp = settingsKey(parameters);
  const kept = readRun(record, stamp);
  const run = kept ?? (await trainSeed(name, parameters, folder, model));
  if (!kept) fs.writeFileSync(record, JSON.stringify({ ...run, stamp }));
  // Test digits are read once per model.
  const probabilities =
    kept && fs.existsSync(answers)
      ? new Float32Array(Uint8Array.from(fs.readFileSync(answers)).buffer)
      : await compute.classify(model, test.tiles);
  fs.writeFileSync(
    answers,
    new Uint8Array(probabilities.buffer, probabilities.byteOffset, probabilities.byteLength),
  );
  const { accuracy, loss } = scoreProbabilities(probabilities, test.labels);
  const result = { seed, testError: 1 - accuracy, testLoss: loss, ...run };
  return { probabilities, result: (kept && done) ?? result };
}

type Run = Omit<SeedResult, 'seed' | 'testError' | 'testLoss'>;

function readRun(file: string, stamp: string): Run | null {
  if (!fs.existsSync(file)) return null;
  const { stamp: written, ...run } = JSON.parse(fs.readFileSync(file, 'utf8')) as Run & { stamp: string };
  return written === stamp ? run : null;
}

async function trainSeed(
  name: string,
  parameters: Experiment['parameters'],
  folder: string,
  modelFolder: string,
): Promise<Run> {
  const stampFile = path.join(folder, 'parameters.json');
  const stamp = settingsKey(parameters);
  const same = fs.existsSync(stampFile) && fs.readFileSync(stampFile, 'utf8') === stamp;
  if (!same) {
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(stampFile, stamp);
  }
  const resume = await loadCheckpoint(folder);
  let saving = Promise.resolve();
  const keep = (checkpoint: Parameters<typeof saveCheckpoint>[1]): void => {
    saving = saving.then(() => saveCheckpoint(folder, checkpoint));
  };
  const card = await trainModel({
    compute,
    name: `${name}, seed ${parameters.seed}`,
    dataName: 'MNIST',
    dataHash,
    train,
    // Not here: the test digits are read once, with the finished model.
    test: null,
    parameters,
    studioVersion: 'reproduce',
    modelFolder,
    ...(resume && { resume }),
    listener: {
      points: () => undefined,
      progress: () => undefined,
      epoch: ({ epoch, trainLoss, trainAccuracy }, checkpoint) => {
        const share = `${epoch} of ${parameters.epochs}`;
        console.log(
          `${name}, seed ${parameters.seed}, epoch ${share}: loss ${trainLoss.toFixed(4)}, error ${percent(1 - trainAccuracy)}`,
        );
        keep(checkpoint);
      },
      checkpoint: keep,
    },
    signal: new AbortController().signal,
  });
  await saving;
  const { epochs } = card.metrics;
  const last = epochs.at(-1)!;
  return {
    seconds: epochs.reduce((sum, { seconds }) => sum + seconds, 0),
    epochs: epochs.length,
    trainLoss: last.trainLoss,
    trainError: 1 - last.trainAccuracy,
    lossesPerEpoch: epochs.map(({ trainLoss }) => trainLoss),
    commit,
    engine: card.engine,
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
