import { SvelteSet } from 'svelte/reactivity';
import { MOST_RUNS, type DigitRow, type Job } from '../../../shared/contract/index.ts';
import { client } from '../../app/client.ts';
import { forgetWithProject, jobs } from '../../app/state.svelte.ts';

export const compareViews = ['curves', 'matrices', 'rejects'] as const;
export type CompareView = (typeof compareViews)[number];

/** Runs that are marked for a comparison, and what is looked at in it. A look at another page loses none of it. */
class Compared {
  readonly marked = new SvelteSet<number>();
  /** The comparison is on the screen. */
  open = $state(false);
  /** What stands above the digits. */
  view = $state<CompareView>('curves');
  /** Ids of the two whose digits and matrices are compared; null: the first two. */
  pair = $state<string | null>(null);
  /** The digit that is shown large. */
  large = $state.raw<{ index: number; row: DigitRow } | null>(null);
  /** Null: all labels. */
  label = $state<number | null>(null);
  /** Data set whose test split is read; null: that of the first run. */
  dataSetId = $state<number | null>(null);
  /** Models that wait to read the test split, the one at work first. */
  #queue = $state.raw<readonly number[]>([]);
  /** The batch at work. */
  #jobId = $state<string | null>(null);
  error = $state.raw<unknown>(null);

  get isFull(): boolean {
    return this.marked.size >= MOST_RUNS;
  }

  mark(runId: number, on: boolean): void {
    this.large = null;
    if (!on) this.marked.delete(runId);
    else if (!this.isFull) this.marked.add(runId);
  }

  /** The job that reads the test split now, and for which model; null for none. */
  get reading(): { job: Job | null; modelId: number } | null {
    const modelId = this.#queue[0];
    if (modelId === undefined) return null;
    return { job: jobs.list.find(({ id }) => id === this.#jobId) ?? null, modelId };
  }

  /** Reads the test split with models that have not done so, one after the other. */
  async read(dataSetId: number, modelIds: readonly number[]): Promise<void> {
    if (this.#queue.length > 0) return;
    this.error = null;
    this.#queue = modelIds;
    try {
      while (this.#queue.length > 0) {
        const { job } = await client.batches.evaluate({ dataSetId, modelId: this.#queue[0]! });
        jobs.update(job);
        jobs.awaited.add(job.id);
        this.#jobId = job.id;
        if ((await jobEnd(job.id)) !== 'done') return;
        this.#queue = this.#queue.slice(1);
      }
    } catch (error) {
      this.error = error;
    } finally {
      this.#queue = [];
      this.#jobId = null;
    }
  }

  forget(): void {
    this.marked.clear();
    Object.assign(this, {
      open: false,
      view: 'curves',
      pair: null,
      large: null,
      label: null,
      dataSetId: null,
      error: null,
    });
    this.#queue = [];
  }
}

/** How a job ends. */
function jobEnd(id: string): Promise<Job['state']> {
  return new Promise((resolve) => {
    const stop = $effect.root(() => {
      $effect(() => {
        const state = jobs.list.find((job) => job.id === id)?.state ?? 'interrupted';
        if (state === 'running' || state === 'queued') return;
        resolve(state);
        queueMicrotask(stop);
      });
    });
  });
}

export const compared = new Compared();

forgetWithProject(() => compared.forget());
