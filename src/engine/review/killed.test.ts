import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { until, writeSmallMnist } from '../api/test-support.ts';
import { EngineChild } from '../engine-child.testing.ts';

let home: string;
const engines: EngineChild[] = [];
beforeEach(async () => {
  home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'studio-undo-')));
  await writeSmallMnist(path.join(home, 'mnist'), { train: 400, test: 20 });
});
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.kill('SIGKILL')));
  fs.rmSync(home, { recursive: true, force: true });
});

function start(): EngineChild {
  const engine = new EngineChild(home);
  engines.push(engine);
  return engine;
}

it('a bulk change is undone and redone after the engine was killed, each time by another engine', async () => {
  const first = start();
  await first.client.project.sample();
  const [set] = await until(async () => {
    const sets = await first.client.data.sets();
    return sets.length > 0 && sets;
  });
  const query = { kind: 'data', dataSetId: set!.id, split: 'train' } as const;
  const labels = async ({ client }: EngineChild) =>
    (await client.digits.page({ query, offset: 0, limit: 400 })).rows.map(({ label }) => label);
  const given = await labels(first);
  const { rows } = await first.client.digits.page({ query, offset: 0, limit: 300 });
  const other = (await first.client.review.setLabel({ refs: rows.map(({ ref }) => ref), label: 0 })).undo!;
  expect(other.count).toBe(given.slice(0, 300).filter((label) => label !== 0).length);
  const changed = given.map((label, at) => (at < 300 ? 0 : label));
  expect(await labels(first)).toEqual(changed);
  await first.kill('SIGKILL');

  const second = start();
  await second.ready;
  expect(await labels(second)).toEqual(changed);
  expect((await second.client.review.undo()).redo).toMatchObject({ id: other.id, count: other.count });
  expect(await labels(second)).toEqual(given);
  await second.kill('SIGKILL');

  const third = start();
  await third.ready;
  expect(await labels(third)).toEqual(given);
  await third.client.review.redo();
  expect(await labels(third)).toEqual(changed);
  const place = await third.grant(path.join(home, 'audit.csv'), 'write-file');
  expect((await third.client.review.exportAudit({ file: place.id })).rows).toBe(3 * other.count);
}, 60_000);
