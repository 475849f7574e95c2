import type { Job } from '../../shared/contract/index.ts';
import { getDataSet } from '../datasets/store.ts';
import { searchDuplicates } from '../duplicates/search.ts';
import type { EngineContext } from './context.ts';

/** Looks for duplicates in a data set, beside whatever else runs. Throws `unknown-id`, `job-running`. */
export function startDuplicates(engine: EngineContext, dataSetId: number): Job {
  const { jobs, writable: project } = engine;
  const { db } = project;
  const { name: title } = getDataSet(db, dataSetId);
  return jobs.start(
    { kind: 'duplicates', title, subject: dataSetId, unit: 'images' },
    async ({ signal, progress }) => {
      try {
        await searchDuplicates({ db, dataSetId, signal, onProgress: progress });
      } finally {
        engine.changed('data');
      }
    },
  );
}
