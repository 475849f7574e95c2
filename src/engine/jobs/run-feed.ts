import { EventPublisher } from '@orpc/server';
import type { Run, TrainEvent } from '../../shared/contract/index.ts';
import type { CurvePoint, EpochMetrics } from '../../shared/domain.ts';
import { runEpochs, runPoints } from '../project/runs.ts';
import type { Db } from '../project/sqlite.ts';
import { Curve } from './curve.ts';

/** What watchers of a running training see; new ones first get all that was so far. */
export class RunFeed {
  readonly #events = new EventPublisher<Record<'event', TrainEvent>>({ maxBufferedEvents: 1_000 });
  readonly #curve: Curve;
  readonly #epochs: EpochMetrics[];
  #progress: Extract<TrainEvent, { type: 'progress' }> | null = null;

  constructor(points: readonly CurvePoint[] = [], epochs: readonly EpochMetrics[] = []) {
    this.#curve = new Curve(points);
    this.#epochs = [...epochs];
  }

  get points(): readonly CurvePoint[] {
    return this.#curve.points;
  }

  /** Takes points in; watchers are told what that changes in the curve that they draw. */
  add(points: readonly CurvePoint[]): void {
    this.#events.publish('event', { type: 'points', ...this.#curve.add(points) });
  }

  send(event: Exclude<TrainEvent, { type: 'history' | 'points' }>): void {
    if (event.type === 'epoch') this.#epochs.push(event.metrics);
    if (event.type === 'progress') this.#progress = event;
    this.#events.publish('event', event);
  }

  async *watch(signal?: AbortSignal): AsyncGenerator<TrainEvent, void, undefined> {
    // Listening begins in the same turn as the history is taken: nothing is missed, nothing comes twice.
    const events = this.#events.subscribe('event', { signal });
    yield { type: 'history', points: [...this.#curve.points], epochs: [...this.#epochs] };
    // A run that stands still says nothing more for a while.
    if (this.#progress) yield this.#progress;
    for await (const event of events) {
      yield event;
      if (event.type === 'end') return;
    }
  }
}

/** The same for a run that is not running: its history and its end. */
export function* storedFeed(
  db: Db,
  runId: number,
  state: Run['state'],
): Generator<TrainEvent, void, undefined> {
  yield { type: 'history', points: runPoints(db, runId), epochs: runEpochs(db, runId) };
  yield { type: 'end', state };
}
