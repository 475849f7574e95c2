import type { Batch, Job, Run } from './contract/index.ts';

/**
 * Whether a run, a batch or its job has work left to go on with. A training that diverged has none: it would come by the same
 * step again.
 */
export const canGoOn = ({ state, error }: Pick<Run | Batch | Job, 'state' | 'error'>): boolean =>
  state !== 'done' && state !== 'running' && state !== 'queued' && error?.code !== 'training-diverged';
