import { describe, expect, it } from 'vitest';
import type { DecisionAct } from '../../shared/contract/index.ts';
import { getDataSet } from '../datasets/store.ts';
import { single, sql } from '../project/sqlite.ts';
import { projectForEach } from '../project/project.testing.ts';
import { openProject, type Project } from '../project/store.ts';
import { confusion } from './confusion.ts';
import { decide, decisionCounts } from './decide.ts';
import { journalState, redoLabel, undoLabel } from './journal.ts';
import { decidedWindow, digitPage, openWindow } from './page.ts';
import { dataSet, folderBatch, testSetBatch } from './review.testing.ts';

let project: Project;
let folder: string;
projectForEach(
  (made, place) => ([project, folder] = [made, place]),
  () => project,
);

const query = (batchId: number, more: object = {}) => ({
  kind: 'batch' as const,
  batchId,
  order: 'doubt' as const,
  ...more,
});
const rowsOf = (batchId: number, more: object = {}) =>
  digitPage(project.db, query(batchId, more), 0, 100).rows;
const queueOf = (batchId: number): string[] => rowsOf(batchId, { decided: 'queue' }).map(({ ref }) => ref);
const act = (ref: string, kind: Exclude<DecisionAct['kind'], 'label'>) =>
  decide(project.db, [{ refs: [ref], act: { kind } }]);
const sum = (counts: number[]): number => counts.reduce((total, count) => total + count, 0);

describe('the queue', () => {
  it('loses what is decided, and ends with what was doubted, longest ago first', () => {
    const batch = folderBatch(project.db, [
      [null, 1, 0.5],
      [null, 2, 0.6],
      [null, 3, 0.7],
      [null, 4, 0.8],
      [null, 5, 0.9],
    ]);
    const [a, b, c, d, e] = queueOf(batch) as [string, string, string, string, string];
    act(b, 'doubt');
    act(a, 'doubt');
    expect(queueOf(batch)).toEqual([c, d, e, b, a]);
    act(b, 'doubt');
    expect(queueOf(batch)).toEqual([c, d, e, a, b]);
    undoLabel(project.db);
    expect(queueOf(batch)).toEqual([c, d, e, b, a]);
    act(c, 'accept');
    act(d, 'reject');
    decide(project.db, [{ refs: [a], act: { kind: 'label', label: 7 } }]);
    expect(queueOf(batch)).toEqual([e, b]);
    expect(rowsOf(batch, { decided: 'accepted' })).toMatchObject([
      { ref: c, label: 3, decision: 'accepted' },
    ]);
    expect(rowsOf(batch, { decided: 'relabelled' })).toMatchObject([{ ref: a, label: 7 }]);
    expect(rowsOf(batch, { decided: 'rejected' })).toMatchObject([{ ref: d, label: null }]);
    // A window over the seam of both parts.
    const { total, rows } = digitPage(project.db, query(batch, { decided: 'queue' }), 1, 5);
    expect([total, rows.map(({ ref }) => ref)]).toEqual([2, [b]]);
  });

  it('by reading holds only what was read so', () => {
    const batch = folderBatch(project.db, [
      [null, 7, 0.5],
      [null, 2, 0.6],
      [null, 7, 0.7],
    ]);
    const sevens = rowsOf(batch, { decided: 'open', predicted: 7 }).map(({ ref }) => ref);
    expect(sevens).toHaveLength(2);
    act(sevens[0]!, 'accept');
    expect(digitPage(project.db, query(batch, { decided: 'open', predicted: 7 }), 0, 9)).toMatchObject({
      total: 1,
      rows: [{ ref: sevens[1] }],
    });
    expect(decisionCounts(project.db, batch).open).toEqual([0, 0, 1, 0, 0, 0, 0, 1, 0, 0]);
  });

  it.each([
    [openWindow(undefined), 'batch_item_doubt'],
    [openWindow(7), 'batch_item_doubt'],
    [decidedWindow(undefined), 'batch_item_decided'],
    [decidedWindow(7), 'batch_item_decided'],
  ])('is found in one index, without sorting', (text, index) => {
    const values = { batchId: 1, predicted: 7, decision: 'doubted', limit: 1, offset: 0 };
    expect(project.db.prepare(`EXPLAIN QUERY PLAN ${text}`).all(values)).toMatchObject([
      { detail: expect.stringMatching(new RegExp(`^SEARCH batch_item USING COVERING INDEX ${index} `)) },
    ]);
  });
});

