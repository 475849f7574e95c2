import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { dataHistograms } from '../../src/engine/datasets/histograms.ts';
import { sql, type Db } from '../../src/engine/project/sqlite.ts';
import { createProject } from '../../src/engine/project/store.ts';
import { changeDigits } from '../../src/engine/review/bulk.ts';
import { DigitLists, needsList } from '../../src/engine/review/digit-lists.ts';
import { digitPage, type DataQuery } from '../../src/engine/review/page.ts';
import { fillDataSet } from './data-set.ts';

/**
 * `npm run bench:grid -- [DIGITS]`: how long the engine takes from a filter to the first page of the grid, to the end of the list, which is read behind it, and from there to a page anywhere
 * in it, over a project in a temporary folder with a million digits of which a tenth is test split and was read. Milliseconds.
 */
const count = Number(process.argv[2] ?? 1_000_000);
if (!Number.isInteger(count) || count < 1_000 || count > 1_000_000) {
  console.error('usage: npm run bench:grid -- [1000 to 1000000]');
  process.exit(2);
}
const ROUNDS = 20;
/** Digits of a page, as the grid asks for them. */
const PAGE = 128;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-bench-grid-'));
const project = createProject(path.join(folder, 'project'), 'bench');
try {
  const began = performance.now();
  const { set, batch } = fillDataSet(project.db, count);
  const every = sql<number>(project.db, 'SELECT id FROM digit WHERE id % 100 = 0').pluck().all();
  changeDigits(project.db, every, { kind: 'tag', name: 'hundredth' });
  console.log(`${count} digits made in ${((performance.now() - began) / 1000).toFixed(0)} s`);
  await measure(project.db, set, batch);
  const counted = performance.now();
  await dataHistograms(project.db, set);
  console.log(`counted by ink and size in ${(performance.now() - counted).toFixed(0)} ms`);
} finally {
  project.close();
  fs.rmSync(folder, { recursive: true, force: true });
}

async function measure(db: Db, dataSetId: number, batchId: number): Promise<void> {
  const queries: Record<string, Omit<DataQuery, 'kind' | 'dataSetId'>> = {
    'all, as imported': {},
    'label 3': { label: 3 },
    'test split, label 3': { split: 'test', label: 3 },
    'labels 3 and 8': { labels: [3, 8] },
    'tagged, every hundredth': { tags: [1] },
    'ink 40 to 45 %': { ink: { from: 400, to: 450 } },
    'size 28, by path': { side: { from: 28, to: 29 }, order: 'path' },
    'by label, downwards': { order: 'label', descending: true },
    'by path': { order: 'path' },
    'path has “99”': { text: '99' },
    'read wrongly': { reading: { batchId, only: 'misclassified' } },
    'confidence 0.4 to 0.6': { reading: { batchId, from: 0.4, to: 0.6 } },
    'by confidence': { order: 'confidence', reading: { batchId } },
    'label 3, read as 4, by confidence': {
      label: 3,
      order: 'confidence',
      reading: { batchId, predicted: 4 },
    },
  };
  console.log(
    `${'query'.padEnd(36)}   digits  first p50  first p95  whole p50  whole p95   then p50   then p95`,
  );
  for (const [name, more] of Object.entries(queries)) {
    const query: DataQuery = { kind: 'data', dataSetId, ...more };
    const lists = new DigitLists();
    const first: number[] = [];
    const whole: number[] = [];
    const then: number[] = [];
    let total = 0;
    for (let round = 0; round < ROUNDS; round++) {
      lists.clear();
      const began = performance.now();
      first.push(timed(() => (total = digitPage(db, query, 0, PAGE, lists).total)));
      if (needsList(query)) {
        const list = lists.get(db, query);
        await list.readTo();
        total = list.length;
      }
      whole.push(performance.now() - began);
      const offset = Math.floor((total * (round + 0.5)) / ROUNDS);
      then.push(timed(() => digitPage(db, query, offset, PAGE, lists)));
    }
    const figures = [first, whole, then].flatMap((times) => [quantile(times, 0.5), quantile(times, 0.95)]);
    console.log(
      `${name.padEnd(36)} ${String(total).padStart(8)} ${figures.map((ms) => ms.toFixed(1).padStart(10)).join(' ')}`,
    );
  }
}

function timed(work: () => unknown): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

/** The least time that a share of the times does not exceed. */
function quantile(times: readonly number[], share: number): number {
  return times.toSorted((a, b) => a - b)[Math.ceil(times.length * share) - 1]!;
}
