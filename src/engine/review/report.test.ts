import { beforeEach, describe, expect, it } from 'vitest';
import { projectForEach } from '../project/project.testing.ts';
import type { Project } from '../project/store.ts';
import { sql } from '../project/sqlite.ts';
import { sampleCard } from '../api/test-support.ts';
import { setBatchState } from '../batches/ledger.ts';
import { defaultParameters } from '../../shared/domain.ts';
import { mcnemar } from '../../shared/statistics/mcnemar.ts';
import { addModel } from '../project/models.ts';
import { addRun } from '../project/runs.ts';
import { setLabel } from './journal.ts';
import { decide } from './decide.ts';
import { digitPage } from './page.ts';
import { reviewReport } from './report.ts';
import { dataSet, folderBatch, testSetBatch } from './review.testing.ts';
import { sessionFigures } from './session.ts';

let project: Project;
projectForEach(
  (made) => (project = made),
  () => project,
);

/** Decides about digits of a batch, at these seconds. */
function review(batch: number, acts: readonly [second: number, act: 'accept' | 'reject' | number][]): void {
  const refs = digitPage(project.db, { kind: 'batch', batchId: batch, order: 'path' }, 0, 100).rows;
  acts.forEach(([second, act], at) => {
    decide(project.db, [
      { refs: [refs[at]!.ref], act: typeof act === 'number' ? { kind: 'label', label: act } : { kind: act } },
    ]);
    // The trail cannot be edited; here only time passes.
    sql(project.db, 'DROP TRIGGER IF EXISTS journal_event_fixed').run();
    sql(project.db, 'UPDATE journal_event SET at = ? WHERE id = (SELECT MAX(id) FROM journal_event)').run(
      new Date(second * 1000).toISOString(),
    );
  });
}

const items = (count: number): [null, number, number][] =>
  Array.from({ length: count }, (_, at) => [null, at % 10, 0.5 + at / 100]);

it('the pace of a review leaves breaks out', () => {
  const batch = folderBatch(project.db, items(6));
  expect(sessionFigures(project.db, batch)).toEqual({
    ...{ decided: 0, changed: null, seconds: 0, perMinute: null, secondsPerDecision: null },
  });
  review(batch, [
    [0, 'accept'],
    [2, 'accept'],
    [6, 9],
    // Lunch.
    [3_000, 'accept'],
    [3_003, 'reject'],
  ]);
  expect(sessionFigures(project.db, batch)).toEqual({
    ...{ decided: 5, changed: 0.4, seconds: 9, perMinute: 20, secondsPerDecision: 3 },
  });
});

