import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { drawArchitecture } from '../../../shared/models/drawing.ts';
import { drawingWords } from '../../../shared/models/drawing-words.ts';
import { svgText } from '../../../shared/models/svg.ts';
import { sourceRoots } from '../../batches/csv.ts';
import { csvTarget, writeTarget } from '../../batches/csv-target.ts';
import { checkModelUnused } from '../../jobs/in-use.ts';
import { exportModel } from '../../models/exchange/export.ts';
import { importModel } from '../../models/exchange/import.ts';
import { readModel, writeModel } from '../../models/store.ts';
import {
  addModel,
  getModel,
  listModels,
  modelFolderName,
  removeModel,
  renameModel,
} from '../../project/models.ts';
import { digitDetail } from '../../review/detail.ts';
import { os, type EngineContext } from '../context.ts';
import { purgeLater } from '../launch.ts';
import { startMeasure } from '../launch-measure.ts';

const folderOf = ({ open: { db, modelFolder } }: EngineContext, id: number): string =>
  modelFolder(modelFolderName(db, id));

/** One after the other, as the pages take them. */
const packed = (arrays: readonly Float32Array[]): Blob =>
  new Blob(
    arrays.map((values) =>
      Uint8Array.from(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
    ),
  );

export const models = {
  list: os.models.list.handler(({ context: { engine } }) => listModels(engine.open.db)),
  card: os.models.card.handler(async ({ context: { engine }, input }) => {
    const { name } = getModel(engine.open.db, input.modelId);
    const { card, architecture } = await readModel(folderOf(engine, input.modelId));
    return { ...card, name, input: architecture.input };
  }),
  rename: os.models.rename.handler(({ context: { engine }, input }) => {
    const model = renameModel(engine.open.db, input.modelId, input.name);
    engine.changed('models', 'batches');
    return model;
  }),
  remove: os.models.remove.handler(({ context: { engine }, input }) => {
    const { db } = engine.open;
    checkModelUnused(db, input.modelId);
    engine.jobs.checkIdle(['measure'], input.modelId);
    removeModel(db, input.modelId);
    purgeLater(engine.open);
    engine.changed('models', 'runs');
  }),
  export: os.models.export.handler(async ({ context: { engine }, input: { modelId, format, target } }) => {
    const file = engine.grants.resolve(target, format === 'tfjs' ? 'write-folder' : 'write-file');
    const { db, modelFolder } = engine.open;
    const { name } = getModel(db, modelId);
    const model = await readModel(modelFolder(modelFolderName(db, modelId)));
    const named = { ...model, card: { ...model.card, name } };
    // The system's dialog has asked whether what is there may be replaced.
    await exportModel(named, {
      format,
      target: file,
      replace: true,
      studioVersion: engine.options.version,
    });
    return { file };
  }),
  import: os.models.import.handler(async ({ context: { engine }, input: { folder, name, scale } }) => {
    const place = engine.grants.resolve(folder, 'read-folder');
    const { db, modelFolder } = engine.writable;
    const model = await importModel(place, { name, scale, studioVersion: engine.options.version });
    const own = randomUUID();
    await writeModel(modelFolder(own), model);
    const id = await entered(() => addModel(db, model.card, own, null), modelFolder(own));
    engine.changed('models');
    return { model: getModel(db, id), origin: model.card.origin, input: model.architecture.input };
  }),
  measure: os.models.measure.handler(({ context: { engine }, input }) => startMeasure(engine, input)),
  architecture: os.models.architecture.handler(async ({ context: { engine }, input }) => {
    const { architecture, weights } = await readModel(folderOf(engine, input.modelId));
    return { architecture, weights: packed(weights.map(({ values }) => values)) };
  }),
  inspect: os.models.inspect.handler(async ({ context: { engine }, input: { modelId, ref, target } }) => {
    const folder = folderOf(engine, modelId);
    const { label, name, pixels } = digitDetail(engine.open.db, ref);
    const tile = new Uint8Array(await pixels.arrayBuffer());
    const found = await engine.compute.inspect(folder, tile, target);
    return {
      ref,
      label,
      name,
      pixels,
      answer: found.answer,
      target: found.target,
      scores: [...found.scores],
      probabilities: [...found.probabilities],
      outputs: packed(found.outputs),
      saliency: packed([found.saliency]),
    };
  }),
  exportDrawing: os.models.exportDrawing.handler(async ({ context: { engine }, input }) => {
    const file = engine.grants.resolve(input.file, 'write-file');
    const { architecture } = await readModel(folderOf(engine, input.modelId));
    const target = await csvTarget(file, sourceRoots(engine.open.db));
    const drawing = drawArchitecture(architecture, drawingWords(input.language));
    await writeTarget(target, (handle) => handle.writeFile(svgText(drawing)));
    return { file };
  }),
};

/** A model that cannot be entered leaves no files behind. */
async function entered(enter: () => number, folder: string): Promise<number> {
  try {
    return enter();
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
