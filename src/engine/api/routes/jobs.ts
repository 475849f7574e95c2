import { os } from '../context.ts';
import { resumeJob } from '../launch.ts';
import { allJobs } from '../project-session.ts';

export const jobs = {
  list: os.jobs.list.handler(({ context: { engine } }) => allJobs(engine)),
  cancel: os.jobs.cancel.handler(({ context: { engine }, input }) => engine.jobs.cancel(input.id)),
  pause: os.jobs.pause.handler(({ context: { engine }, input }) => engine.jobs.setPaused(input.id, true)),
  goOn: os.jobs.goOn.handler(({ context: { engine }, input }) => engine.jobs.setPaused(input.id, false)),
  resume: os.jobs.resume.handler(({ context: { engine }, input }) => resumeJob(engine, input.id)),
};