it('a report stands alone, in a language, with the digits that were changed as pictures', async () => {
  const batch = folderBatch(project.db, items(12));
  sql(project.db, 'UPDATE batch SET name = ? WHERE id = ?').run('<Monday> & co', batch);
  review(batch, [
    [0, 'accept'],
    [1, 7],
    [2, 'reject'],
  ]);
  const html = await reviewReport(project.db, batch, 'en');
  expect(html).toContain('<title>Review of &#60;Monday&#62; &#38; co</title>');
  expect(html).not.toMatch(/<script|<link|src="(?!data:)|https?:\/\/(?!www\.w3\.org)/);
  expect(html.match(/src="data:image\/png;base64,/g)).toHaveLength(2);
  expect(html).toContain('<figcaption>1 → 7</figcaption>');
  expect(html).toContain('Rejected as no digit: 1');
  expect(html).toContain('<svg ');
  expect(await reviewReport(project.db, batch, 'zh-CN')).toContain('更正的数字：1');
});

describe('a report on a model that was trained again', () => {
  const DIGITS = 60;
  /** Labels 0 to 9 in turn; half of the digits are the test split, in which the old model misreads every third. */
  let set: number;
  let oldModel: number;
  let newModel: number;
  const modelOf = (name: string, retrainOf: number | null = null): [run: number, model: number] => {
    const { db } = project;
    const recipe = { name, dataSetId: set, parameters: defaultParameters, modelFolder: name };
    const run = addRun(db, { ...recipe, retrainOf });
    return [run, addModel(db, { ...sampleCard(), name }, null, run)];
  };
  const labelOf = (at: number): number => (2 * at + 1) % 10;
  const readTest = (modelId: number, wrong: (at: number) => boolean, doubt = 0.9): number => {
    const read = (at: number): [number, number] =>
      wrong(at) ? [(labelOf(at) + 1) % 10, doubt] : [labelOf(at), 0.9];
    const batch = testSetBatch(project.db, set, read, modelId);
    setBatchState(project.db, batch, 'done');
    return batch;
  };
  beforeEach(() => {
    set = dataSet(
      project.db,
      Array.from({ length: DIGITS }, (_, at) => at % 10),
    );
    let run: number;
    [run, oldModel] = modelOf('Monday');
    [, newModel] = modelOf('Tuesday <2>', run);
  });

  it('says before and after, whether it is more than chance, and shows the digits that changed', async () => {
    const before = readTest(oldModel, (at) => at % 3 === 0);
    readTest(newModel, (at) => at === 1);
    // 10 of 30 are wrong before, 1 after: 10 fixed, 1 broken.
    const html = await reviewReport(project.db, before, 'en');
    expect(html).toContain('Trained again: from “Monday” to “Tuesday &#60;2&#62;”');
    expect(html).toContain('Both read the same 30 test digits of d');
    expect(html).toMatch(/<th scope="row">Misclassified<\/th><td>10<\/td><td>1<\/td>/);
    expect(html).toMatch(/<th scope="row">Accuracy<\/th><td>66.67.%<\/td><td>96.67.%<\/td>/);
    const chance = mcnemar(10, 1).toFixed(4);
    expect(html).toContain(
      `“Tuesday &#60;2&#62;” reads 9 more right than “Monday”: more than chance (McNemar’s test, p = ${chance}).`,
    );
    expect(html).toContain('Read right only after: 10');
    expect(html).toContain('Read right only before: 1');
    expect(html.match(/src="data:image\/png;base64,/g)).toHaveLength(11);
    // Of the six digits 1, at 0, 5, 10 and so on of the test split, those at 0 and 15 were misread.
    expect(html).toContain('title="1 read as 2: 2 before, 0 after" style="background: rgba(0, 114, 178,');
    expect(html).toContain('title="3 read as 4: 2 before, 1 after"');
    expect(html).not.toMatch(/<script|<link|src="(?!data:)|https?:\/\/(?!www\.w3\.org)/);
    expect(await reviewReport(project.db, before, 'zh-CN')).toContain('之后才读对的：10');
  });

  it('draws errors over rejects, of the batch and of before and after', async () => {
    const before = readTest(oldModel, (at) => at % 3 === 0, 0.5);
    readTest(newModel, (at) => at === 1, 0.6);
    const html = await reviewReport(project.db, before, 'en');
    const lines = [...html.matchAll(/<polyline points="([^"]*)"/g)].map(([, points]) => points);
    // 10 of 30 wrong, or none of the 20 surest; both axes end at 40 %.
    const [own, old, now] = lines;
    expect(own).toBe('64.0,79.3 524.0,256.0');
    expect(old).toBe(own);
    expect(now).toBe('64.0,238.3 110.0,256.0');
    expect(lines).toHaveLength(3);
    expect(html).toContain('Of the labelled digits, by their labels as they are now');
  });

  it('is the same from the side of the new model, by the labels of now', async () => {
    readTest(oldModel, (at) => at === 0);
    const after = readTest(newModel, (at) => at === 0);
    expect(await reviewReport(project.db, after, 'en')).toContain('Both read as many right.');
    const [mistake] = digitPage(
      project.db,
      { kind: 'batch', batchId: after, order: 'doubt', only: 'misclassified' },
      0,
      1,
    ).rows;
    setLabel(project.db, [mistake!.ref], mistake!.predicted);
    expect(await reviewReport(project.db, after, 'en')).toMatch(
      /<th scope="row">Misclassified<\/th><td>0<\/td><td>0<\/td>/,
    );
  });

  it('says so where one of them has read no test digits, and is silent about a model that was not', async () => {
    const before = readTest(oldModel, () => false);
    expect(await reviewReport(project.db, before, 'en')).toContain(
      'Not both models have read a test split, so there is nothing to compare.',
    );
    const alone = folderBatch(project.db, items(3));
    expect(await reviewReport(project.db, alone, 'en')).not.toContain('Trained again');
  });
});
