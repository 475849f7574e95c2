import { sql, type Db } from '../project/sqlite.ts';

/**
 * Fixes what the batches of a model were read with, and go on with, before the model is measured anew: their confidences are those of that temperature, whatever the
 * model's card says from then on.
 */
export const keepTemperature = (db: Db, modelId: number, temperature: number): void =>
  void sql(db, 'UPDATE batch SET temperature = ? WHERE model_id = ? AND temperature IS NULL').run(
    temperature,
    modelId,
  );

/** Whether a batch was read with what its model's card says now. */
export const isCurrent = (db: Db, batchId: number): boolean =>
  sql(db, 'SELECT 1 FROM batch WHERE id = ? AND temperature IS NULL').get(batchId) !== undefined;

/** Whether two batches were read with the same temperature, so that one can take confidences over from the other. */
export const haveSameTemperature = (db: Db, one: number, other: number): boolean =>
  sql(
    db,
    'SELECT 1 FROM batch AS one JOIN batch AS other ON other.temperature IS one.temperature WHERE one.id = ? AND other.id = ?',
  ).get(one, other) !== undefined;
