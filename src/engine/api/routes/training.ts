import fs from 'node:fs/promises';
import { TILE_BYTES } from '../../../shared/domain.ts';
import { exampleTiles } from '../../datasets/training-set.ts';
import { storedFeed } from '../../jobs/run-feed.ts';
import { deleteRun, getRun, listRuns } from '../../project/runs.ts';
import { os, stream } from '../context.ts';
import { startTraining } from '../launch.ts';

export const training = {
  start: os.training.start.handler(({ context: { engine }, input }) => startTraining(engine, input)),
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
  remove: os.training.remove.handler(async ({ context: { engine }, input }) => {
    const { db, runFolder } = engine.open;
    engine.jobs.checkIdle(['train'], input.runId);
    deleteRun(db, input.runId);
    await fs.rm(runFolder(input.runId), { recursive: true, force: true });
    engine.changed('runs', 'models');
  }),
};
