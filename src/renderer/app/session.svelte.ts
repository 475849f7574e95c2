import type { z } from 'zod';
import type { Batch, EngineEvent, Job, Run, systemInfo } from '../../shared/contract/index.ts';
import { bridge, served } from './bridge.ts';
import { client } from './client.ts';
import { connection, EngineGone } from './connection.svelte.ts';
import { errorText, text } from './i18n.ts';
import { publishChange } from './state/changes.ts';
import { computes, jobs } from './state/jobs.svelte.ts';
import { go, route, type PageId } from './state/navigation.svelte.ts';
import { preferences } from './state/preferences.svelte.ts';
import { project } from './state/project.svelte.ts';
import { notify } from './state/toasts.svelte.ts';

/** Where a job can be watched. */
export const pageOfJob: Record<Job['kind'], PageId> = {
  import: 'data',
  train: 'train',
  classify: 'classify',
  evaluate: 'review',
  folds: 'review',
  measure: 'models',
  duplicates: 'data',
  filing: 'classify',
  export: 'classify',
  map: 'review',
};

/** Follows the engine: what it says of jobs, changes and its own health goes into the state that all pages read. */
class Session {
  /** The engine answered, and the state here is its. */
  synced = $state(false);
  memoryBytes = $state<number | null>(null);
  info = $state.raw<z.infer<typeof systemInfo> | null>(null);
  /** A restart that the user asked for is under way. */
  restarting = $state(false);
  /** The last restart did not help. */
  restartFailed = $state(false);
  /** Ids of jobs that go on by themselves after that restart. */
  #goOn: string[] = [];
  #line = 0;

  /** Jobs that run now: none while the engine is away. */
  get running(): Job[] {
    return this.synced ? jobs.running : [];
  }

  /** Runs or batches as they stand: what ran when the engine went away is interrupted. */
  asTheyStand<T extends Run | Batch>(items: readonly T[]): readonly T[] {
    return this.synced
      ? items
      : items.map((item) => (item.state === 'running' ? { ...item, state: 'interrupted' } : item));
  }

  start(): void {
    connection.onOpen(() => void this.#follow());
    connection.start();
  }

  /** One click after the engine stopped: starts it again, and goes on with what ran. */
  async restart(): Promise<void> {
    this.#goOn = jobs.running.filter(computes).map(({ id }) => id);
    this.restarting = true;
    this.restartFailed = false;
    try {
      if (!served) await bridge.restartEngine();
      connection.connect();
    } catch {
      this.lost();
    }
  }

  /** The engine went away, or did not come back. */
  lost(): void {
    this.synced = false;
    this.memoryBytes = null;
    if (!this.restarting) return;
    this.restarting = false;
    this.restartFailed = true;
  }

  async #follow(): Promise<void> {
    const line = ++this.#line;
    try {
      let first = true;
      for await (const event of await client.system.events()) {
        if (line !== this.#line) return;
        // Subscribed first and read then: nothing falls in between.
        if (first) await this.#sync();
        first = false;
        this.#take(event);
      }
    } catch (error) {
      if (line === this.#line && !(error instanceof EngineGone) && connection.state.kind === 'open')
        notify(errorText(error), 'bad');
    }
  }

  async #sync(): Promise<void> {
    const [current, known] = await Promise.all([
      client.project.current(),
      client.jobs.list(),
      preferences.load(),
    ]);
    project.current = current;
    jobs.list = known;
    this.synced = true;
    publishChange('all');
    void this.#readInfo();
    if (!this.restarting) return;
    this.restarting = false;
    notify(text().shell.engine.back, 'good');
    for (const id of this.#goOn)
      if (known.some((job) => job.id === id && job.state === 'interrupted')) await this.resume(id);
  }

  /** Goes on with an interrupted job. */
  async resume(id: string): Promise<void> {
    try {
      jobs.update(await client.jobs.resume({ id }));
    } catch (error) {
      notify(errorText(error), 'bad');
    }
  }

  #take(event: EngineEvent): void {
    switch (event.type) {
      case 'job':
        this.#tell(event.job);
        jobs.update(event.job);
        return;
      case 'changed':
        if (event.topics.includes('project')) void this.#readProject(event.topics);
        else publishChange(event.topics);
        return;
      case 'vitals':
        this.memoryBytes = event.memoryBytes;
        // TensorFlow loads after the first page is there.
        if (this.info?.tensorflow === null) void this.#readInfo();
    }
  }

  async #readProject(topics: Extract<EngineEvent, { type: 'changed' }>['topics']): Promise<void> {
    [project.current, jobs.list] = await Promise.all([client.project.current(), client.jobs.list()]);
    publishChange(topics);
  }

  async #readInfo(): Promise<void> {
    this.info = await client.system.info().catch(() => this.info);
  }

  /** A job that ends while the user is elsewhere says so. */
  #tell(job: Job): void {
    const before = jobs.list.find(({ id }) => id === job.id);
    const page = pageOfJob[job.kind];
    if (before?.state !== 'running' || route.page === page || jobs.awaited.has(job.id)) return;
    const t = text().shell.jobs;
    const show = { label: t.show, run: () => go(page) };
    if (job.state === 'done') notify(t.done(job.title), 'good', show);
    if (job.state === 'failed') notify(t.failed(job.title), 'bad', show);
  }
}

export const session = new Session();
