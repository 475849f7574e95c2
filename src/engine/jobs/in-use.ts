import { StudioError } from '../../shared/errors.ts';
import { sql, type Db } from '../project/sqlite.ts';

/** Throws `job-running` when a training or an evaluation works on that data set now, or waits to. */
export function checkUnused(db: Db, dataSetId: number): void {
  const user = sql<{ name: string }>(
    db,
    `SELECT name FROM run WHERE data_set_id = :dataSetId AND state = 'running'
     UNION ALL SELECT name FROM batch WHERE data_set_id = :dataSetId AND (state = 'running' OR waits_since IS NOT NULL)`,
  ).get({ dataSetId });
  if (user) throw new StudioError('job-running', { title: user.name });
}

/** Throws `job-running` when a batch is read with that model now, or waits to be. */
export function checkModelUnused(db: Db, modelId: number): void {
  const user = sql<{ name: string }>(
    db,
    `SELECT name FROM batch WHERE model_id = ? AND (state = 'running' OR waits_since IS NOT NULL OR watch IS NOT NULL)`,
  ).get(modelId);
  if (user) throw new StudioError('job-running', { title: user.name });
}
