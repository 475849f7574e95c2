import { expect, it } from 'vitest';
import { projectForEach } from '../project/project.testing.ts';
import type { Project } from '../project/store.ts';
import { sql } from '../project/sqlite.ts';
import { decide } from './decide.ts';
import { digitPage } from './page.ts';
import { reviewReport } from './report.ts';
import { folderBatch } from './review.testing.ts';
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
