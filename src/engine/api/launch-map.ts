import type { EmbeddingMethod, Job } from '../../shared/contract/index.ts';
import { ledgerRow } from '../batches/ledger.ts';
import { makeMap } from '../embedding/make.ts';
import { modelFolderName } from '../project/models.ts';
import type { EngineContext } from './context.ts';

/** Makes the map of a batch, beside whatever else runs; in a project that is only looked at, too. Throws `unknown-id`, `job-running`, `model-file-missing`. */
export function startMap(engine: EngineContext, batchId: number, method: EmbeddingMethod): Job {
  const { jobs, open: project, compute, maps: store } = engine;
  const { modelId, name: title } = ledgerRow(project.db, batchId);
  const model = modelFolderName(project.db, modelId);
  return jobs.start(
    { kind: 'map', title, subject: batchId, unit: 'images' },
    ({ signal, progress: onProgress }) =>
      makeMap({
        project,
        store,
        compute,
        batchId,
        method,
        model,
        signal,
        onProgress: (done, total) => void onProgress(done, total),
      }),
  );
}
