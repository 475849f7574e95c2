import type { Job } from '../../shared/contract/index.ts';
import { StudioError } from '../../shared/errors.ts';
import { batchJobs } from './batch-jobs.ts';
import { CLOSING, endState } from './end-state.ts';
import { Gate } from './gate.ts';
import { Pace } from './pace.ts';

export interface NewJob {
  kind: Job['kind'];
  title: string;
  subject: number;
  unit: Job['unit'];
  /** What was done before, when it is resumed. */
  done?: number;
  total?: number;
}

export interface JobControl {
  signal: AbortSignal;
  /** Closed while the job is paused. */
  gate: Gate;
  /**
   * Units done and in all; 0 for a total that is not known yet. Answers the seconds that are left, as the job tells them: null while they
   * are not known.
   */
  progress(done: number, total: number): number | null;
}

/** What a job does; its end is that of the job. */
type Work = (control: JobControl) => Promise<void>;

interface Entry {
  job: Job;
  /** Of a job that waits. */
  waits: { work: Work; onLeave: () => void } | null;
  stop: AbortController;
  gate: Gate;
  ended: Promise<void>;
}

/** Least time between two events of one job, in milliseconds. */
const EVENT_INTERVAL = 200;
/** Ended jobs that are remembered. */
const KEPT = 100;

export const jobId = (kind: Job['kind'], subject: number): string => `${kind}-${subject}`;

/** The kind and the subject that a job id names. Throws `unknown-id`. */
export function parseJobId(id: string): { kind: Job['kind']; subject: number } {
  const match =
    /^(import|train|classify|evaluate|folds|measure|duplicates|filing|export|map)-([1-9][0-9]{0,14})$/.exec(
      id,
    );
  if (!match) throw new StudioError('unknown-id', { kind: 'job', id });
  return { kind: match[1] as Job['kind'], subject: Number(match[2]) };
}

/** Those that compute, and one more of each other kind: their wants never meet. */
const laneOf = (kind: Job['kind']): Job['kind'] | 'compute' => (computes(kind) ? 'compute' : kind);

/** They take turns, can be paused and go on after an interruption. */
export const computes = (kind: Job['kind']): boolean =>
  kind === 'train' || kind === 'measure' || batchJobs.some((job) => job === kind);

/**
 * What runs in the open project. One job computes at a time (training, classifying, evaluating, folds, measuring), and beside it one of each other kind may run; who comes second is refused with `job-running`, or waits in the queue for the one before to end.
 */
export class JobRegistry {
  readonly #entries = new Map<string, Entry>();
  readonly #publish: (job: Job) => void;
  #closing = false;

  constructor(publish: (job: Job) => void) {
    this.#publish = publish;
  }

  /** Throws `job-running` when a job of that kind could not begin now. */
  checkFree(kind: Job['kind']): void {
    const other = this.#runningBeside(kind);
    if (other) throw new StudioError('job-running', { title: other.title });
  }

  isFree(kind: Job['kind']): boolean {
    return !this.#runningBeside(kind);
  }

