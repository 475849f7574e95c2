import { readModel } from '../../models/store.ts';
import { listModels, modelFolderName, renameModel } from '../../project/models.ts';
import { os } from '../context.ts';

export const models = {
  list: os.models.list.handler(({ context: { engine } }) => listModels(engine.open.db)),
  card: os.models.card.handler(async ({ context: { engine }, input }) => {
    const { db, modelFolder } = engine.open;
    return (await readModel(modelFolder(modelFolderName(db, input.modelId)))).card;
  }),
  rename: os.models.rename.handler(({ context: { engine }, input }) => {
    const model = renameModel(engine.open.db, input.modelId, input.name);
    engine.changed('models', 'batches');
    return model;
  }),
};
