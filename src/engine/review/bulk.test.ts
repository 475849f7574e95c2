import { beforeEach, describe, expect, it } from 'vitest';
import type { BulkChange } from '../../shared/contract/index.ts';
import { TILE_BYTES } from '../../shared/domain.ts';
import { addSampleSet } from '../datasets/sets.testing.ts';
import { getDataSet } from '../datasets/store.ts';
import { trainingSet } from '../datasets/training-set.ts';
import { sql } from '../project/sqlite.ts';
import { projectForEach } from '../project/project.testing.ts';
import { openProject, type Project } from '../project/store.ts';
import { currentVersion, dataVersions, discardChanges } from '../versions/versions.ts';
import { changeDigits, selectedIds } from './bulk.ts';
import { DigitLists } from './digit-lists.ts';
import { journalHistory, redoLabel, undoLabel } from './journal.ts';
import { digitPage, type DataQuery } from './page.ts';
import { listTags } from './tags.ts';

const COUNT = 12;
let project: Project;
let folder: string;
let set: number;

projectForEach(
  (made, place) => ([project, folder] = [made, place]),
  () => project,
);
beforeEach(() => {
  const digits = Array.from({ length: COUNT }, (_, index) => ({
    ...{ path: `${COUNT - index}.png`, label: index % 4, grey: index },
    split: index < 8 ? ('train' as const) : ('test' as const),
  }));
  set = addSampleSet(project.db, digits);
});

const query = (more: Partial<DataQuery> = {}): DataQuery => ({ kind: 'data', dataSetId: set, ...more });
/** Places, in the order of import, of the digits that a query shows. */
const shown = (more: Partial<DataQuery> = {}): number[] => {
  const { rows, pixels } = digitPage(project.db, query(more), 0, 100, new DigitLists());
  return rows.map((_, index) => pixels[index * TILE_BYTES]!);
};
const idsOf = (more: Partial<DataQuery>, ...ranges: [number, number][]): Promise<number[]> => {
  const total = shown(more).length;
  const selection = { query: query(more), ranges: ranges.map(([from, to]) => ({ from, to })), total };
  return selectedIds(project.db, selection, new DigitLists());
};
const change = (ids: readonly number[], what: BulkChange): number =>
  changeDigits(project.db, ids, what).changed;
const tagId = (): number => listTags(project.db, set)[0]!.id;
const counts = () => {
  const { perClass, total, unlabelled } = getDataSet(project.db, set);
  return { train: perClass.train.slice(0, 4), test: perClass.test.slice(0, 4), total, unlabelled };
};
const audited = (): string[] =>
  sql<{ line: string }>(
    project.db,
    `SELECT action || ' ' || what || ' ' || COALESCE(old, '-') || ' ' || COALESCE(new, '-') AS line
     FROM audit_line JOIN journal_event AS event ON event.id = event_id ORDER BY audit_line.id`,
  )
    .all()
    .map(({ line }) => line);

describe('a selection', () => {
  it('is made of places in the list that was shown', async () => {
    expect(await idsOf({}, [0, 2], [11, 12])).toEqual([1, 2, 12]);
    expect(await idsOf({ order: 'path' }, [0, 1])).toEqual([12]);
    expect(await idsOf({ labels: [1, 2] }, [1, 3])).toEqual([3, 6]);
  });

  it('of a list that has changed is refused', async () => {
    const selection = { query: query({ label: 1 }), ranges: [{ from: 0, to: 1 }], total: 4 };
    await expect(selectedIds(project.db, selection, new DigitLists())).rejects.toMatchObject({
      code: 'selection-changed',
    });
    const over = { query: query(), ranges: [{ from: 0, to: 200_000 }], total: 12 };
    await expect(selectedIds(project.db, over, new DigitLists())).rejects.toMatchObject({
      code: 'too-many-digits',
      params: { count: 200_000, most: 100_000 },
    });
  });

  it('names digits, those of a batch by the digit that they stand for', async () => {
    expect(await selectedIds(project.db, { refs: ['d3', 'd3', 'd5'] }, new DigitLists())).toEqual([3, 5]);
    await expect(selectedIds(project.db, { refs: ['d99'] }, new DigitLists())).rejects.toMatchObject({
      code: 'unknown-id',
    });
  });
});

