import type { Model, ModelCard } from '../../shared/contract/index.ts';
import { StudioError } from '../../shared/errors.ts';
import { sql, type Db } from './sqlite.ts';

/** What a model was trained on, where nobody knows it. */
const UNKNOWN = '';

interface ModelRow extends Omit<Model, 'runId' | 'dataSetName'> {
  dataSetName: string;
  folder: string | null;
  runId: number | null;
}

const COLUMNS = `id, folder, name, created_at AS createdAt, architecture, parameters, validation_accuracy AS validationAccuracy,
  test_accuracy AS testAccuracy, data_set_name AS dataSetName, run_id AS runId,
  (SELECT data_set.id FROM run JOIN data_set ON data_set.id = run.data_set_id WHERE run.id = run_id AND data_set.state = 'ready') AS dataSetId`;

/** Enters a model, trained here or taken over; `folder` is its name under models/, null when it lies outside of the project. Answers its id. */
export function addModel(db: Db, card: ModelCard, folder: string | null, runId: number | null): number {
  const { metrics } = card;
  const best = metrics?.epochs.find(({ epoch }) => epoch === metrics.bestEpoch);
  return Number(
    sql(
      db,
      `INSERT INTO model (folder, name, created_at, architecture, parameters, validation_accuracy, test_accuracy, data_set_name, run_id)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(
      folder,
      card.name,
      card.createdAt,
      card.architecture,
      card.parameters,
      best?.validationAccuracy ?? null,
      metrics?.testAccuracy ?? null,
      card.data?.name ?? UNKNOWN,
      runId,
    ).lastInsertRowid,
  );
}

const toModel = ({ folder: _, dataSetName, ...model }: ModelRow): Model => ({
  ...model,
  dataSetName: dataSetName === UNKNOWN ? null : dataSetName,
});

/** Newest first, without removed ones. */
export const listModels = (db: Db): Model[] =>
  sql<ModelRow>(db, `SELECT ${COLUMNS} FROM model WHERE removed_at IS NULL ORDER BY id DESC`)
    .all()
    .map(toModel);

function findModel(db: Db, id: number): ModelRow {
  const row = sql<ModelRow>(db, `SELECT ${COLUMNS} FROM model WHERE id = ? AND removed_at IS NULL`).get(id);
  if (!row) throw new StudioError('unknown-id', { kind: 'model', id });
  return row;
}

/** Whether a model has not been removed. */
export const isModelThere = (db: Db, id: number): boolean =>
  sql(db, 'SELECT 1 FROM model WHERE id = ? AND removed_at IS NULL').get(id) !== undefined;

/** Throws `unknown-id`. */
export const getModel = (db: Db, id: number): Model => toModel(findModel(db, id));

/** The model's folder name under models/. Throws `unknown-id`. */
export function modelFolderName(db: Db, id: number): string {
  const { folder } = findModel(db, id);
  if (folder === null) throw new StudioError('unknown-id', { kind: 'model', id });
  return folder;
}

/** Throws `unknown-id`. */
export function renameModel(db: Db, id: number, name: string): Model {
  findModel(db, id);
  sql(db, 'UPDATE model SET name = ? WHERE id = ?').run(name, id);
  return getModel(db, id);
}

/** Takes a model out of sight; batches keep its name, its files go with `purgeModels`. Throws `unknown-id`. */
export function removeModel(db: Db, id: number): void {
  findModel(db, id);
  sql(db, 'UPDATE model SET removed_at = ? WHERE id = ?').run(new Date().toISOString(), id);
}
