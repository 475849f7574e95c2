import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Run, TrainEvent } from '../shared/contract/index.ts';
import { recipeOf, type TrainingParameters } from '../shared/domain.ts';
import { until, writeSmallMnist } from './api/test-support.ts';
import { EngineChild } from './engine-child.testing.ts';
import { loadCheckpoint } from './training/checkpoint.ts';

// Whole runs of real training, each of them twice.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 30_000 });

let home: string;
const engines: EngineChild[] = [];
beforeEach(async () => {
  home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'studio-killed-')));
  await writeSmallMnist(path.join(home, 'mnist'), { train: 1_500, test: 100 });
});
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.kill('SIGKILL')));
  fs.rmSync(home, { recursive: true, force: true });
});

const sample = (...parts: string[]): string => path.join(home, 'user', 'sample', ...parts);

/** An engine that keeps a checkpoint after almost every step. */
function start(): EngineChild {
  const engine = new EngineChild(home, { checkpointInterval: 1 });
  engines.push(engine);
  return engine;
}

async function firstSet({ client }: EngineChild): Promise<number> {
  await client.project.sample();
  const [set] = await until(async () => {
    const sets = await client.data.sets();
    return sets.length > 0 && sets;
  });
  return set!.id;
}

const finished = (engine: EngineChild, runId: number): Promise<Run> =>
  until(async () => {
    const run = (await engine.client.training.runs()).find(({ id }) => id === runId)!;
    if (run.state !== 'running' && run.state !== 'done') throw new Error(JSON.stringify(run));
    // Its job ends a moment after it.
    const jobs = await engine.client.jobs.list();
    return run.state === 'done' && !jobs.some(({ state }) => state === 'running') && run;
  }, 120_000);

/** Waits for a checkpoint in the middle of an epoch after the first. */
const middle = (runId: number) =>
  until(async () => {
    const checkpoint = await loadCheckpoint(sample('runs', String(runId)));
    return checkpoint && checkpoint.epoch > 0 && checkpoint.step > 2 && checkpoint;
  }, 60_000);

const history = async (engine: EngineChild, runId: number) => {
  for await (const event of await engine.client.training.watch({ runId }))
    if (event.type === 'history') return event;
  throw new Error('no history');
};

/** Kills the engine and the process that computes for it, which would otherwise end by itself. */
async function killBoth(engine: EngineChild): Promise<void> {
  const { pid } = engine.process;
  const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  const computing = children.filter((child) =>
    fs.readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('process.ts'),
  );
  expect(computing).toHaveLength(1);
  process.kill(Number(computing[0]), 'SIGKILL');
  await engine.kill('SIGKILL');
}

const weightsOf = (modelFolder: string): Buffer =>
  fs.readFileSync(sample('models', modelFolder, 'weights.bin'));
/** A machine that stands still for a while makes more points. */
const end = ({ points }: Extract<TrainEvent, { type: 'history' }>): unknown => points.at(-1)!.step;

const cases: [string, TrainingParameters][] = [
  ['momentum', recipeOf('lenet5', { epochs: 4, batchSize: 16, seed: 5, optimiser: 'momentum' })],
  [
    'Adam with averaged weights and distortions',
    recipeOf('lenet5', {
      ...{ epochs: 3, batchSize: 16, seed: 6, optimiser: 'adam', learningRate: 0.002, schedule: 'one-cycle' },
      ...{ averaging: 0.99, rotation: 10, scaling: 0.1, shift: 1.5, elasticStrength: 6, elasticSmoothing: 4 },
    }),
  ],
  ['stochastic diagonal Levenberg-Marquardt', recipeOf('lenet1', { epochs: 3, seed: 7, optimiser: 'sdlm' })],
];

it.each(cases)(
  'killed in the middle of an epoch, %s goes on from there and ends as if nobody had disturbed it',
  async (_, parameters) => {
    const first = start();
    const dataSetId = await firstSet(first);
    const { job, run } = await first.client.training.start({ dataSetId, name: 'killed', parameters });
    await middle(run.id);
    await killBoth(first);
    const kept = (await loadCheckpoint(sample('runs', String(run.id))))!;

    const second = start();
    await second.ready;
    const stepsPerEpoch = Math.ceil(1_350 / (parameters.optimiser === 'sdlm' ? 20 : 16));
    const [interrupted] = await second.client.training.runs();
    expect(interrupted).toMatchObject({ state: 'interrupted', stepsPerEpoch });
    const digits = parameters.optimiser === 'sdlm' ? 20 : 16;
    expect(await second.client.jobs.list()).toMatchObject([
      {
        id: job.id,
        state: 'interrupted',
        done: interrupted!.step * digits,
        total: parameters.epochs * stepsPerEpoch * digits,
      },
    ]);
    await second.client.jobs.resume({ id: job.id });
    // Not from the start, and not from the end of an epoch.
    const going = await history(second, run.id);
    expect(going.points.at(-1)!.step).toBeGreaterThanOrEqual(kept.steps!);
    const resumed = await finished(second, run.id);
    const [folder] = fs.readdirSync(sample('models'));

    const whole = await second.client.training.start({ dataSetId, name: 'undisturbed', parameters });
    const undisturbed = await finished(second, whole.run.id);
    const other = fs.readdirSync(sample('models')).find((name) => name !== folder)!;
    expect(weightsOf(folder!).equals(weightsOf(other))).toBe(true);
    expect(resumed.epochs.map(({ validationLoss }) => validationLoss)).toEqual(
      undisturbed.epochs.map(({ validationLoss }) => validationLoss),
    );
    // Sums over the same steps, added in another order.
    resumed.epochs.forEach(({ trainLoss }, at) =>
      expect(trainLoss).toBeCloseTo(undisturbed.epochs[at]!.trainLoss, 9),
    );
    expect(resumed).toMatchObject({
      bestEpoch: undisturbed.bestEpoch,
      testAccuracy: undisturbed.testAccuracy,
      step: parameters.epochs * stepsPerEpoch,
    });
    expect(end(await history(second, run.id))).toBe(end(await history(second, whole.run.id)));
  },
);

it('paused, it stands still, and killed then it goes on from that very step', async () => {
  const parameters = recipeOf('lenet5', { epochs: 40, batchSize: 16 });
  const first = start();
  const dataSetId = await firstSet(first);
  const { job, run } = await first.client.training.start({ dataSetId, name: 'paused', parameters });
  await middle(run.id);
  await first.client.jobs.pause({ id: job.id });
  const stepNow = async (): Promise<number> => (await history(first, run.id)).points.at(-1)!.step;
  // On a busy machine the word takes its time to the computing process.
  let step = -1;
  await vi.waitUntil(
    async () => {
      const before = step;
      step = await stepNow();
      return step === before;
    },
    { timeout: 20_000, interval: 1_000 },
  );
  const jobNow = async ({ client }: EngineChild) =>
    (await client.jobs.list()).find(({ id }) => id === job.id);
  expect(await jobNow(first)).toMatchObject({ state: 'running', paused: true });
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(await stepNow()).toBe(step);
  expect((await loadCheckpoint(sample('runs', String(run.id))))!.steps).toBe(step);
  await killBoth(first);

  const second = start();
  await second.ready;
  expect(await second.client.training.runs()).toMatchObject([{ state: 'interrupted', step }]);
  await second.client.jobs.resume({ id: job.id });
  expect(await jobNow(second)).toMatchObject({ state: 'running', paused: false, done: step * 16 });
  await until(async () => (await history(second, run.id)).points.at(-1)!.step > step);
  await second.client.jobs.cancel({ id: job.id });
});
