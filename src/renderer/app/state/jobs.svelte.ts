import type { Job } from '../../../shared/contract/index.ts';

/** Jobs that the engine knows, in the order in which they began. */
class Jobs {
  list = $state.raw<Job[]>([]);
  /** Ids of those whose end a page waits for and shows by itself. */
  readonly awaited = new Set<string>();

  get running(): Job[] {
    return this.list.filter(({ state }) => state === 'running');
  }

  /** Takes in what the engine says of one job. */
  update(job: Job): void {
    const known = this.list.some(({ id }) => id === job.id);
    this.list = known ? this.list.map((old) => (old.id === job.id ? job : old)) : [...this.list, job];
  }
}

export const jobs = new Jobs();
