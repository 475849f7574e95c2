import type { BatchFormat } from '../../shared/contract/index.ts';
import { StudioError } from '../../shared/errors.ts';
import { exportBatch } from '../batches/export.ts';
import { getBatch } from '../batches/store.ts';
import type { EngineContext } from './context.ts';

/**
 * Exports a batch as a job that can be followed and stopped, and answers the number of rows once it is done. Throws what `exportBatch` throws, and
 * `job-running`.
 */
export async function exportAsJob(
  { jobs, open: { db } }: EngineContext,
  { batchId, file, format }: { batchId: number; file: string; format: BatchFormat },
): Promise<number> {
  const { name: title, total } = getBatch(db, batchId);
  let rows = 0;
  const job = jobs.start(
    { kind: 'export', title, subject: batchId, unit: 'files', total },
    async ({ signal, progress }) => {
      rows = await exportBatch(db, batchId, file, format, signal, (done) => void progress(done, total));
    },
  );
  const { state, error } = await jobs.ended(job.id);
  if (error) throw new StudioError(error.code, error.params);
  if (state !== 'done') throw new StudioError('cancelled');
  return rows;
}