  #runningBeside(kind: Job['kind']): Job | undefined {
    return this.list().find((job) => job.state === 'running' && laneOf(job.kind) === laneOf(kind));
  }

  /** Throws `job-running` when a running job works on that run, batch or data set. */
  checkIdle(kinds: readonly Job['kind'][], subject: number): void {
    for (const { job } of this.#entries.values())
      if (job.state === 'running' && job.subject === subject && kinds.includes(job.kind))
        throw new StudioError('job-running', { title: job.title });
  }

  /** Takes the jobs on that run, batch or data set out of the queue. */
  leaveQueue(kinds: readonly Job['kind'][], subject: number): void {
    for (const { job, waits } of [...this.#entries.values()])
      if (waits !== null && job.subject === subject && kinds.includes(job.kind)) this.cancel(job.id);
  }

  /** Begins a job. `work` ends it by returning or throwing; errors end up in the job, not with the caller. Throws `job-running`. */
  start(options: NewJob, work: Work): Job {
    this.checkFree(options.kind);
    const entry = this.#enter(options, 'running');
    this.#publish({ ...entry.job });
    entry.ended = this.#run(entry, work);
    this.#forgetOld();
    return { ...entry.job };
  }

  /**
   * Puts a job behind those that wait. It begins when a job ends while it is first, or by a `start` of its id; `onLeave` is told
   * when it is cancelled before that.
   */
  queue(options: NewJob, work: Work, onLeave: () => void): Job {
    const entry = this.#enter(options, 'queued');
    entry.waits = { work, onLeave };
    this.#publish({ ...entry.job });
    return { ...entry.job };
  }

  /** Begins the one that waits longest, if none of its lane runs. */
  #beginNext(): void {
    for (const { job, waits } of this.#entries.values()) {
      if (waits === null || this.#closing) continue;
      if (this.isFree(job.kind)) this.start(job, waits.work);
      return;
    }
  }

  #enter(options: NewJob, state: 'running' | 'queued'): Entry {
    const { kind, title, subject, unit, done = 0, total = 0 } = options;
    const id = jobId(kind, subject);
    const job: Job = {
      id,
      kind,
      title,
      subject,
      unit,
      state,
      paused: false,
      done,
      total,
      rate: null,
      secondsLeft: null,
      error: null,
      startedAt: new Date().toISOString(),
    };
    const stop = new AbortController();
    const entry: Entry = { job, waits: null, stop, gate: new Gate(), ended: Promise.resolve() };
    // Anew at the end of the map: the order is that of the starts.
    this.#entries.delete(id);
    this.#entries.set(id, entry);
    return entry;
  }

  async #run({ job, stop, gate }: Entry, work: Work): Promise<void> {
    const from = job.done;
    let pace: Pace | undefined;
    let told = performance.now();
    gate.onChange((paused) => {
      if (!paused) pace?.goOn();
    });
    const progress = (done: number, total: number): number | null => {
      // From the first results on: what was loaded and compiled before them is not done again.
      if (done > from) (pace ??= new Pace(done)).update(done);
      Object.assign(job, {
        done,
        total,
        rate: pace?.rate ?? null,
        secondsLeft: pace?.secondsLeft(total) ?? null,
      });
      if (performance.now() - told >= EVENT_INTERVAL) {
        told = performance.now();
        this.#publish({ ...job });
      }
      return job.secondsLeft;
    };
    try {
      // Not in the caller's own turn: it first gets the job, then hears of it.
      await Promise.resolve();
      await work({ signal: stop.signal, gate, progress });
      Object.assign(job, { state: 'done', paused: false, secondsLeft: null });
    } catch (cause) {
      const { state, error } = endState(cause, stop.signal);
      if (error?.code === 'internal') console.error(cause);
      Object.assign(job, {
        state,
        paused: false,
        secondsLeft: null,
        error: error && { code: error.code, params: error.params },
      });
    }
    this.#publish({ ...job });
    // What stopped this one would stop the next as well: the engine's computing process, a full disk.
    if (laneOf(job.kind) === 'compute' && job.state !== 'interrupted' && job.error?.code !== 'disk-full')
      this.#beginNext();
  }

  #forgetOld(): void {
    for (const [id, { job }] of this.#entries) {
      if (this.#entries.size <= KEPT) return;
      if (job.state !== 'running' && job.state !== 'queued') this.#entries.delete(id);
    }
  }

  list(): Job[] {
    return [...this.#entries.values()].map(({ job }) => ({ ...job }));
  }

  get(id: string): Job | null {
    const entry = this.#entries.get(id);
    return entry ? { ...entry.job } : null;
  }

  /** Asks a running job to stop, takes one that waits out of the queue; nothing happens to one that has ended. Throws `unknown-id`. */
  cancel(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) throw new StudioError('unknown-id', { kind: 'job', id });
    entry.stop.abort();
    if (entry.waits === null) return;
    entry.waits.onLeave();
    entry.waits = null;
    entry.job.state = 'cancelled';
    this.#publish({ ...entry.job });
  }

  /**
   * Makes a running training or batch stand still, or go on. Throws `unknown-id`, and `bad-request` for what cannot be paused, does not run,
   * or is that way already.
   */
  setPaused(id: string, paused: boolean): void {
    const entry = this.#entries.get(id);
    if (!entry) throw new StudioError('unknown-id', { kind: 'job', id });
    const { job, gate } = entry;
    if (laneOf(job.kind) !== 'compute' || job.state !== 'running') throw new StudioError('bad-request');
    gate.set(paused);
    job.paused = paused;
    this.#publish({ ...job });
  }

  /** For tests and the command line: waits until a job has ended. */
  async ended(id: string): Promise<Job> {
    await this.#entries.get(id)?.ended;
    return this.get(id)!;
  }

  /** Stops everything and forgets it, because the project closes; what ran is interrupted, not cancelled, and what waits still waits. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const { stop } of this.#entries.values()) stop.abort(CLOSING);
    await Promise.all([...this.#entries.values()].map(({ ended }) => ended));
    this.#entries.clear();
    this.#closing = false;
  }
}
