import { os } from '../context.ts';

export const settings = {
  get: os.settings.get.handler(({ context: { engine } }) => engine.settings.get()),
  set: os.settings.set.handler(({ context: { engine }, input }) => engine.settings.set(input)),
};
