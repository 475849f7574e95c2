import { checkModelUnused } from '../../jobs/in-use.ts';
import { readModel } from '../../models/store.ts';
import { getModel, listModels, modelFolderName, removeModel, renameModel } from '../../project/models.ts';
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
};
