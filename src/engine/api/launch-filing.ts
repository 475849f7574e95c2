import type { Filing, Job } from '../../shared/contract/index.ts';
import { StudioError } from '../../shared/errors.ts';
import { getBatch } from '../batches/store.ts';
import { prepareFiling, runFiling, runUndo, type FilingWish } from '../filing/file-batch.ts';
import { addFiling, getFiling, listFilings } from '../filing/store.ts';
import type { EngineContext } from './context.ts';

/** Begins to file a batch's files. Throws what `prepareFiling` throws, and `job-running`. */
export async function startFiling(
  engine: EngineContext,
  wish: FilingWish,
): Promise<{ job: Job; filing: Filing }> {
  const { db } = engine.writable;
  const prepared = await prepareFiling(db, wish);
  engine.jobs.checkFree('filing');
  const id = addFiling(db, prepared);
  return { job: launch(engine, id, runFiling), filing: getFiling(db, id) };
}

/** Goes on with one that stopped. Throws `unknown-id`, `job-running`, `bad-request`. */
export function goOnFiling(engine: EngineContext, id: number): Job {
  if (getFiling(engine.writable.db, id).state !== 'stopped') throw new StudioError('bad-request');
  return launch(engine, id, runFiling);
}

/** Takes one back. Throws `unknown-id`, `job-running`, `bad-request`. */
export function undoFiling(engine: EngineContext, id: number): Job {
  const { state } = getFiling(engine.writable.db, id);
  if (state !== 'stopped' && state !== 'done') throw new StudioError('bad-request');
  return launch(engine, id, runUndo);
}

function launch(engine: EngineContext, id: number, run: typeof runFiling): Job {
  const { db } = engine.writable;
  const { batchId, total } = getFiling(db, id);
  const job = engine.jobs.start(
    { kind: 'filing', title: getBatch(db, batchId).name, subject: id, unit: 'files', total },
    async ({ signal, progress }) => {
      try {
        await run(db, id, { signal, onProgress: (done, all) => void progress(done, all) });
      } finally {
        engine.changed('batches');
      }
    },
  );
  engine.changed('batches');
  return job;
}

/** Throws `job-running` when files of that batch are being filed, or brought back. */
export function checkNotFiled({ jobs, open }: EngineContext, batchId: number): void {
  for (const { id } of listFilings(open.db, batchId)) jobs.checkIdle(['filing'], id);
}
