import { listViews, removeView, renameView, restoreView, saveView } from '../../review/views.ts';
import { os } from '../context.ts';

export const views = {
  list: os.views.list.handler(({ context: { engine } }) => listViews(engine.open.db)),
  save: os.views.save.handler(({ context: { engine }, input }) => {
    const view = saveView(engine.open.db, input.name, input.shown);
    engine.changed('views');
    return view;
  }),
  rename: os.views.rename.handler(({ context: { engine }, input }) => {
    renameView(engine.open.db, input.viewId, input.name);
    engine.changed('views');
  }),
  remove: os.views.remove.handler(({ context: { engine }, input }) => {
    removeView(engine.open.db, input.viewId);
    engine.changed('views');
  }),
  restore: os.views.restore.handler(({ context: { engine }, input }) => {
    restoreView(engine.open.db, input.viewId);
    engine.changed('views');
  }),
};
