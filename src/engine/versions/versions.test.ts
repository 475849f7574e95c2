import { describe, expect, it } from 'vitest';
import { normalisationOf } from '../../shared/domain.ts';
import { getDataSet } from '../datasets/store.ts';
import { listModels, removeModel } from '../project/models.ts';
import { sql } from '../project/sqlite.ts';
import { projectForEach } from '../project/project.testing.ts';
import { openProject, type Project } from '../project/store.ts';
import { decide } from '../review/decide.ts';
import { digitDetail } from '../review/detail.ts';
import { journalState, redoLabel, setLabel, undoLabel } from '../review/journal.ts';
import { digitPage } from '../review/page.ts';
import { sourceFile } from '../review/refs.ts';
import { dataSet, folderBatch, testSetBatch } from '../review/review.testing.ts';
import { trainingSet } from '../datasets/training-set.ts';
import { addDigits, addableDigits } from './add.ts';
import { PENDING } from './pending.ts';
import { commitVersion, currentVersion, dataVersions, discardChanges } from './versions.ts';

let project: Project;
let folder: string;
projectForEach(
  (made, place) => ([project, folder] = [made, place]),
  () => project,
);

const none = { relabelled: 0, excluded: 0, restored: 0, added: 0, moved: 0, test: 0 };
const pending = (set: number) => dataVersions(project.db, set).pending;
const changesOf = (dataSetId: number, versionId?: number) =>
  digitPage(project.db, { kind: 'changes', dataSetId, versionId }, 0, 100).rows.map(
    ({ ref, change }) => [ref, change?.kind, change?.from, change?.to] as const,
  );
const itemRefs = (batchId: number): string[] =>
  digitPage(project.db, { kind: 'batch', batchId, order: 'path' }, 0, 100).rows.map(({ ref }) => ref);

