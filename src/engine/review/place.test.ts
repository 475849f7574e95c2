import { expect, it } from 'vitest';
import { projectForEach } from '../project/project.testing.ts';
import { sql } from '../project/sqlite.ts';
import type { Project } from '../project/store.ts';
import { decide } from './decide.ts';
import { digitPage, type ParsedDigitQuery } from './page.ts';
import { placeOf } from './place.ts';
import { dataSet, folderBatch, testSetBatch } from './review.testing.ts';

let project: Project;
projectForEach(
  (made) => (project = made),
  () => project,
);

/** What the lists show at each place. */
const refsIn = (query: ParsedDigitQuery): string[] =>
  digitPage(project.db, query, 0, 100).rows.map(({ ref }) => ref);

it('is the one where the lists of a split show a digit', () => {
  const { db } = project;
  dataSet(db, [5, 5]);
  const id = dataSet(db, [0, 1, 2, 3, 4, 5, 6, 7]);
  for (const split of ['train', 'test'] as const)
    refsIn({ kind: 'data', dataSetId: id, split }).forEach((ref, index) =>
      expect(placeOf(db, ref)).toEqual({ in: { kind: 'data', dataSetId: id, split }, index }),
    );
  const [first, second] = refsIn({ kind: 'data', dataSetId: id, split: 'test' });
  sql(db, 'UPDATE digit SET excluded = 1 WHERE id = ?').run(Number(first!.slice(1)));
  expect(placeOf(db, first!)).toBeNull();
  expect(placeOf(db, second!)?.index).toBe(0);
});

it('is that of the digit itself for what a test split was read as', () => {
  const { db } = project;
  const id = dataSet(db, [0, 1, 2, 3]);
  const batchId = testSetBatch(db, id, (at) => [at, 0.9]);
  const refs = refsIn({ kind: 'batch', batchId, order: 'path' });
  expect(refs.map((ref) => placeOf(db, ref))).toEqual([
    { in: { kind: 'data', dataSetId: id, split: 'test' }, index: 0 },
    { in: { kind: 'data', dataSetId: id, split: 'test' }, index: 1 },
  ]);
});

it('is that of the listing in a batch over a folder, without what is no digit', () => {
  const { db } = project;
  folderBatch(db, [[null, 1, 0.5]]);
  const batchId = folderBatch(db, [
    [null, 1, 0.9],
    [null, 2, 0.3],
    [null, 3, 0.6],
  ]);
  const refs = refsIn({ kind: 'batch', batchId, order: 'path' });
  expect(refs.map((ref) => placeOf(db, ref)?.index)).toEqual([0, 1, 2]);
  decide(db, [{ refs: [refs[0]!], act: { kind: 'reject' } }]);
  expect(refs.map((ref) => placeOf(db, ref)?.index)).toEqual([undefined, 0, 1]);
  expect(() => placeOf(db, 'i99')).toThrow(expect.objectContaining({ code: 'unknown-id' }) as Error);
});