describe('a digit rejected as none', () => {
  it('leaves the figures and every filter, and comes back with undo or with a label', () => {
    const batch = folderBatch(project.db, [
      [3, 5, 0.5],
      [3, 3, 0.9],
    ]);
    const [wrong] = rowsOf(batch, { only: 'misclassified' });
    act(wrong!.ref, 'reject');
    expect(confusion(project.db, batch)).toMatchObject({ labelled: 1, unlabelled: 0, accuracy: 1 });
    for (const filter of [{}, { label: null }, { label: 3 }, { predicted: 5 }, { only: 'misclassified' }])
      expect(rowsOf(batch, filter).map(({ ref }) => ref)).not.toContain(wrong!.ref);
    expect(digitPage(project.db, query(batch), 0, 9).total).toBe(1);
    undoLabel(project.db);
    expect(confusion(project.db, batch)).toMatchObject({ labelled: 2, accuracy: 0.5 });
    redoLabel(project.db);
    decide(project.db, [{ refs: [wrong!.ref], act: { kind: 'label', label: 5 } }]);
    expect(confusion(project.db, batch)).toMatchObject({ labelled: 2, accuracy: 1 });
  });

  it('of a data set is excluded there, until something else is decided', () => {
    const { db } = project;
    const set = dataSet(db, [1, 2, 3, 4]);
    const batch = testSetBatch(db, set, () => [7, 0.9]);
    const test = () => getDataSet(db, set).perClass.test;
    const [item] = rowsOf(batch);
    act(item!.ref, 'reject');
    expect(test()).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0, 0]);
    undoLabel(db);
    expect(test()).toEqual([0, 0, 1, 0, 1, 0, 0, 0, 0, 0]);
    redoLabel(db);
    act(item!.ref, 'accept');
    expect(test()).toEqual([0, 0, 0, 0, 1, 0, 0, 1, 0, 0]);
    expect(
      single(
        db,
        `SELECT GROUP_CONCAT(what || ' ' || COALESCE(old, '-') || ' ' || COALESCE(new, '-'), '; ') FROM audit_line
      WHERE event_id = (SELECT MAX(id) FROM journal_event)`,
      ),
    ).toBe('label - 7; use excluded used; decision rejected accepted');
  });
});

it('several acts are one step, taken back over a restart', () => {
  const batch = folderBatch(
    project.db,
    Array.from({ length: 20 }, (_, at) => [null, 7, 0.5 + at / 100]),
  );
  const refs = queueOf(batch);
  const { undo } = decide(project.db, [
    { refs: refs.slice(0, 17), act: { kind: 'accept' } },
    { refs: refs.slice(17, 19), act: { kind: 'doubt' } },
    { refs: refs.slice(19), act: { kind: 'label', label: 2 } },
  ]);
  expect(undo).toMatchObject({ kind: 'sheet', count: 20 });
  project.close();
  project = openProject(folder);
  const counts = () => Object.values(decisionCounts(project.db, batch)).map(sum);
  expect(counts()).toEqual([0, 17, 1, 2, 0]);
  undoLabel(project.db);
  expect(counts()).toEqual([20, 0, 0, 0, 0]);
  expect(queueOf(batch)).toEqual(refs);
  redoLabel(project.db);
  expect(counts()).toEqual([0, 17, 1, 2, 0]);
});

