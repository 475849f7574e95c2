import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { defaultParameters, TILE_BYTES, type EpochMetrics } from '../../shared/domain.ts';
import { StudioError } from '../../shared/errors.ts';
import { readModel, writeModel } from '../models/store.ts';
import { loadCheckpoint, saveCheckpoint } from '../training/checkpoint.ts';
import { someDigits } from '../training/digits.testing.ts';
import { trainModel } from '../training/run.ts';
import { ComputeProcess } from './client.ts';
import type { Checkpoint, LabelledTiles, TrainListener, TrainRequest, TrainResult } from './types.ts';

// Real training, on machines that may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let folder: string;
let modelFolder: string;
let digits: LabelledTiles;
let validation: LabelledTiles;
let compute = new ComputeProcess();
const forever = new AbortController().signal;
const deaf: TrainListener = {
  points: () => undefined,
  progress: () => undefined,
  epoch: () => undefined,
  checkpoint: () => undefined,
};

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'studio-compute-'));
  modelFolder = path.join(folder, 'model');
  // Not a multiple of the batch size.
  digits = await someDigits('train', 300);
  validation = await someDigits('test', 130);
  await trainInto(modelFolder, 1);
});
afterEach(async () => {
  // A test that leaves the process busy or dead does not matter to the next.
  await compute.close();
  compute = new ComputeProcess();
});
afterAll(async () => {
  await compute.close();
  await rm(folder, { recursive: true, force: true });
});

const trainInto = (target: string, seed: number) =>
  trainModel({
    compute,
    name: 'test',
    dataName: 'MNIST',
    dataHash: '00',
    train: digits,
    test: null,
    parameters: { ...defaultParameters, epochs: 1, seed },
    studioVersion: '0.1.0',
    modelFolder: target,
    listener: deaf,
    signal: forever,
  });
const request = (changes: Partial<TrainRequest['parameters']> = {}, resume?: Checkpoint): TrainRequest => ({
  parameters: { ...defaultParameters, epochs: 3, ...changes },
  train: digits,
  validation,
  ...(resume && { resume }),
});
const train = (asked: TrainRequest, listener: Partial<TrainListener> = {}, signal = forever) =>
  compute.train(asked, { ...deaf, ...listener }, signal);
const untimed = (epochs: EpochMetrics[]): unknown => epochs.map(({ seconds: _, ...figures }) => figures);
const refusal = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    await work;
  } catch (error) {
    return error instanceof StudioError ? { code: error.code, ...error.params } : error;
  }
  return 'nothing thrown';
};
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
async function gone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 100 && isAlive(pid); tries++) await delay(50);
  return !isAlive(pid);
}

describe('info', () => {
  it('tells what computes, and with how many threads', async () => {
    const two = new ComputeProcess({ threads: { intraOp: 2, interOp: 1 } });
    expect(await two.info()).toEqual({
      tensorflow: expect.stringMatching(/^2\.\d+\.\d+/) as string,
      node: process.versions.node,
      platform: `${process.platform}-${process.arch}`,
      threads: { intraOp: 2, interOp: 1 },
      flags: { TF_ENABLE_ONEDNN_OPTS: '1' },
    });
    await two.close();
    expect(await refusal(two.info())).toMatchObject({ code: 'compute-stopped' });
  });
});