describe('versions of a data set', () => {
  it('hold what is committed, and what is changed since is pending', () => {
    const set = dataSet(project.db, [1, 2, 3, 4]);
    expect(dataVersions(project.db, set)).toEqual({ pending: none, versions: [] });
    expect(currentVersion(project.db, set)).toBe(1);
    setLabel(project.db, ['d1', 'd2'], 7);
    expect(pending(set)).toEqual({ ...none, relabelled: 2, test: 1 });
    expect(currentVersion(project.db, set)).toBeNull();
    expect(changesOf(set)).toEqual([
      ['d1', 'relabelled', 1, 7],
      ['d2', 'relabelled', 2, 7],
    ]);
    // A label that is as it was is no change.
    setLabel(project.db, ['d1'], 1);
    expect(changesOf(set)).toEqual([['d2', 'relabelled', 2, 7]]);

    commitVersion(project.db, set, 'after Monday');
    expect(currentVersion(project.db, set)).toBe(2);
    setLabel(project.db, ['d2'], 9);
    const { versions } = dataVersions(project.db, set);
    expect(versions).toMatchObject([
      { number: 2, name: 'after Monday', train: 2, test: 2, changes: { relabelled: 1, test: 1 } },
    ]);
    expect(changesOf(set)).toEqual([['d2', 'relabelled', 7, 9]]);
    expect(changesOf(set, versions[0]!.id)).toEqual([['d2', 'relabelled', 2, 7]]);
    commitVersion(project.db, set, 'third');
    expect(dataVersions(project.db, set).versions.map(({ number }) => number)).toEqual([3, 2]);
  });

  it('are undone and redone with their changes, across a restart', () => {
    const set = dataSet(project.db, [1, 2, 3, 4]);
    setLabel(project.db, ['d1'], 7);
    commitVersion(project.db, set, 'one');
    project.close();
    project = openProject(folder);
    expect(journalState(project.db).undo).toMatchObject({ kind: 'commit', count: 1 });
    undoLabel(project.db);
    expect(dataVersions(project.db, set)).toEqual({ pending: { ...none, relabelled: 1 }, versions: [] });
    undoLabel(project.db);
    expect(pending(set)).toEqual(none);
    redoLabel(project.db);
    redoLabel(project.db);
    expect(dataVersions(project.db, set)).toMatchObject({ pending: none, versions: [{ number: 2 }] });
    undoLabel(project.db);
    // The number of a commit that was undone is free again.
    setLabel(project.db, ['d3'], 0);
    commitVersion(project.db, set, 'two');
    expect(dataVersions(project.db, set).versions).toMatchObject([{ number: 2, name: 'two' }]);
  });

  it('with nothing changed are refused', () => {
    const set = dataSet(project.db, [1, 2]);
    expect(() => commitVersion(project.db, set, 'x')).toThrow('no-changes');
    expect(() => discardChanges(project.db, set)).toThrow('no-changes');
    expect(() => commitVersion(project.db, 99, 'x')).toThrow('unknown-id');
  });

  it('take what is pending back as one step, and decisions about it are open again', async () => {
    const set = dataSet(project.db, [1, 2, 3, 4]);
    const batch = testSetBatch(project.db, set, (at) => [at, 0.9]);
    const [first, second] = itemRefs(batch) as [string, string];
    decide(project.db, [{ refs: [first], act: { kind: 'label', label: 7 } }]);
    commitVersion(project.db, set, 'kept');
    decide(project.db, [{ refs: [second], act: { kind: 'reject' } }]);
    setLabel(project.db, ['d1'], 5);
    expect(pending(set)).toEqual({ ...none, relabelled: 1, excluded: 1, test: 1 });
    discardChanges(project.db, set);
    expect(pending(set)).toEqual(none);
    expect(digitDetail(project.db, second)).toMatchObject({ label: 4, decision: null });
    expect(digitDetail(project.db, first)).toMatchObject({ label: 7, decision: 'relabelled' });
    expect([...(await trainingSet(project.db, set, 'test')).labels]).toEqual([7, 4]);
    undoLabel(project.db);
    expect(pending(set)).toEqual({ ...none, relabelled: 1, excluded: 1, test: 1 });
    expect(digitDetail(project.db, second)).toMatchObject({ label: null, decision: 'rejected' });
  });

  it('write who kept what into the audit trail', () => {
    const set = dataSet(project.db, [1, 2]);
    setLabel(project.db, ['d1'], 7);
    commitVersion(project.db, set, 'named');
    const line = sql<object>(
      project.db,
      `SELECT what, old, new, reason FROM audit_line JOIN journal_event AS event ON event.id = event_id ORDER BY audit_line.id DESC`,
    ).get();
    expect(line).toEqual({ what: 'version', old: '1', new: '2', reason: 'named' });
  });

  it('find what is pending in an index', () => {
    const plan = sql<{ detail: string }>(
      project.db,
      `EXPLAIN QUERY PLAN SELECT id FROM digit WHERE data_set_id = 1 AND ${PENDING} ORDER BY id`,
    ).all();
    expect(plan.map(({ detail }) => detail)).toEqual([expect.stringContaining('digit_pending')]);
  });
});

