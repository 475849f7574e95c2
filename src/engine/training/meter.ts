import { StudioError } from '../../shared/errors.ts';
import type { CurvePoint } from '../../shared/domain.ts';
import type { EpochSums, TrainListener } from '../compute/types.ts';

/** Steps that one point of the curve is the mean of, at most. */
const POINT_STEPS = 16;
/** A point comes at least that often, in milliseconds: steps of large batches are slow. */
const POINT_INTERVAL = 500;
/** Steps that warm caches and allocators; the speed of a run is counted after them. */
const WARM_UP_STEPS = 50;
/** At least this long between two messages to the listener, in milliseconds. */
const REPORT_INTERVAL = 100;

export interface StepFigures {
  /** Mean over the batch. */
  loss: number;
  correct: number;
  images: number;
}

/** Follows a run: makes points and sums of the steps' figures, and measures speed. */
export class TrainMeter {
  /** Finished steps over all epochs. */
  step: number;
  readonly #stepsPerEpoch: number;
  #learningRate = 0;
  readonly #listener: TrainListener;
  #epoch = 0;
  #pending: StepFigures[] = [];
  #points: CurvePoint[] = [];
  #epochSums: EpochSums = { loss: 0, correct: 0, images: 0, seconds: 0 };
  #stepsHere = 0;
  #steady = { images: 0, seconds: 0 };
  #recent = { images: 0, seconds: 0 };
  #reportedAt = 0;
  #flushedAt = performance.now();

  constructor(options: { step: number; stepsPerEpoch: number; listener: TrainListener }) {
    this.step = options.step;
    this.#stepsPerEpoch = options.stepsPerEpoch;
    this.#listener = options.listener;
  }

  /** `sums`: of its steps that are done already. */
  beginEpoch(epoch: number, sums: EpochSums = { loss: 0, correct: 0, images: 0, seconds: 0 }): void {
    this.#epoch = epoch;
    this.#flushedAt = performance.now();
    this.#epochSums = { ...sums };
  }

  /** Of the epoch's steps so far; joins them to a point of the curve, so that a run that goes on from here draws the same one. */
  sums(): EpochSums {
    this.#flush();
    this.#report();
    return { ...this.#epochSums };
  }

  /** The time since the last step was not spent at work. */
  goOn(): void {
    this.#flushedAt = performance.now();
  }

  /** Counts a step at that learning rate that took so long. Throws `training-diverged` when its loss is no number. */
  add(step: StepFigures, learningRate: number, seconds: number): void {
    this.step++;
    this.#learningRate = learningRate;
    if (!Number.isFinite(step.loss))
      throw new StudioError('training-diverged', { epoch: this.#epoch, step: this.step });
    this.#stepsHere++;
    this.#pending.push(step);
    for (const sums of [this.#epochSums, this.#recent]) sums.seconds += seconds;
    this.#recent.images += step.images;
    if (this.#stepsHere > WARM_UP_STEPS) {
      this.#steady.images += step.images;
      this.#steady.seconds += seconds;
    }
    const isDue = performance.now() - this.#flushedAt >= POINT_INTERVAL;
    if (this.#pending.length === POINT_STEPS || isDue) this.#flush();
  }

  /** Mean loss and accuracy of the epoch's batches, each before its own step; seconds of training steps. */
  endEpoch(): { trainLoss: number; trainAccuracy: number; seconds: number } {
    this.#flush();
    this.#report();
    const { loss, correct, images, seconds } = this.#epochSums;
    return { trainLoss: loss / images, trainAccuracy: correct / images, seconds };
  }

  /** Steady state, or null for a run that is too short to have one. */
  get imagesPerSecond(): number | null {
    const { images, seconds } = this.#steady;
    return seconds > 0 ? images / seconds : null;
  }

  #flush(): void {
    if (this.#pending.length === 0) return;
    const sums = { loss: 0, correct: 0, images: 0 };
    for (const { loss, correct, images } of this.#pending) {
      sums.loss += loss * images;
      sums.correct += correct;
      sums.images += images;
    }
    this.#pending = [];
    this.#flushedAt = performance.now();
    this.#epochSums.loss += sums.loss;
    this.#epochSums.correct += sums.correct;
    this.#epochSums.images += sums.images;
    this.#points.push({
      step: this.step,
      loss: sums.loss / sums.images,
      accuracy: sums.correct / sums.images,
    });
    if (performance.now() - this.#reportedAt >= REPORT_INTERVAL) this.#report();
  }

  #report(): void {
    if (this.#points.length === 0) return;
    this.#listener.points(this.#points);
    this.#listener.progress({
      step: this.step,
      stepsPerEpoch: this.#stepsPerEpoch,
      imagesPerSecond: this.#recent.images / this.#recent.seconds,
      learningRate: this.#learningRate,
    });
    this.#points = [];
    this.#recent = { images: 0, seconds: 0 };
    this.#reportedAt = performance.now();
  }
}
