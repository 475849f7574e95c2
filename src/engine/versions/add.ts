import type { Addable, JournalState } from '../../shared/contract/index.ts';
import type { NormalisationRecipe } from '../../shared/domain.ts';
import { StudioError } from '../../shared/errors.ts';
import { ledgerRow } from '../batches/ledger.ts';
import { checkNormalisation } from '../datasets/normalisation.ts';
import { checkDataSet } from '../datasets/store.ts';
import { changeExclusion } from '../duplicates/replay.ts';
import { single, sql, transact, type Db } from '../project/sqlite.ts';
import { enterStep, journalState } from '../review/journal.ts';
import { changeLabel } from '../review/labels.ts';

interface Found {
  itemId: number;
  label: number;
  /** Its digit in the data set, where it was added before. */
  digitId: number | null;
  digitLabel: number | null;
  excluded: 0 | 1 | null;
}

/** SQL: digits of a batch over a folder whose label a person decided, beside what the data set has of them. */
const DECIDED = `SELECT item.id AS itemId, item.label, digit.id AS digitId, digit.label AS digitLabel, excluded
  FROM batch_item AS item JOIN batch_file AS file ON file.id = item.file_id JOIN batch ON batch.id = item.batch_id
    LEFT JOIN data_file ON data_file.root = batch.root AND data_file.data_set_id = :dataSetId AND origin = file.path
      AND data_file.content_hash IS file.content_hash
    LEFT JOIN digit ON digit.file_id = data_file.id AND digit.position = item.position
  WHERE item.batch_id = :batchId AND decision IN ('accepted', 'relabelled')`;
const DIFFERS = '(digitId IS NULL OR excluded = 1 OR digitLabel IS NOT label)';
const DIFFERING = `SELECT * FROM (${DECIDED}) WHERE ${DIFFERS} ORDER BY itemId`;

/** Throws `unknown-id`. */
export function addableDigits(db: Db, batchId: number, dataSetId: number): Addable {
  checkDataSet(db, dataSetId);
  const values = { batchId: ledgerRow(db, batchId).id, dataSetId };
  return sql<Addable>(
    db,
    `SELECT COUNT(*) AS decided, COALESCE(SUM(${DIFFERS}), 0) AS differing FROM (${DECIDED})`,
  ).get(values)!;
}

/**
 * Takes the decided digits of a batch over a folder into a data set as training digits, with their tiles and the way to their files, as one
 * step that one undo takes back; those that it has already get the label. Throws `unknown-id`, `normalisation-differs`, and `no-changes` where it has all of them.
 */
export function addDigits(db: Db, batchId: number, dataSetId: number): JournalState {
  transact(db, () => {
    checkDataSet(db, dataSetId);
    const { recipe, modelId } = ledgerRow(db, batchId);
    checkNormalisation(db, dataSetId, {
      name: modelNameOf(db, modelId),
      normalisation: JSON.parse(recipe) as NormalisationRecipe,
    });
    const found = sql<Found>(db, DIFFERING).all({ batchId, dataSetId });
    if (found.length === 0) throw new StudioError('no-changes');
    enterStep(db, { kind: 'add', count: found.length, from: null, to: null }, { batchId }, (entryId) => {
      for (const { itemId, label, digitId, digitLabel, excluded } of found) {
        if (digitId !== null && digitLabel !== label)
          changeLabel(db, entryId, { digitId, itemId: null, label: digitLabel }, label);
        if (digitId === null || excluded === 1)
          changeExclusion(db, entryId, digitId ?? copyItem(db, itemId, dataSetId, label), 0);
      }
    });
  });
  return journalState(db);
}

/** A model that was removed since keeps its name. */
const modelNameOf = (db: Db, modelId: number): string =>
  single(db, 'SELECT name FROM model WHERE id = ?', modelId);

/** Brings an item into the data set, excluded: entering it is the step's change. Answers the digit. */
function copyItem(db: Db, itemId: number, dataSetId: number, label: number): number {
  const fileId = copyFile(db, itemId, dataSetId);
  const { lastInsertRowid } = sql(
    db,
    `INSERT INTO digit (data_set_id, file_id, position, box_left, box_top, box_width, box_height, split, given_label, label, excluded, added)
     SELECT ?, ?, position, box_left, box_top, box_width, box_height, 'train', ?, ?, 1, 1 FROM batch_item WHERE id = ?`,
  ).run(dataSetId, fileId, label, label, itemId);
  sql(db, 'INSERT INTO digit_tile SELECT ?, pixels FROM batch_tile WHERE item_id = ?').run(
    lastInsertRowid,
    itemId,
  );
  return Number(lastInsertRowid);
}

/** The item's file in the data set. Another file may have its name there: `./` before it leads to the same place and tells them apart. */
function copyFile(db: Db, itemId: number, dataSetId: number): number {
  const { origin, root, hash } = sql<{ origin: Buffer; root: Buffer; hash: Buffer | null }>(
    db,
    `SELECT path AS origin, root, content_hash AS hash
     FROM batch_item JOIN batch_file ON batch_file.id = file_id JOIN batch ON batch.id = batch_item.batch_id WHERE batch_item.id = ?`,
  ).get(itemId)!;
  const there = sql<{ id: number }>(
    db,
    'SELECT id FROM data_file WHERE root = ? AND data_set_id = ? AND origin = ? AND content_hash IS ?',
  ).get(root, dataSetId, origin, hash);
  if (there) return there.id;
  const taken = sql(db, 'SELECT 1 FROM data_file WHERE data_set_id = ? AND path = ?');
  let path = origin;
  while (taken.get(dataSetId, path)) path = Buffer.concat([Buffer.from('./'), path]);
  const { lastInsertRowid } = sql(
    db,
    `INSERT INTO data_file (data_set_id, path, size, mtime_ns, content_hash, width, height, status, root, origin, recipe)
     SELECT ?, ?, size, mtime_ns, content_hash, width, height, 'done', root, path, recipe
     FROM batch_item JOIN batch_file ON batch_file.id = file_id JOIN batch ON batch.id = batch_item.batch_id WHERE batch_item.id = ?`,
  ).run(dataSetId, path, itemId);
  return Number(lastInsertRowid);
}
