import { addSampleModel } from '../../src/engine/api/test-support.ts';
import * as ledger from '../../src/engine/batches/ledger.ts';
import { readingOf } from '../../src/engine/batches/reading.ts';
import { addDataFile, addDataSet, addDigit, publishDataSet } from '../../src/engine/datasets/store.ts';
import { sql, transact, type Db } from '../../src/engine/project/sqlite.ts';
import { CLASSES, defaultRecipe, TILE_BYTES } from '../../src/shared/domain.ts';

const STEP = 10_000;

/** A data set of `count` digits in a project, of which a tenth is test split and was read. */
export function fillDataSet(db: Db, count: number): { set: number; batch: number } {
  const root = Buffer.from('/bench');
  const set = addDataSet(db, { name: 'b', kind: 'folder', source: '/bench', root, recipe: defaultRecipe });
  const file = {
    size: 300n,
    mtimeNs: 1n,
    hash: null,
    width: 28,
    height: 28,
    status: 'done',
    reason: null,
  } as const;
  const tile = new Uint8Array(TILE_BYTES);
  for (let from = 0; from < count; from += STEP)
    transact(db, () => {
      for (let index = from; index < Math.min(count, from + STEP); index++) {
        const label = (index * 7) % CLASSES;
        const split = index % 10 === 9 ? 'test' : 'train';
        const name = `${split}/${label}/scan-${String(index).padStart(7, '0')}.png`;
        const fileId = addDataFile(db, set, { ...file, path: Buffer.from(name) });
        addDigit(db, set, { fileId, position: 0, split, label, tile: tile.fill(index % 256) });
      }
    });
  publishDataSet(db, set, 'b');
  return { set, batch: read(db, set) };
}

/** A batch that reads every tenth digit of the test split wrongly. */
function read(db: Db, dataSetId: number): number {
  const digits = sql<{ label: number }>(
    db,
    `SELECT label FROM digit WHERE data_set_id = ? AND split = 'test'`,
  );
  const total = digits.all(dataSetId).length;
  const names = { name: 'b', source: 'b', dataSetId, modelId: addSampleModel(db), recipe: defaultRecipe };
  const batch = ledger.addDataSetBatch(db, { ...names, count: total });
  for (let last = 0, done = 0; done < total;) {
    const queued = ledger.queuedDigits(db, dataSetId, batch, last, STEP);
    if (queued.length === 0) break;
    const readings = queued.map(({ label }, index) => {
      const confidence = 0.3 + ((index * 37) % 700) / 1000;
      const values = new Float32Array(CLASSES).fill((1 - confidence) / 9);
      values[index % 10 === 0 ? ((label ?? 0) + 1) % CLASSES : (label ?? 0)] = confidence;
      return readingOf(values);
    });
    ledger.enterDigitReadings(db, batch, queued, readings, 1);
    last = queued.at(-1)!.id;
    done += queued.length;
  }
  return batch;
}
