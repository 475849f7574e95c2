import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { until, writeSmallMnist } from '../api/test-support.ts';
import { EngineChild } from '../engine-child.testing.ts';

const DIGITS = 20_000;
/**
 * When the engine is killed, as a share of the time that the same takes in an engine that has done it before; one that has just started takes
 * longer. At last as soon as it has answered.
 */
const MOMENTS = [0.3, 0.6, 0.9, 1.3, 1.8, Infinity];

let home: string;
const engines: EngineChild[] = [];
beforeEach(async () => {
  home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'studio-undo-')));
  await writeSmallMnist(path.join(home, 'mnist'), { train: DIGITS, test: 20 });
}, 60_000);
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

interface Kept {
  /** The label of every training digit, in order. */
  labels: string;
  /** What the journal takes back next; null for nothing. */
  undo: { id: number; count: number } | null;
  entries: number;
  events: number;
  lines: number;
}

/** What the project's file holds, checked against itself. */
function kept(): Kept {
  const db = new Database(path.join(home, 'user', 'sample', 'project.sqlite'));
  try {
    const value = <T>(query: string, ...parameters: unknown[]): T =>
      db
        .prepare(query)
        .pluck()
        .get(...parameters) as T;
    expect(value('PRAGMA integrity_check')).toBe('ok');
    expect(db.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
    const counts = (query: string): unknown => db.prepare(query).all();
    expect(
      counts('SELECT split, label, SUM(count) AS count FROM data_cell WHERE count > 0 GROUP BY 1, 2'),
    ).toEqual(
      counts('SELECT split, COALESCE(label, -1) AS label, COUNT(*) AS count FROM digit GROUP BY 1, 2'),
    );
    const labels = value<string>(
      `SELECT group_concat(label, '') FROM (SELECT label FROM digit WHERE split = 'train' ORDER BY id)`,
    );
    const undo = db
      .prepare(`SELECT id, count FROM journal_entry WHERE state = 'applied' ORDER BY id DESC LIMIT 1`)
      .get() as Kept['undo'] | undefined;
    // Every event has as many lines as its step has changes, and every change is in its step.
    expect(
      counts(
        `SELECT event.id FROM journal_event AS event JOIN journal_entry AS entry ON entry.id = event.entry_id
         WHERE entry.count <> (SELECT COUNT(*) FROM audit_line WHERE event_id = event.id)
            OR entry.count <> (SELECT COUNT(*) FROM label_change WHERE entry_id = entry.id)`,
      ),
    ).toEqual([]);
    const [entries, events, lines] = ['journal_entry', 'journal_event', 'audit_line'].map((table) =>
      value<number>(`SELECT COUNT(*) FROM ${table}`),
    ) as [number, number, number];
    return { labels, undo: undo ?? null, entries, events, lines };
  } finally {
    db.close();
  }
}

it('a bulk change of many digits, or its undo, is there wholly or not at all when the engine is killed in the middle of it', async () => {
  let engine = start();
  await engine.client.project.sample();
  const [set] = await until(async () => {
    const sets = await engine.client.data.sets();
    return sets.length > 0 && sets;
  });
  const selection = {
    query: { kind: 'data' as const, dataSetId: set!.id, split: 'train' as const },
    ranges: [{ from: 0, to: DIGITS }],
    total: DIGITS,
  };
  const change = ({ client }: EngineChild) =>
    client.digits.change({ selection, change: { kind: 'label', label: 7 } });
  const undo = ({ client }: EngineChild) => client.review.undo();
  const given = kept().labels;
  const sevens = '7'.repeat(DIGITS);
  const count = [...given].filter((label) => label !== '7').length;
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const began = performance.now();
    await work();
    return performance.now() - began;
  };
  const alone = { change: await timed(() => change(engine)), undo: await timed(() => undo(engine)) };
  expect(kept()).toMatchObject({ labels: given, undo: null });

  /** Kills the engine in the midst of it; whether it had happened by then. */
  async function killedIn(kind: 'change' | 'undo', moment: number): Promise<boolean> {
    const before = kept();
    const call = { change, undo }[kind](engine).catch(() => undefined);
    await (moment === Infinity ? call : Promise.race([sleep(moment * alone[kind]), call]));
    await engine.kill('SIGKILL');
    engine = start();
    await engine.ready;
    const after = kept();
    const { undo: next } = await engine.client.review.journal();
    expect(next?.id ?? null).toBe(after.undo?.id ?? null);
    if (after.labels === before.labels) {
      expect(after).toEqual(before);
      return false;
    }
    expect(after.labels).toBe(kind === 'change' ? sevens : given);
    expect(after.undo?.count ?? null).toBe(kind === 'change' ? count : null);
    expect([after.events, after.lines]).toEqual([before.events + 1, before.lines + count]);
    expect(after.entries).toBe(before.entries + (kind === 'change' ? 1 : 0));
    return true;
  }
  for (const kind of ['change', 'undo'] as const) {
    const outcomes: boolean[] = [];
    for (const moment of MOMENTS) {
      outcomes.push(await killedIn(kind, moment));
      if (outcomes.at(-1)) break;
    }
    // Killed early it has not happened, and answered it has.
    expect([outcomes[0], outcomes.at(-1)], kind).toEqual([false, true]);
  }

  await change(engine);
  expect(kept().labels).toBe(sevens);
  expect((await undo(engine)).redo).toMatchObject({ count });
  expect(kept()).toMatchObject({ labels: given, undo: null });
  await engine.client.review.redo();
  expect(kept()).toMatchObject({ labels: sevens, undo: { count } });
}, 120_000);
