import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
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
import { os } from '../context.ts';
import { purgeLater } from '../launch.ts';

export const models = {
  list: os.models.list.handler(({ context: { engine } }) => listModels(engine.open.db)),
  card: os.models.card.handler(async ({ context: { engine }, input }) => {
    const { db, modelFolder } = engine.open;
    const { name } = getModel(db, input.modelId);
    const { card, architecture } = await readModel(modelFolder(modelFolderName(db, input.modelId)));
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
    const { db, modelFolder } = engine.open;
    const model = await importModel(place, { name, scale, studioVersion: engine.options.version });
    const own = randomUUID();
    await writeModel(modelFolder(own), model);
    const id = await entered(() => addModel(db, model.card, own, null), modelFolder(own));
    engine.changed('models');
    return { model: getModel(db, id), origin: model.card.origin, input: model.architecture.input };
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
