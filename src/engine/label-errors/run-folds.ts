import { CLASSES } from '../../shared/domain.ts';
import { StudioError } from '../../shared/errors.ts';
import * as ledger from '../batches/ledger.ts';
import { probabilitiesOf, readingsOf } from '../batches/reading.ts';
import { bringToEnd, stopwatch } from '../batches/runner.ts';
import { hashDigits } from '../datasets/hash.ts';
import { normalisationOfSet } from '../datasets/normalisation.ts';
import { getDataSet } from '../datasets/store.ts';
import { trainingSet } from '../datasets/training-set.ts';
import { breathe, checkCancelled } from '../jobs/flow.ts';
import { sql, transact, type Db } from '../project/sqlite.ts';
import { learnConfidently } from './confident.ts';
import { readOutOfSample, type FoldsOptions, type ReadFold } from './out-of-sample.ts';
import { setFoldSettings, type FoldSettings } from './settings.ts';

export interface RunFoldsOptions extends Pick<
  FoldsOptions,
  'compute' | 'folder' | 'studioVersion' | 'onProgress' | 'signal' | 'gate'
> {
  db: Db;
  batchId: number;
  /** A fold is in the ledger. */
  onRead?: () => void;
}

/** Digits per transaction. */
const CHUNK = 1_024;

type Digits = Awaited<ReturnType<typeof trainingSet>>;

/**
 * Brings a batch of kind `folds` to its end: reads every training digit with a model that has not seen it, then ranks suspected label errors. A call after a
 * kill goes on with the folds that are not wholly in the ledger. All folds and the ranking take the digits and labels of the beginning: what is relabelled meanwhile
 * is suspected no more, and a call later refuses to go on with other labels. Leaves the batch as `runBatch` does, and throws `training-data-changed`,
 * `cancelled`, what `readOutOfSample` throws.
 */
export function runFolds(options: RunFoldsOptions): Promise<ledger.BatchCounts> {
  return bringToEnd(options, async (batch) => {
    const { db, batchId, gate, onRead } = options;
    const settings = JSON.parse(batch.folds!) as FoldSettings;
    const { name } = getDataSet(db, batch.dataSetId!);
    const train = await trainingSet(db, batch.dataSetId!, 'train');
    const dataHash = await hashDigits(train);
    const read = readDigits(db, batchId);
    if (read.size > 0 && settings.hash !== dataHash) throw new StudioError('training-data-changed', { name });
    setFoldSettings(db, batchId, { ...settings, hash: dataHash });
    const clock = stopwatch(gate);
    const isRead = (positions: Uint32Array): boolean => positions.every((at) => read.has(train.ids[at]!));
    const data = { train, dataHash, name, normalisation: normalisationOfSet(db, batch.dataSetId!) };
    for await (const fold of readOutOfSample({ ...options, ...settings, ...data, isRead })) {
      await enterFold(options, train, fold, read, clock);
      onRead?.();
    }
    ledger.closeQueue(db, batchId);
    await rank(options, train);
  });
}

/** Digits of a data set that are in the ledger. */
const readDigits = (db: Db, batchId: number): Set<number> =>
  new Set(sql<number>(db, 'SELECT digit_id FROM batch_item WHERE batch_id = ?').pluck().all(batchId));

async function enterFold(
  { db, batchId, signal }: RunFoldsOptions,
  train: Digits,
  { positions, probabilities }: ReadFold,
  read: ReadonlySet<number>,
  clock: () => number,
): Promise<void> {
  // As they are now: labels may have changed since the fold was trained, and digits may have left the set.
  const find = sql<Omit<ledger.TestDigit, 'pixels'>>(
    db,
    'SELECT id, label, given_label AS givenLabel FROM digit WHERE id = ? AND excluded = 0',
  );
  for (let start = 0; start < positions.length; start += CHUNK) {
    const readings = readingsOf(probabilities.subarray(start * CLASSES, (start + CHUNK) * CLASSES));
    const found = [...positions.subarray(start, start + CHUNK)].flatMap((position, at) => {
      const id = train.ids[position]!;
      const digit = read.has(id) ? undefined : find.get(id);
      return digit === undefined ? [] : [{ digit, reading: readings[at]! }];
    });
    ledger.enterDigitReadings(
      db,
      batchId,
      found.map(({ digit }) => digit),
      found.map(({ reading }) => reading),
      clock(),
    );
    checkCancelled(signal);
    await breathe();
  }
}

/** Ranks the digits in the ledger by their labels of the beginning; those that carry another one now are settled. */
async function rank({ db, batchId, signal }: RunFoldsOptions, train: Digits): Promise<void> {
  const rows = sql<{ id: number; probabilities: Buffer }>(
    db,
    'SELECT id, probabilities FROM batch_item WHERE digit_id = ? AND batch_id = ?',
  );
  const [items, labels]: [number[], number[]] = [[], []];
  const probabilities = new Float32Array(train.labels.length * CLASSES);
  for (let at = 0; at < train.labels.length; at++) {
    const row = rows.get(train.ids[at]!, batchId);
    if (row !== undefined) {
      probabilities.set(probabilitiesOf(row.probabilities), items.length * CLASSES);
      items.push(row.id);
      labels.push(train.labels[at]!);
    }
    if (at % CHUNK !== CHUNK - 1) continue;
    checkCancelled(signal);
    await breathe();
  }
  const read = probabilities.subarray(0, items.length * CLASSES);
  const { suspects } = learnConfidently(read, Uint8Array.from(labels));
  const write = sql(db, 'UPDATE batch_item SET suspicion = ? WHERE id = ? AND label = ?');
  transact(db, () =>
    suspects.forEach(({ position, suspicion }) => write.run(suspicion, items[position]!, labels[position]!)),
  );
}