describe('tags', () => {
  it('are put on digits, found, taken away, and come back by undo, after a restart too', () => {
    expect(change([1, 2, 9], { kind: 'tag', name: 'smudged' })).toBe(3);
    expect(change([2, 3], { kind: 'tag', name: 'Smudged' })).toBe(1);
    expect(listTags(project.db, set)).toEqual([{ id: tagId(), name: 'smudged', count: 4 }]);
    expect(shown({ tags: [tagId()] })).toEqual([0, 1, 2, 8]);
    expect(shown({ tags: [tagId()], split: 'train', order: 'path' })).toEqual([2, 1, 0]);
    expect(change([1, 5], { kind: 'untag', tagId: tagId() })).toBe(1);
    expect(shown({ tags: [tagId()], order: 'label', descending: true })).toEqual([2, 1, 8]);

    project.close();
    project = openProject(folder);
    undoLabel(project.db);
    expect(shown({ tags: [tagId()] })).toEqual([0, 1, 2, 8]);
    undoLabel(project.db);
    expect(shown({ tags: [tagId()] })).toEqual([0, 1, 8]);
    undoLabel(project.db);
    expect(shown({ tags: [tagId()] })).toEqual([]);
    redoLabel(project.db);
    expect(shown({ tags: [tagId()] })).toEqual([0, 1, 8]);
    expect(audited().slice(0, 4)).toEqual([...Array(3).fill('apply tag - smudged'), 'apply tag - smudged']);
    expect(audited()[4]).toBe('apply tag smudged -');
    expect(audited()[5]).toBe('undo tag - smudged');
  });

  it('are all asked for when several are', () => {
    change([1, 2, 3], { kind: 'tag', name: 'a' });
    change([2, 3, 4], { kind: 'tag', name: 'b' });
    const [a, b] = listTags(project.db, set).map(({ id }) => id) as [number, number];
    expect(shown({ tags: [a, b] })).toEqual([1, 2]);
  });

  it('that are not there cannot be taken away', () => {
    expect(() => change([1], { kind: 'untag', tagId: 9 })).toThrow(
      expect.objectContaining({ code: 'unknown-id' }),
    );
  });
});

describe('a change of many digits', () => {
  it('of their label is one step, and leaves out those that have it', () => {
    expect(change([1, 2, 6], { kind: 'label', label: 1 })).toBe(1);
    expect(journalHistory(project.db, 0, 9).entries).toMatchObject([
      { kind: 'label', count: 1, from: 0, to: 1 },
    ]);
    expect(shown({ status: 'relabelled' })).toEqual([0]);
    expect(counts().train).toEqual([1, 3, 2, 2]);
    undoLabel(project.db);
    expect(counts().train).toEqual([2, 2, 2, 2]);
    expect(change([2], { kind: 'label', label: 1 })).toBe(0);
  });

  it('of their split changes what trains, the counts and the version, and is undone', async () => {
    expect(currentVersion(project.db, set)).toBe(1);
    expect(change([1, 9, 10], { kind: 'split', split: 'train' })).toBe(2);
    expect((await trainingSet(project.db, set, 'train')).labels.length).toBe(10);
    expect(shown({ split: 'test' })).toEqual([10, 11]);
    expect(counts()).toMatchObject({ train: [3, 3, 2, 2], test: [0, 0, 1, 1], total: COUNT });
    expect(currentVersion(project.db, set)).toBeNull();
    expect(dataVersions(project.db, set).pending).toMatchObject({ moved: 2, relabelled: 0 });
    expect(audited()).toEqual(['apply split test train', 'apply split test train']);
    undoLabel(project.db);
    expect(currentVersion(project.db, set)).toBe(1);
    expect(counts()).toMatchObject({ train: [2, 2, 2, 2], test: [1, 1, 1, 1] });
    redoLabel(project.db);
    discardChanges(project.db, set);
    expect([shown({ split: 'test' }), currentVersion(project.db, set)]).toEqual([[8, 9, 10, 11], 1]);
    undoLabel(project.db);
    expect(shown({ split: 'test' })).toEqual([10, 11]);
  });
});

describe('filters', () => {
  it.each<[string, Partial<DataQuery>, number[]]>([
    ['by several labels', { labels: [0, 3] }, [0, 3, 4, 7, 8, 11]],
    ['by several labels of a split', { labels: [0, 3], split: 'test' }, [8, 11]],
    ['by several labels, by path', { labels: [0, 3], order: 'path' }, [11, 0, 8, 7, 4, 3]],
    [
      'by several labels, downwards',
      { labels: [0, 3], order: 'label', descending: true },
      [11, 7, 3, 8, 4, 0],
    ],
    ['by several labels, with a word', { labels: [0, 3], text: '1' }, [0, 11]],
    ['by what is left out', { status: 'excluded' }, [5]],
  ])('%s', (_, more, expected) => {
    if (more.status === 'excluded') sql(project.db, 'UPDATE digit SET excluded = 1 WHERE id = 6').run();
    expect(shown(more)).toEqual(expected);
    const { total } = digitPage(project.db, query(more), 0, 1, new DigitLists());
    expect(total).toBe(expected.length);
  });
});