it('decides about all or none', () => {
  const batch = folderBatch(project.db, [[null, 7, 0.5]]);
  const refs = [...queueOf(batch), 'i99999'];
  expect(() => decide(project.db, [{ refs, act: { kind: 'accept' } }])).toThrow(/unknown-id/);
  expect(journalState(project.db).undo).toBeNull();
});

/** A small generator with a seed, so that a failure can be repeated. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

it.each([1, 2, 3])(
  'a thousand random steps, undo and redo leave the counts as if counted anew (seed %i)',
  (seed) => {
    const { db } = project;
    const next = random(seed);
    const set = dataSet(
      db,
      Array.from({ length: 60 }, () => next(10)),
    );
    const batches = [
      testSetBatch(db, set, () => [next(10), 0.3 + next(70) / 100]),
      testSetBatch(db, set, () => [next(10), 0.3 + next(70) / 100]),
      folderBatch(
        db,
        Array.from({ length: 30 }, () => [next(2) ? next(10) : null, next(10), 0.3 + next(70) / 100]),
      ),
    ];
    const refs = sql<{ id: number }>(db, 'SELECT id FROM batch_item')
      .all()
      .map(({ id }) => `i${id}`);
    const acts: DecisionAct['kind'][] = ['accept', 'label', 'doubt', 'reject', 'clear'];
    /** Snapshots by how many steps are applied: undo must lead back to the very same state. */
    const state = () =>
      sql(
        db,
        `SELECT id, label, decision, decided_in FROM batch_item
      UNION ALL SELECT -id, label, excluded, NULL FROM digit ORDER BY 1`,
      ).all();
    const snapshots = [state()];
    let applied = 0;
    for (let at = 0; at < 1_000; at++) {
      const dice = next(10);
      if (dice < 2) {
        undoLabel(db);
        applied = Math.max(0, applied - 1);
      } else if (dice === 2) {
        redoLabel(db);
        applied = Math.min(snapshots.length - 1, applied + 1);
      } else {
        const kind = acts[next(acts.length)]!;
        const chosen = Array.from({ length: 1 + next(3) }, () => refs[next(refs.length)]!);
        const before = journalState(db).undo?.id;
        const done: DecisionAct = kind === 'label' ? { kind, label: next(10) } : { kind };
        if (decide(db, [{ refs: chosen, act: done }]).undo?.id !== before) {
          snapshots.length = ++applied;
          snapshots.push(state());
        }
      }
      if (at % 20 === 0) expect(state()).toEqual(snapshots[applied]);
    }
    expect(state()).toEqual(snapshots[applied]);
    expect(
      sql(db, `SELECT batch_id, label, digit, count FROM batch_cell WHERE count > 0 ORDER BY 1, 2, 3`).all(),
    ).toEqual(
      sql(
        db,
        `SELECT batch_id, COALESCE(label, -1) AS label, digit, COUNT(*) AS count FROM batch_item
      WHERE decision IS NOT 'rejected' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
      ).all(),
    );
    expect(sql(db, 'SELECT split, label, count FROM data_cell WHERE count > 0 ORDER BY 1, 2').all()).toEqual(
      sql(
        db,
        `SELECT split, COALESCE(label, -1) AS label, COUNT(*) AS count FROM digit WHERE excluded = 0
      GROUP BY 1, 2 ORDER BY 1, 2`,
      ).all(),
    );
    for (const batch of batches) {
      const counts = decisionCounts(db, batch);
      for (const [decision, perDigit] of Object.entries(counts))
        perDigit.forEach((count, digit) =>
          expect([decision, digit, count]).toEqual([
            decision,
            digit,
            single(
              db,
              `SELECT COUNT(*) FROM batch_item WHERE batch_id = ? AND digit = ? AND decision IS ?`,
              ...[batch, digit, decision === 'open' ? null : decision],
            ),
          ]),
        );
      const { total, rows } = digitPage(db, query(batch, { decided: 'queue' }), 0, 1_000);
      expect([total, total]).toEqual([rows.length, sum(counts.open) + sum(counts.doubted)]);
    }
  },
);
