import { TILE_BYTES } from '../../../shared/domain.ts';
import { exampleTiles } from '../../datasets/training-set.ts';
import { storedFeed } from '../../jobs/run-feed.ts';
import { getRun, listRuns, removeRun, restoreRun, setRunNotes } from '../../project/runs.ts';
import { compareRuns } from '../../training/compare.ts';
import { writeCurves, writePicture } from '../../training/export.ts';
import { os, stream, type EngineContext } from '../context.ts';
import { startRetraining, startTraining } from '../launch-training.ts';

/** The curve of a run that trains now. */
const liveCurve = (engine: EngineContext) => (runId: number) => engine.feeds.get(runId)?.points ?? null;

export const training = {
  start: os.training.start.handler(({ context: { engine }, input }) => startTraining(engine, input)),
  retrain: os.training.retrain.handler(({ context: { engine }, input }) => startRetraining(engine, input)),
  previewDistortion: os.training.previewDistortion.handler(async ({ context: { engine }, input }) => {
    const { dataSetId, parameters, variants, seed } = input;
    const tiles = exampleTiles(engine.open.db, dataSetId);
    const repeated = new Uint8Array(variants * tiles.length);
    for (let variant = 0; variant < variants; variant++) repeated.set(tiles, variant * tiles.length);
    const distorted = await engine.compute.distort(repeated, parameters, seed);
    const pixels = new Blob([Uint8Array.from(tiles), Uint8Array.from(distorted)]);
    return { digits: tiles.length / TILE_BYTES, pixels };
  }),
  runs: os.training.runs.handler(({ context: { engine } }) => listRuns(engine.open.db)),
  watch: os.training.watch.handler(({ context: { engine }, input, signal }) => {
    const { db } = engine.open;
    const { id, state } = getRun(db, input.runId);
    return stream(engine, engine.feeds.get(id)?.watch(signal) ?? storedFeed(db, id, state));
  }),
  note: os.training.note.handler(({ context: { engine }, input }) => {
    setRunNotes(engine.open.db, input.runId, input.notes);
    engine.changed('runs');
  }),
  remove: os.training.remove.handler(({ context: { engine }, input }) => {
    engine.jobs.checkIdle(['train'], input.runId);
    const at = removeRun(engine.open.db, input.runId);
    engine.changed('runs', 'models');
    return { at };
  }),
  restore: os.training.restore.handler(({ context: { engine }, input }) => {
    restoreRun(engine.open.db, input.runId);
    engine.changed('runs', 'models');
  }),
  compare: os.training.compare.handler(({ context: { engine }, input }) =>
    compareRuns(engine.open.db, input.runIds, input.dataSetId, liveCurve(engine)),
  ),
  exportCsv: os.training.exportCsv.handler(async ({ context: { engine }, input }) => {
    const file = engine.grants.resolve(input.file, 'write-file');
    return { rows: await writeCurves(engine.open.db, input.runIds, file, liveCurve(engine)), file };
  }),
  exportPng: os.training.exportPng.handler(async ({ context: { engine }, input }) => {
    const file = engine.grants.resolve(input.file, 'write-file');
    await writePicture(engine.open.db, input.picture, file);
    return { file };
  }),
};
