import { os } from '../context.ts';
import { resumeJob } from '../launch.ts';
import { allJobs } from '../project-session.ts';

export const jobs = {
  list: os.jobs.list.handler(({ context: { engine } }) => allJobs(engine)),
  cancel: os.jobs.cancel.handler(({ context: { engine }, input }) => engine.jobs.cancel(input.id)),
  resume: os.jobs.resume.handler(({ context: { engine }, input }) => resumeJob(engine, input.id)),
};
