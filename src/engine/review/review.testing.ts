import { defaultRecipe, TILE_BYTES } from '../../shared/domain.ts';
import { addSampleModel } from '../api/test-support.ts';
import * as ledger from '../batches/ledger.ts';
import { readingOf } from '../batches/reading.ts';
import { addDataFile, addDataSet, addDigit, publishDataSet } from '../datasets/store.ts';
import { transact, type Db } from '../project/sqlite.ts';

/** Softmax-like values with a digit and a confidence. */
export function outputs(digit: number, confidence: number): Float32Array {
  const values = new Float32Array(10).fill((1 - confidence) / 9);
  values[digit] = confidence;
  return values;
}

/** A finished batch over a folder; each item is [label, digit, confidence]. */
export function folderBatch(db: Db, items: [number | null, number, number][]): number {
  const modelId = addSampleModel(db);
  const batchId = ledger.addFolderBatch(db, {
    name: 'b',
    source: '/x',
    root: Buffer.from('/x'),
    modelId,
    recipe: defaultRecipe,
  });
  ledger.enterFiles(
    db,
    batchId,
    items.map((_, index) => ({ path: Buffer.from(`${index}.png`), size: 1n, mtimeNs: 1n, refused: null })),
  );
  const files = ledger.queuedFiles(db, batchId, 0, items.length);
  const results = items.map(([label, digit, confidence], index): ledger.FileResult => {
    const tile = new Uint8Array(TILE_BYTES).fill(index);
    const read = { reading: readingOf(outputs(digit, confidence)), label, tile };
    return {
      fileId: files[index]!.id,
      digit: read,
      status: 'done',
      reason: null,
      hash: 'ab'.repeat(32),
      width: 28,
      reused: false,
      height: 28,
    };
  });
  ledger.enterResults(db, batchId, results, 1);
  return batchId;
}

/** A data set with these labels, half of it as test split. */
export function dataSet(db: Db, labels: number[]): number {
  const id = addDataSet(db, {
    name: 'd',
    kind: 'mnist',
    source: 'MNIST',
    root: Buffer.from('/m'),
    recipe: null,
  });
  transact(db, () => {
    const file = {
      path: Buffer.from('images'),
      size: null,
      mtimeNs: null,
      hash: null,
      width: null,
      height: null,
      reason: null,
    };
    const fileId = addDataFile(db, id, { ...file, status: 'done' });
    labels.forEach((label, position) => {
      const split = position % 2 === 0 ? 'train' : 'test';
      addDigit(db, id, { fileId, position, split, label, tile: new Uint8Array(TILE_BYTES).fill(label) });
    });
  });
  publishDataSet(db, id, 'h');
  return id;
}

/** A batch over the test split of a data set; each digit is read as what `read` says, with a confidence. */
export function testSetBatch(
  db: Db,
  dataSetId: number,
  read: (at: number) => [digit: number, confidence: number],
  modelId = addSampleModel(db),
): number {
  const all = 1_000_000;
  const batchId = ledger.addDataSetBatch(db, {
    ...{ name: 't', source: 'd', dataSetId, modelId, recipe: defaultRecipe },
    count: 0,
  });
  const digits = ledger.queuedDigits(db, dataSetId, batchId, 0, all);
  const readings = digits.map((_, at) => readingOf(outputs(...read(at))));
  ledger.enterDigitReadings(db, batchId, digits, readings, 1);
  return batchId;
}
