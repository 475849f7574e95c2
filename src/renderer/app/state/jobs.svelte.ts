import type { Job } from '../../../shared/contract/index.ts';

/** Whether a job is one of those that compute: they take turns, can be paused and go on after an interruption. */
export const computes = ({ kind }: Job): boolean =>
  kind === 'train' || kind === 'classify' || kind === 'evaluate' || kind === 'folds';

/** Whether a job's subject is a batch. */
export const readsBatch = (job: Job): boolean => computes(job) && job.kind !== 'train';

/** Jobs that the engine knows, in the order in which they began. */
class Jobs {
  list = $state.raw<Job[]>([]);
  /** Ids of those whose end a page waits for and shows by itself. */
  readonly awaited = new Set<string>();

  get running(): Job[] {
    return this.list.filter(({ state }) => state === 'running');
  }

  /** Those that wait for their turn, the next one first. */
  get queued(): Job[] {
    return this.list.filter(({ state }) => state === 'queued');
  }

  /** Place of a job in the queue, 1 for the next one; 0: it does not wait. */
  place(id: string | undefined): number {
    return this.queued.findIndex((job) => job.id === id) + 1;
  }

  /** Whether a job computes, so that a batch would wait. */
  get computing(): boolean {
    return this.running.some((job) => computes(job) || job.kind === 'measure');
  }

  /** The job of a batch, as long as the engine knows it. */
  ofBatch(batchId: number): Job | null {
    return this.list.findLast((job) => readsBatch(job) && job.subject === batchId) ?? null;
  }

  /** Takes in what the engine says of one job. */
  update(job: Job): void {
    const known = this.list.some(({ id }) => id === job.id);
    this.list = known ? this.list.map((old) => (old.id === job.id ? job : old)) : [...this.list, job];
  }
}

export const jobs = new Jobs();
