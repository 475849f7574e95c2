import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { batchFormats } from '../shared/contract/index.ts';
import { lenet5 } from '../shared/models/family/lenet5.ts';
import { createEngine, type Engine } from '../engine/api/engine.ts';
import { until } from '../engine/api/test-support.ts';
import { ComputeProcess } from '../engine/compute/client.ts';
import { ReaderPool } from '../engine/images/reader-pool.ts';
import { modelOf } from '../engine/models/exchange/models.testing.ts';
import { writeModel } from '../engine/models/store.ts';
import { parseCsv } from '../../test/e2e/csv.ts';
import { run, writeDigits } from './run.testing.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let home: string;
let engine: Engine;
const at = (...names: string[]): string => path.join(home, ...names);

beforeAll(async () => {
  home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'studio-cli-export-')));
  await writeDigits(at('scans'), 600);
  fs.writeFileSync(at('scans', 'Thumbs.db'), 'x');
  fs.writeFileSync(at('scans', 'say "7", twice.png'), '');
  await writeModel(at('model'), modelOf(lenet5({ activation: 'tanh', pooling: 'max' })));
  engine = createEngine(
    { userData: at('user'), mnist: at('mnist'), version: '0.1.0' },
    { compute: new ComputeProcess(), reader: new ReaderPool() },
  );
  fs.mkdirSync(at('project'));
});
afterAll(async () => {
  await engine.close();
  fs.rmSync(home, { recursive: true, force: true });
});

it('window and command line write the same bytes, in every format', async () => {
  const { client } = engine;
  const granted = async (place: string, purpose: Parameters<Engine['grantPath']>[1]): Promise<string> =>
    (await engine.grantPath(place, purpose)).id;
  await client.project.create({ folder: await granted(at('project'), 'project-folder'), name: 'one' });
  const folder = await granted(at('model'), 'read-folder');
  const { model } = await client.models.import({ folder, name: 'model' });
  const plain = await run(['classify', 'scans', '--model', 'model', '--out', 'plain.csv'], { cwd: home });
  expect(plain.code).toBe(0);
  const confidences = parseCsv(fs.readFileSync(at('plain.csv'), 'utf8')).flatMap(([, , confidence]) =>
    Number(confidence) > 0 ? [Number(confidence)] : [],
  );
  // Between the digits, so that half of them are rejected.
  const threshold = confidences.sort((a, b) => a - b)[300]!;
  const { job, batch } = await client.batches.classify({
    folder: await granted(at('scans'), 'read-folder'),
    modelId: model.id,
    name: 'scans',
    reject: { threshold },
  });
  const ended = await until(async () =>
    (await client.jobs.list()).find(({ id, state }) => id === job.id && state !== 'running'),
  );
  expect(ended).toMatchObject({ state: 'done', error: null });
  const [read] = await client.batches.list();
  for (const status of ['done', 'rejected', 'failed', 'skipped'] as const)
    expect(read![status], status).toBeGreaterThan(0);
  for (const format of batchFormats) {
    const file = await granted(at(`window.${format}`), 'write-file');
    expect(await client.batches.export({ batchId: batch.id, format, file })).toMatchObject({ rows: 602 });
    // The extension says the format; so does --format, whatever the name.
    const [out, more] = format === 'csv' ? ['rows.txt', ['--format', 'csv']] : [`command.${format}`, []];
    const asked = ['--model', 'model', '--threshold', String(threshold), '--out', out, ...more];
    const { code, json } = await run(['classify', 'scans', ...asked, '--json'], { cwd: home });
    expect(code).toBe(0);
    expect(json()).toMatchObject({ files: 602, format, out });
    expect(fs.readFileSync(at(out)).equals(fs.readFileSync(at(`window.${format}`))), out).toBe(true);
  }
});

it('replaces no file of another format', async () => {
  const before = fs.readFileSync(at('plain.csv'));
  const asked = [
    'classify',
    'scans',
    '--model',
    'model',
    '--out',
    'plain.csv',
    '--format',
    'jsonl',
    '--json',
  ];
  const { code, json, stderr } = await run(asked, { cwd: home });
  expect(code).toBe(1);
  expect(json()).toMatchObject({ error: { code: 'file-exists' } });
  expect(stderr).toContain('same format');
  expect(fs.readFileSync(at('plain.csv')).equals(before)).toBe(true);
});
