import { beforeEach, expect, it } from 'vitest';
import { defaultRecipe, TILE_BYTES } from '../../shared/domain.ts';
import { addSampleModel } from '../api/test-support.ts';
import * as ledger from '../batches/ledger.ts';
import { readingOf } from '../batches/reading.ts';
import { addDataFile, addDataSet, addDigit, publishDataSet } from '../datasets/store.ts';
import { transact } from '../project/sqlite.ts';
import { projectForEach } from '../project/project.testing.ts';
import type { Project } from '../project/store.ts';
import { bothWrong, classErrors, countDifference, differenceIds, readingsOf } from './differences.ts';
import { setLabel } from './journal.ts';
import { digitPage } from './page.ts';

let project: Project;
let dataSetId: number;
/** Labels of the test digits, and what two models read in them. */
const labels = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1];
const reads = {
  first: [0, 1, 7, 3, 4, 5, 6, 7, 8, 4, 6, 1],
  second: [0, 7, 7, 3, 9, 5, 6, 7, 8, 9, 0, 1],
};
let first: number;
let second: number;

projectForEach(
  (made) => (project = made),
  () => project,
);
beforeEach(() => {
  const { db } = project;
  const where = { kind: 'mnist', source: 'MNIST', root: Buffer.from('/m'), recipe: null } as const;
  dataSetId = addDataSet(db, { name: 'd', ...where });
  transact(db, () => {
    const unknown = { size: null, mtimeNs: null, hash: null, width: null, height: null, reason: null };
    const fileId = addDataFile(db, dataSetId, { path: Buffer.from('images'), ...unknown, status: 'done' });
    labels.forEach((label, position) => {
      const tile = new Uint8Array(TILE_BYTES).fill(position);
      addDigit(db, dataSetId, { fileId, position, split: 'test', label, tile });
    });
  });
  publishDataSet(db, dataSetId, 'h');
  [first, second] = [batchOf(reads.first), batchOf(reads.second)];
});

/** A batch over the test split; the later a digit, the surer it is. */
function batchOf(answers: readonly number[]): number {
  const { db } = project;
  const batchId = ledger.addDataSetBatch(db, {
    ...{ name: 't', source: 'd', dataSetId, modelId: addSampleModel(db), recipe: defaultRecipe },
    count: labels.length,
  });
  const digits = ledger.queuedDigits(db, dataSetId, batchId, 0, labels.length);
  const readings = answers.map((digit, at) => {
    const confidence = 0.5 + at / 100;
    const values = new Float32Array(10).fill((1 - confidence) / 9);
    values[digit] = confidence;
    return readingOf(values);
  });
  ledger.enterDigitReadings(db, batchId, digits, readings, 1);
  return batchId;
}

const pageOf = (
  right: number,
  wrong: number,
  more: { label?: number; offset?: number; limit?: number } = {},
) => {
  const { offset = 0, limit = 10, label } = more;
  const query = { kind: 'difference' as const, right, wrong, label };
  return digitPage(project.db, query, offset, limit);
};
const shown = ({ rows }: ReturnType<typeof pageOf>): unknown =>
  rows.map(({ label, predicted }) => [label, predicted]);

it('lists what one reads right and the other does not, the most doubtful first, with its pictures', () => {
  const page = pageOf(first, second);
  expect([page.total, shown(page)]).toEqual([
    2,
    [
      [1, 7],
      [4, 9],
    ],
  ]);
  expect([page.pixels[0], page.pixels[TILE_BYTES]]).toEqual([1, 4]);
  const back = pageOf(second, first);
  expect([back.total, shown(back)]).toEqual([
    2,
    [
      [9, 4],
      [0, 6],
    ],
  ]);
  expect(shown(pageOf(second, first, { offset: 1 }))).toEqual([[0, 6]]);
  expect(pageOf(second, first, { label: 9 }).total).toBe(1);
  expect(shown(pageOf(second, first, { label: 9 }))).toEqual([[9, 4]]);
  expect(pageOf(first, first).total).toBe(0);
});

it('counts the errors of each class', () => {
  const errors = classErrors(project.db, first);
  expect(errors[2]).toEqual({ labelled: 1, wrong: 1 });
  expect(errors[0]).toEqual({ labelled: 2, wrong: 1 });
  expect(errors.reduce((sum, { wrong }) => sum + wrong, 0)).toBe(3);
});

it('follows a label that was corrected', () => {
  const { db } = project;
  const [row] = pageOf(first, second).rows;
  setLabel(db, [row!.ref], 7);
  // Now the second one reads it right and the first one does not.
  expect(countDifference(db, { right: first, wrong: second })).toBe(1);
  expect(countDifference(db, { right: second, wrong: first })).toBe(3);
  expect(pageOf(second, first, { label: 7 }).total).toBe(1);
});

it('tells what each model read in one digit', () => {
  const [row] = pageOf(first, second).rows;
  const readings = readingsOf(project.db, row!.ref, [first, second]);
  expect(readings.map(({ batchId, digit }) => [batchId, digit])).toEqual([
    [first, 1],
    [second, 7],
  ]);
  expect(readings[1]!.ref).toBe(row!.ref);
  expect(readings[0]!.probabilities[1]).toBeCloseTo(0.51, 6);
  expect(readingsOf(project.db, 'i999', [first])).toEqual([]);
});

it.each([undefined, 3])('looks at nothing but the mistakes, each by its index (label %s)', (label) => {
  const plan = (text: string): string[] =>
    project.db
      .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${text}`)
      .all({ right: 1, wrong: 2, fewer: 1, more: 2, label })
      .map(({ detail }) => detail);
  const mistakes = expect.stringMatching(
    /^SEARCH \w+ USING (COVERING )?INDEX batch_item_wrong \(batch_id=\?/,
  ) as string;
  const lookUp = expect.stringMatching(
    /^SEARCH \w+ USING INDEX batch_item_digit \(digit_id=\? AND batch_id=\?\)/,
  ) as string;
  expect(plan(bothWrong(label))).toEqual([mistakes, lookUp]);
  expect(plan(differenceIds(label, false))).toEqual([mistakes, lookUp]);
  const list = expect.stringMatching(/^(LIST SUBQUERY|CREATE BLOOM FILTER)/) as string;
  const [own, ...once] = plan(differenceIds(label, true));
  // Of its own mistakes the index holds all that is asked.
  expect(own).toMatch(/^SEARCH ours USING COVERING INDEX batch_item_wrong/);
  for (const step of once) expect([mistakes, lookUp, list]).toContainEqual(step);
  expect(once.length).toBeGreaterThanOrEqual(3);
});

it('finds the same from either side', () => {
  const { db } = project;
  // One digit more that only the first one misreads, so that now the second has fewer mistakes.
  const [row] = pageOf(second, first).rows;
  expect(countDifference(db, { right: first, wrong: second })).toBe(2);
  const third = batchOf(reads.first.map((digit, at) => (at === 3 ? 8 : digit)));
  expect(pageOf(second, third).total).toBe(3);
  expect(pageOf(third, second).total).toBe(2);
  expect(pageOf(second, third).rows.map(({ label }) => label)).toEqual([3, 9, 0]);
  expect(row!.label).toBe(9);
});
