import { os } from './context.ts';
import { batches } from './routes/batches.ts';
import { data } from './routes/data.ts';
import { digits } from './routes/digits.ts';
import { duplicates } from './routes/duplicates.ts';
import { embedding } from './routes/embedding.ts';
import { filing } from './routes/filing.ts';
import { jobs } from './routes/jobs.ts';
import { models } from './routes/models.ts';
import { project } from './routes/project.ts';
import { review } from './routes/review.ts';
import { settings } from './routes/settings.ts';
import { system } from './routes/system.ts';
import { training } from './routes/training.ts';
import { versions } from './routes/versions.ts';
import { views } from './routes/views.ts';

/** The whole contract, implemented. */
export const router = os.router({
  system,
  settings,
  jobs,
  project,
  data,
  duplicates,
  versions,
  digits,
  embedding,
  views,
  training,
  models,
  batches,
  filing,
  review,
});
