import type { z } from 'zod';
import type { CsvChoice, RetryProgress, scanProgress } from '../../../shared/contract/index.ts';
import type { Reason, ReasonCode } from '../../../shared/errors.ts';
import { countCopies } from '../../datasets/copies.ts';
import { dataHistograms } from '../../datasets/histograms.ts';
import type { ImportSource } from '../../datasets/import.ts';
import { badReasons, retryBadFiles } from '../../datasets/quarantine.ts';
import { scanFolder, scanMnist } from '../../datasets/scan.ts';
import { badFiles, listDataSets, removeDataSet } from '../../datasets/store.ts';
import { escapeName } from '../../files/names.ts';
import { checkUnused } from '../../jobs/in-use.ts';
import { os, stream, type EngineContext } from '../context.ts';
import { purgeLater, startImport } from '../launch.ts';
import { withNormalisation } from '../scans.ts';

async function* scan(
  engine: EngineContext,
  { source, labels }: { source: string; labels?: CsvChoice | null | undefined },
  signal: AbortSignal | undefined,
): AsyncGenerator<z.input<typeof scanProgress>, void, undefined> {
  let found: ImportSource | undefined;
  if (source === 'mnist') {
    const result = await scanMnist(engine.options.mnist);
    found = { kind: 'mnist', folder: engine.options.mnist };
    const scanId = engine.scans.add({ ...found, total: result.total });
    yield { type: 'summary', summary: { scanId, source: 'MNIST', ...result } };
  } else {
    const folder = engine.grants.resolve(source, 'read-folder');
    for await (const step of scanFolder(folder, signal, labels)) {
      if ('files' in step) {
        yield { type: 'progress', files: step.files };
        continue;
      }
      const { result } = step;
      found = step.source;
      const scanId = engine.scans.add({ ...found, total: result.total });
      yield { type: 'summary', summary: { scanId, source: folder, ...result } };
    }
  }
  if (!found) return;
  for await (const step of countCopies(found, engine.reader, signal))
    yield 'copies' in step ? { type: 'copies', ...step } : { type: 'checking', ...step };
}

export const data = {
  sets: os.data.sets.handler(({ context: { engine } }) => listDataSets(engine.open.db)),
  scan: os.data.scan.handler(({ context: { engine }, input, signal }) =>
    stream(engine, scan(engine, input, signal)),
  ),
  import: os.data.import.handler(({ context: { engine }, input }) =>
    startImport(engine, withNormalisation(engine.scans.get(input.scanId), input.normalisation), input.name),
  ),
  remove: os.data.remove.handler(({ context: { engine }, input }) => {
    const { db } = engine.open;
    checkUnused(db, input.dataSetId);
    engine.jobs.checkIdle(['duplicates'], input.dataSetId);
    removeDataSet(db, input.dataSetId);
    purgeLater(engine.open);
    engine.changed('data', 'batches', 'labels');
  }),
  histograms: os.data.histograms.handler(({ context: { engine }, input, signal }) => {
    const { db, readOnly } = engine.open;
    return dataHistograms(db, input.dataSetId, { readOnly, signal });
  }),
  bad: os.data.bad.handler(({ context: { engine }, input: { dataSetId, offset, limit, reason } }) => {
    const { total, rows } = badFiles(engine.open.db, dataSetId, offset, limit, reason);
    return {
      total,
      rows: rows.map((row) => ({
        id: row.id,
        path: escapeName(row.path),
        reason: JSON.parse(row.reason) as Reason,
      })),
    };
  }),
  badReasons: os.data.badReasons.handler(({ context: { engine }, input }) =>
    badReasons(engine.open.db, input.dataSetId),
  ),
  retry: os.data.retry.handler(({ context: { engine }, input, signal }) =>
    stream(engine, retry(engine, input, signal)),
  ),
};

/** Not while something trains on the set or is measured with it: its digits would change under it. */
async function* retry(
  engine: EngineContext,
  {
    dataSetId,
    fileId,
    reason,
  }: { dataSetId: number; fileId?: number | undefined; reason?: ReasonCode | undefined },
  signal: AbortSignal | undefined,
): AsyncGenerator<RetryProgress, void, undefined> {
  const { reader, open } = engine;
  checkUnused(open.db, dataSetId);
  const which = fileId !== undefined ? { fileId } : reason ? { reason } : null;
  try {
    yield* retryBadFiles({ db: open.db, dataSetId, reader, which, signal });
  } finally {
    engine.changed('data', 'labels');
  }
}