describe('decided digits of a batch', () => {
  it('become training digits of a data set, with their pictures and files', async () => {
    const set = dataSet(project.db, [1, 2]);
    const batch = folderBatch(project.db, [
      [null, 3, 0.5],
      [null, 4, 0.6],
      [null, 5, 0.7],
      [null, 6, 0.8],
    ]);
    const [a, b, c] = itemRefs(batch) as [string, string, string];
    expect(() => addDigits(project.db, batch, set)).toThrow('no-changes');
    decide(project.db, [{ refs: [a], act: { kind: 'accept' } }]);
    decide(project.db, [{ refs: [b], act: { kind: 'label', label: 9 } }]);
    decide(project.db, [{ refs: [c], act: { kind: 'doubt' } }]);
    expect(addableDigits(project.db, batch, set)).toEqual({ decided: 2, differing: 2 });
    addDigits(project.db, batch, set);
    expect(addableDigits(project.db, batch, set)).toEqual({ decided: 2, differing: 0 });
    expect(pending(set)).toEqual({ ...none, added: 2 });
    const { labels, tiles } = await trainingSet(project.db, set, 'train');
    expect([...labels]).toEqual([1, 3, 9]);
    expect([tiles[784], tiles[2 * 784]]).toEqual([0, 1]);
    expect(getDataSet(project.db, set)).toMatchObject({ total: 4 });
    const added = changesOf(set).map(([ref]) => ref);
    expect(digitDetail(project.db, added[1]!)).toMatchObject({ name: '1.png', source: '/x', split: 'train' });
    expect(sourceFile(project.db, added[1]!)).toMatchObject({ record: null, root: Buffer.from('/x') });
    // Digits that came with the set are records of its file as before.
    expect(digitDetail(project.db, 'd1')).toMatchObject({ name: 'images#0', source: 'MNIST' });
  });

  it('come from a model that was removed since, too, but only where both were read alike', () => {
    const set = dataSet(project.db, [1, 2]);
    const batch = folderBatch(project.db, [[null, 3, 0.5]]);
    decide(project.db, [{ refs: itemRefs(batch), act: { kind: 'accept' } }]);
    const [model] = listModels(project.db);
    removeModel(project.db, model!.id);
    const otherwise = normalisationOf({ polarity: 'auto', crop: true, deskew: true });
    const change = sql(project.db, 'UPDATE data_set SET recipe = ? WHERE id = ?');
    change.run(JSON.stringify(otherwise), set);
    expect(() => addDigits(project.db, batch, set)).toThrow(
      expect.objectContaining({ code: 'normalisation-differs', params: { model: model!.name, name: 'd' } }),
    );
    expect(pending(set)).toEqual(none);
    change.run(null, set);
    addDigits(project.db, batch, set);
    expect(pending(set)).toEqual({ ...none, added: 1 });
  });

  it('go to records of MNIST whatever polarity they were read by, and to files only by the same', () => {
    const set = dataSet(project.db, [1, 2]);
    const batch = folderBatch(project.db, [[null, 3, 0.5]]);
    decide(project.db, [{ refs: itemRefs(batch), act: { kind: 'accept' } }]);
    const dark = normalisationOf({ polarity: 'dark-on-light', crop: true, deskew: false });
    sql(project.db, 'UPDATE batch SET recipe = ? WHERE id = ?').run(JSON.stringify(dark), batch);
    sql(project.db, `UPDATE data_set SET kind = 'folder' WHERE id = ?`).run(set);
    expect(() => addDigits(project.db, batch, set)).toThrow(/normalisation-differs/);
    sql(project.db, `UPDATE data_set SET kind = 'mnist' WHERE id = ?`).run(set);
    addDigits(project.db, batch, set);
    expect(pending(set)).toEqual({ ...none, added: 1 });
  });

  it('leave with undo and come back with redo; another decision about one is another label', async () => {
    const set = dataSet(project.db, [1, 2]);
    const batch = folderBatch(project.db, [
      [null, 3, 0.5],
      [null, 4, 0.6],
    ]);
    const [a, b] = itemRefs(batch) as [string, string];
    decide(project.db, [{ refs: [a, b], act: { kind: 'accept' } }]);
    addDigits(project.db, batch, set);
    undoLabel(project.db);
    expect(pending(set)).toEqual(none);
    expect(getDataSet(project.db, set)).toMatchObject({ total: 2 });
    redoLabel(project.db);
    commitVersion(project.db, set, 'with two more');
    decide(project.db, [{ refs: [b], act: { kind: 'label', label: 8 } }]);
    expect(addableDigits(project.db, batch, set)).toEqual({ decided: 2, differing: 1 });
    addDigits(project.db, batch, set);
    expect(changesOf(set).map(([, ...change]) => change)).toEqual([['relabelled', 4, 8]]);
    expect([...(await trainingSet(project.db, set, 'train')).labels]).toEqual([1, 3, 8]);
  });

  it('of the same file in another batch are not added twice, and files of the same name are told apart', () => {
    const set = dataSet(project.db, [1, 2]);
    const items: [null, number, number][] = [[null, 3, 0.5]];
    const [one, again] = [folderBatch(project.db, items), folderBatch(project.db, items)];
    const other = folderBatch(project.db, items);
    sql(project.db, 'UPDATE batch SET root = ? WHERE id = ?').run(Buffer.from('/y'), other);
    for (const batch of [one, again, other])
      decide(project.db, [{ refs: itemRefs(batch), act: { kind: 'accept' } }]);
    addDigits(project.db, one, set);
    expect(() => addDigits(project.db, again, set)).toThrow('no-changes');
    addDigits(project.db, other, set);
    const names = changesOf(set).map(([ref]) => {
      const { name, source } = digitDetail(project.db, ref);
      return `${source} ${name}`;
    });
    expect(names).toEqual(['/x 0.png', '/y ./0.png']);
  });
});
