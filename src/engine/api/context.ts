import { EventPublisher, implement } from '@orpc/server';
import type { EngineOptions } from '../../shared/bridge.ts';
import { contract, type EngineEvent } from '../../shared/contract/index.ts';
import { StudioError } from '../../shared/errors.ts';
import type { Compute, ComputeInfo } from '../compute/types.ts';
import { MapStore } from '../embedding/store.ts';
import type { FileHasher, ImageReader, NewImageReader, PictureViewer } from '../images/types.ts';
import { JobRegistry } from '../jobs/registry.ts';
import type { RunFeed } from '../jobs/run-feed.ts';
import { isReadOnlyError } from '../project/sqlite.ts';
import type { Project } from '../project/store.ts';
import { DigitLists } from '../review/digit-lists.ts';
import { NeighbourSearch } from '../review/neighbours.ts';
import { RecentProjects } from '../settings/recent.ts';
import { SettingsStore } from '../settings/settings.ts';
import { toClientError } from './errors.ts';
import { PathGrants } from './grants.ts';
import { Scans } from './scans.ts';
import { Watches } from './watches.ts';

export interface EngineParts {
  compute: Compute;
  reader: ImageReader & NewImageReader & FileHasher & PictureViewer;
}

type Topic = Extract<EngineEvent, { type: 'changed' }>['topics'][number];

/** Events that a client which does not listen may fall behind. */
const BUFFERED = 1_000;

const VITALS_INTERVAL = 2_000;

export const vitals = (): EngineEvent => ({ type: 'vitals', memoryBytes: process.memoryUsage.rss() });

/** All that the engine has in hand; every call gets it. */
export class EngineContext {
  readonly options: EngineOptions;
  readonly compute: Compute;
  readonly reader: EngineParts['reader'];
  readonly settings: SettingsStore;
  readonly recent: RecentProjects;
  readonly grants = new PathGrants();
  readonly roots: { id: string; display: string }[] = [];
  readonly scans = new Scans();
  readonly digitLists = new DigitLists();
  readonly neighbours: NeighbourSearch;
  readonly maps = new MapStore();
  readonly events = new EventPublisher<Record<'event', EngineEvent>>({ maxBufferedEvents: BUFFERED });
  readonly jobs: JobRegistry;
  readonly watches = new Watches();
  /** Of the runs that train now. */
  readonly feeds = new Map<number, RunFeed>();
  project: Project | null = null;
  #turn: Promise<unknown> = Promise.resolve();
  readonly #vitals: NodeJS.Timeout;
  computeInfo: ComputeInfo | null = null;

  constructor(options: EngineOptions, parts: EngineParts) {
    this.options = options;
    this.compute = parts.compute;
    this.reader = parts.reader;
    this.neighbours = new NeighbourSearch(parts.compute);
    this.settings = new SettingsStore(options.userData);
    this.recent = new RecentProjects(options.userData);
    this.jobs = new JobRegistry((job) => this.events.publish('event', { type: 'job', job }));
    this.#vitals = setInterval(() => this.events.publish('event', vitals()), VITALS_INTERVAL).unref();
  }

  /** Throws `no-project`. */
  get open(): Project {
    if (!this.project) throw new StudioError('no-project');
    return this.project;
  }

  /** The same, to be changed. Throws `no-project`, `project-read-only`. */
  get writable(): Project {
    const { open } = this;
    if (open.readOnly) throw new StudioError('project-read-only', { project: open.folder });
    return open;
  }

  /** An error as a client sees it; what a project that is only looked at refuses is no fault. */
  clientError(error: unknown): ReturnType<typeof toClientError> {
    const refused = this.project?.readOnly && isReadOnlyError(error);
    return toClientError(
      refused ? new StudioError('project-read-only', { project: this.place }) : error,
      this.place,
    );
  }

  /** Opening and closing projects happens one after the other, however often a button is pressed. */
  inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  dispose(): void {
    clearInterval(this.#vitals);
  }

  changed(...topics: Topic[]): void {
    if (topics.some((topic) => topic === 'data' || topic === 'labels' || topic === 'batches'))
      this.digitLists.clear();
    this.events.publish('event', { type: 'changed', topics });
  }

  /** What an error outside of a project's store is about, for the eye. */
  get place(): string {
    return this.project?.folder ?? this.options.userData;
  }
}

/** The contract, ready to be implemented: every error leaves as `STUDIO`. */
export const os = implement(contract)
  .$context<{ engine: EngineContext }>()
  .use(async ({ next, context }) => {
    try {
      return await next();
    } catch (error) {
      throw context.engine.clientError(error);
    }
  });

/** The same for a stream, whose errors come after the call has been answered. */
export async function* stream<Value>(
  engine: EngineContext,
  values: AsyncIterable<Value> | Iterable<Value>,
): AsyncGenerator<Value, void, undefined> {
  try {
    yield* values;
  } catch (error) {
    throw engine.clientError(error);
  }
}