describe('train', () => {
  it('gives the same weights for the same seed in another process, and others for another seed', async () => {
    const first = await train(request());
    await compute.close();
    compute = new ComputeProcess();
    const second = await train(request());
    expect(second.bestWeights).toEqual(first.bestWeights);
    expect(untimed(second.epochs)).toEqual(untimed(first.epochs));
    const other = await train(request({ seed: 2 }));
    expect(other.bestWeights[0]!.values).not.toEqual(first.bestWeights[0]!.values);
  });

  it('goes on from a checkpoint on disk as if it had never stopped, bit for bit', async () => {
    const checkpoints: Checkpoint[] = [];
    const listener = {
      epoch: (_: EpochMetrics, checkpoint: Checkpoint) => void checkpoints.push(checkpoint),
    };
    const whole = await train(request(), listener);
    expect(checkpoints.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    await saveCheckpoint(folder, checkpoints[0]!);
    const stored = (await loadCheckpoint(folder))!;
    await compute.close();
    compute = new ComputeProcess();
    const steps: number[] = [];
    const rest = await train(request({}, stored), {
      ...listener,
      progress: ({ step }) => void steps.push(step),
    });
    expect(rest.bestWeights).toEqual(whole.bestWeights);
    expect(rest.bestEpoch).toBe(whole.bestEpoch);
    expect(untimed(rest.epochs)).toEqual(untimed(whole.epochs));
    expect(checkpoints[4]!.weights).toEqual(checkpoints[2]!.weights);
    expect(checkpoints[4]!.optimiser).toEqual(checkpoints[2]!.optimiser);
    expect(Math.min(...steps)).toBeGreaterThan(5);
    // Nothing left to do: the checkpoint is the result.
    const finished = await train(request({}, checkpoints[2]!));
    expect(finished).toEqual({
      bestEpoch: whole.bestEpoch,
      bestWeights: whole.bestWeights,
      epochs: whole.epochs,
      imagesPerSecond: null,
      eager: null,
    } satisfies TrainResult);
  });

  it('stops within a second when it is cancelled, and the process is free for the next call', async () => {
    const controller = new AbortController();
    let cancelledAt = 0;
    const listener = {
      points: () => {
        cancelledAt ||= performance.now();
        controller.abort();
      },
    };
    const error = await refusal(train(request({ epochs: 1000 }), listener, controller.signal));
    expect(performance.now() - cancelledAt).toBeLessThan(1000);
    expect(error).toEqual({ code: 'cancelled' });
    const before = compute.pid;
    expect((await train(request({ epochs: 1 }))).bestEpoch).toBe(1);
    expect(compute.pid).toBe(before);
    expect(await refusal(train(request(), {}, controller.signal))).toEqual({ code: 'cancelled' });
  });

  it('rejects every call that waits when the process is killed, and starts another for the next', async () => {
    const started = Promise.withResolvers<unknown>();
    const training = refusal(train(request({ epochs: 1000 }), { points: started.resolve }));
    const waiting = refusal(train(request()));
    await started.promise;
    process.kill(compute.pid!, 'SIGKILL');
    expect(await training).toEqual({ code: 'compute-stopped', detail: 'SIGKILL' });
    expect(await waiting).toEqual({ code: 'compute-stopped', detail: 'SIGKILL' });
    expect(await compute.classify(modelFolder, validation.tiles)).toHaveLength(1300);
  });
});

describe('classify', () => {
  it('is answered while a training runs', async () => {
    const controller = new AbortController();
    const started = Promise.withResolvers<unknown>();
    const listener = { points: started.resolve };
    const training = refusal(train(request({ epochs: 1000 }), listener, controller.signal));
    await started.promise;
    const busy = await compute.classify(modelFolder, validation.tiles);
    controller.abort();
    await training;
    expect(await compute.classify(modelFolder, validation.tiles)).toEqual(busy);
  });

  it('gives each digit the answer that it gets alone', async () => {
    const all = await compute.classify(modelFolder, validation.tiles);
    for (const at of [0, 63, 64, 127, 128, 129]) {
      const alone = await compute.classify(
        modelFolder,
        validation.tiles.slice(at * TILE_BYTES, (at + 1) * TILE_BYTES),
      );
      expect(alone).toEqual(all.slice(at * 10, (at + 1) * 10));
    }
    for (let row = 0; row < 130; row++) {
      expect(all.subarray(row * 10, row * 10 + 10).reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    }
  });

  it('names a model whose outputs are no numbers', async () => {
    const model = await readModel(modelFolder);
    const target = path.join(folder, 'exploded');
    const weights = model.weights.map((tensor) => ({
      ...tensor,
      values: tensor.values.map((value) => value * 1e38),
    }));
    await writeModel(target, { ...model, weights });
    expect(await refusal(compute.classify(target, validation.tiles))).toMatchObject({
      code: 'model-file-damaged',
      model: target,
    });
  });

  it('reads a model anew when it was written anew', async () => {
    const target = path.join(folder, 'replaced');
    await trainInto(target, 1);
    const first = await compute.classify(target, validation.tiles);
    expect(first).toEqual(await compute.classify(modelFolder, validation.tiles));
    await trainInto(target, 2);
    expect(await compute.classify(target, validation.tiles)).not.toEqual(first);
    await rm(path.join(target, 'weights.bin'));
    expect(await refusal(compute.classify(target, validation.tiles))).toEqual({
      code: 'model-file-missing',
      model: target,
      file: 'weights.bin',
    });
  });
});

describe('distort', () => {
  it('answers while a training runs, and the same for the same seed', async () => {
    const stop = new AbortController();
    const training = refusal(train(request({ epochs: 1000 }), {}, stop.signal));
    const wish = { ...defaultParameters, shift: 3 };
    const tiles = digits.tiles.subarray(0, 5 * TILE_BYTES);
    const [once, again, other] = [
      await compute.distort(tiles, wish, 1),
      await compute.distort(tiles, wish, 1),
      await compute.distort(tiles, wish, 2),
    ];
    stop.abort();
    expect(await training).toMatchObject({ code: 'cancelled' });
    expect(once).toHaveLength(tiles.length);
    expect(again).toEqual(once);
    expect(other).not.toEqual(once);
  });
});

describe('the process', () => {
  it('ends with the one that started it, even in the middle of a training', async () => {
    const script = path.join(import.meta.dirname, 'orphan.testing.ts');
    const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    expect(await gone(pid)).toBe(true);
  });

  it('says in one line that TensorFlow is not installed', async () => {
    const elsewhere = path.join(folder, 'elsewhere');
    const source = path.join(import.meta.dirname, '..', '..');
    for (const file of ['engine/tensor/load.ts', 'shared/errors.ts']) {
      await mkdir(path.join(elsewhere, path.dirname(file)), { recursive: true });
      await cp(path.join(source, file), path.join(elsewhere, file));
    }
    const load = `import { loadTensorFlow } from ${JSON.stringify(path.join(elsewhere, 'engine/tensor/load.ts'))};
      try { loadTensorFlow(); } catch (error) { console.log(JSON.stringify([error.code, error.params.detail])); }`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', load], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [output] = (await once(child.stdout, 'data')) as [Buffer];
    expect(JSON.parse(output.toString())).toEqual([
      'compute-missing',
      "Cannot find module '@tensorflow/tfjs-node'",
    ]);
  });
});
