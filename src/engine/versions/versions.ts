import type { DataVersions, JournalState } from '../../shared/contract/index.ts';
import { StudioError } from '../../shared/errors.ts';
import { checkDataSet, countLabelled } from '../datasets/store.ts';
import { changeExclusion } from '../duplicates/replay.ts';
import { sql, single, transact, type Db } from '../project/sqlite.ts';
import { signature } from '../review/audit.ts';
import { changeDecision, type Decided } from '../review/item-decisions.ts';
import { enterStep, journalState } from '../review/journal.ts';
import { changeLabel, orNone } from '../review/labels.ts';
import { changeSplits } from '../review/splits.ts';
import { countChanges, pendingChanges, PENDING, PENDING_CHANGES, VERSION_CHANGES } from './pending.ts';
import { keepChanges } from './replay.ts';

/** What is pending in a data set, and its versions, newest first. Throws `unknown-id`. */
export function dataVersions(db: Db, dataSetId: number): DataVersions {
  checkDataSet(db, dataSetId);
  const rows = sql<Omit<DataVersions['versions'][number], 'changes'>>(
    db,
    `SELECT id, number, name, at, who, train, test FROM data_version WHERE data_set_id = ? AND undone = 0 ORDER BY number DESC`,
  ).all(dataSetId);
  return {
    pending: countChanges(db, PENDING_CHANGES, dataSetId),
    versions: rows.map((row) => ({ ...row, changes: countChanges(db, VERSION_CHANGES, row.id) })),
  };
}

/** The number of the version that a data set is now; null while changes are pending. */
export function currentVersion(db: Db, dataSetId: number): number | null {
  const pending = `SELECT EXISTS (SELECT 1 FROM digit INDEXED BY digit_pending WHERE data_set_id = ? AND ${PENDING})`;
  return single<number>(db, pending, dataSetId) === 1 ? null : lastNumber(db, dataSetId);
}

const lastNumber = (db: Db, dataSetId: number): number =>
  single(
    db,
    'SELECT COALESCE(MAX(number), 1) FROM data_version WHERE data_set_id = ? AND undone = 0',
    dataSetId,
  );

/** Keeps what is pending as the next version, as one step that one undo takes back. Throws `unknown-id`, and `no-changes` where nothing is pending. */
export function commitVersion(db: Db, dataSetId: number, name: string): JournalState {
  transact(db, () => {
    const changes = pendingOf(db, dataSetId);
    enterStep(
      db,
      { kind: 'commit', count: changes.length, from: null, to: null },
      { reason: name },
      (entryId) => {
        const { lastInsertRowid } = sql(
          db,
          'INSERT INTO data_version (data_set_id, number, name, at, who, train, test) VALUES (?, ?, ?, ?, ?, ?, ?)',
        ).run(
          dataSetId,
          lastNumber(db, dataSetId) + 1,
          name,
          new Date().toISOString(),
          signature(db),
          countLabelled(db, dataSetId, 'train'),
          countLabelled(db, dataSetId, 'test'),
        );
        const insert = sql(
          db,
          `INSERT INTO version_change (entry_id, version_id, digit_id, from_label, to_label, from_excluded, to_excluded, from_split, to_split)
         VALUES (:entryId, :versionId, :digitId, :fromLabel, :toLabel, :fromExcluded, :toExcluded, :fromSplit, :toSplit)`,
        );
        for (const { split: _, added: __, ...change } of changes)
          insert.run({ ...change, entryId, versionId: lastInsertRowid });
        keepChanges(db, entryId, 'redo');
      },
    );
  });
  return journalState(db);
}

/**
 * Makes every digit of a data set again what it is in the last version, as one step that one undo takes back; decisions about such digits
 * are open again. Throws `unknown-id`, `no-changes`.
 */
export function discardChanges(db: Db, dataSetId: number): JournalState {
  transact(db, () => {
    const changes = pendingOf(db, dataSetId);
    enterStep(db, { kind: 'discard', count: changes.length, from: null, to: null }, {}, (entryId) => {
      for (const { digitId, fromLabel, toLabel, fromExcluded, toExcluded, fromSplit, toSplit } of changes) {
        // A label comes back after the decision that took the digit out of the figures is gone.
        for (const item of decidedItems(db, digitId)) changeDecision(db, entryId, item, null);
        if (fromLabel !== toLabel)
          changeLabel(db, entryId, { digitId, itemId: null, label: orNone(toLabel) }, orNone(fromLabel));
        if (fromSplit !== toSplit) changeSplits(db, entryId, JSON.stringify([digitId]), fromSplit);
        if (fromExcluded !== toExcluded) changeExclusion(db, entryId, digitId, fromExcluded);
      }
    });
  });
  return journalState(db);
}

const decidedItems = (db: Db, digitId: number): (Decided & { id: number })[] =>
  sql<Decided & { id: number }>(
    db,
    'SELECT id, decision, decided_in AS decidedIn FROM batch_item WHERE digit_id = ? AND decision IS NOT NULL',
  ).all(digitId);

function pendingOf(db: Db, dataSetId: number): ReturnType<typeof pendingChanges> {
  checkDataSet(db, dataSetId);
  const changes = pendingChanges(db, dataSetId);
  if (changes.length === 0) throw new StudioError('no-changes');
  return changes;
}
