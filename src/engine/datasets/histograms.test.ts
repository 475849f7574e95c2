import { describe, expect, it } from 'vitest';
import { sql } from '../project/sqlite.ts';
import { projectForEach } from '../project/project.testing.ts';
import type { Project } from '../project/store.ts';
import { changeDigits } from '../review/bulk.ts';
import { digitPage } from '../review/page.ts';
import { dataHistograms } from './histograms.ts';
import { addSampleSet } from './sets.testing.ts';

let project: Project;
let set: number;

/** Digits whose tiles have one grey all over, read from pictures of these sizes. */
function fill(sizes: readonly (number | null)[], greys: readonly number[]): void {
  const digits = greys.map((grey, index) => ({
    ...{ path: `${index}.png`, label: 1, grey, width: sizes[index % sizes.length]! },
    split: index % 2 === 0 ? ('train' as const) : ('test' as const),
  }));
  set = addSampleSet(project.db, digits);
}

projectForEach(
  (made) => (project = made),
  () => project,
);

const filled = <Bar extends { train: number; test: number; unlabelled: number }>(bars: Bar[]): Bar[] =>
  bars.filter(({ train, test, unlabelled }) => train + test + unlabelled > 0);

describe('histograms of a data set', () => {
  it('count by ink and size and split, and each bar finds its digits', async () => {
    fill([28, 40, 28], [0, 13, 25, 255, 128, 12]);
    const { ink, side, unmeasured } = await dataHistograms(project.db, set);
    expect(unmeasured).toBe(0);
    expect(filled(ink)).toEqual([
      { from: 0, to: 50, train: 1, test: 1, unlabelled: 0 },
      { from: 50, to: 100, train: 1, test: 1, unlabelled: 0 },
      { from: 450, to: 1001, train: 1, test: 1, unlabelled: 0 },
    ]);
    expect(side).toEqual([
      { from: 28, to: 29, train: 2, test: 2, unlabelled: 0 },
      { from: 40, to: 41, train: 1, test: 1, unlabelled: 0 },
    ]);
    for (const [measure, bars] of Object.entries({ ink, side }))
      for (const { from, to, train, test } of bars) {
        const query = { kind: 'data', dataSetId: set, [measure]: { from, to } } as const;
        expect(digitPage(project.db, query, 0, 10).total).toBe(train + test);
      }
  });

  it('measure what no import measured, and follow a move and an exclusion', async () => {
    fill([28], [0, 13, 25, 255]);
    const { db } = project;
    const before = await dataHistograms(db, set);
    sql(db, 'UPDATE digit SET ink = NULL, side = NULL').run();
    expect(await dataHistograms(db, set, { readOnly: true })).toMatchObject({ unmeasured: 4, side: [] });
    expect(await dataHistograms(db, set)).toEqual(before);
    changeDigits(db, [4], { kind: 'split', split: 'train' });
    sql(db, 'UPDATE digit SET excluded = 1 WHERE id = 1').run();
    const { side } = await dataHistograms(db, set);
    expect(side).toEqual([{ from: 28, to: 29, train: 2, test: 1, unlabelled: 0 }]);
  });

  it('join many sizes to ten bars, and have none where pictures have no size', async () => {
    fill(
      Array.from({ length: 25 }, (_, index) => 20 + index),
      Array.from({ length: 25 }, () => 9),
    );
    const { side } = await dataHistograms(project.db, set);
    expect(side.map(({ from, to }) => [from, to])).toEqual(
      Array.from({ length: 9 }, (_, bar) => [20 + 3 * bar, 23 + 3 * bar]),
    );
    expect(side.reduce((sum, { train, test }) => sum + train + test, 0)).toBe(25);
    fill([null], [9]);
    expect((await dataHistograms(project.db, set)).side).toEqual([]);
  });

  it('stop when they are cancelled', async () => {
    fill([28], [1]);
    const signal = AbortSignal.abort();
    await expect(dataHistograms(project.db, set, { signal })).rejects.toMatchObject({ code: 'cancelled' });
  });
});
