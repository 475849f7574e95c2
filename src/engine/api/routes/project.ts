import { createProject } from '../../project/store.ts';
import { os } from '../context.ts';
import { closeProject, openSample, switchTo, takeOver } from '../project-session.ts';

export const project = {
  current: os.project.current.handler(({ context: { engine } }) => engine.project?.info() ?? null),
  recent: os.project.recent.handler(({ context: { engine } }) => engine.recent.list()),
  create: os.project.create.handler(({ context: { engine }, input }) => {
    const folder = engine.grants.resolve(input.folder, 'project-folder');
    return switchTo(engine, folder, () => createProject(folder, input.name));
  }),
  open: os.project.open.handler(({ context: { engine }, input }) =>
    switchTo(engine, engine.grants.resolve(input.folder, 'project-folder')),
  ),
  openRecent: os.project.openRecent.handler(({ context: { engine }, input }) =>
    switchTo(engine, engine.recent.folderOf(input.id)),
  ),
  forgetRecent: os.project.forgetRecent.handler(({ context: { engine }, input }) =>
    engine.recent.forget(input.id),
  ),
  sample: os.project.sample.handler(({ context: { engine } }) => openSample(engine)),
  takeOver: os.project.takeOver.handler(({ context: { engine } }) => takeOver(engine)),
  close: os.project.close.handler(({ context: { engine } }) => closeProject(engine)),
};
