import { describe, expect, it } from 'vitest';
import { defaultParameters, type EpochMetrics } from '../../../shared/domain.ts';
import { afterEvent, expectedSteps, figuresOf, nothingYet, stepsPerEpoch, type LiveRun } from './live.ts';

const epoch = (number: number, accuracy: number | null): EpochMetrics => ({
  epoch: number,
  trainLoss: 0.1,
  trainAccuracy: 0.97,
  validationLoss: accuracy === null ? null : 1 - accuracy,
  validationAccuracy: accuracy,
  seconds: 5,
});
const points = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ step: (i + 1) * 10, loss: i, accuracy: i / count }));
const progress = {
  step: 150,
  stepsPerEpoch: 100,
  epochs: 5,
  imagesPerSecond: 9000,
  secondsLeft: 3,
  learningRate: 0.05,
};

describe('afterEvent', () => {
  it('draws on, and starts again from a history', () => {
    let live = afterEvent(nothingYet, { type: 'history', points: points(3), epochs: [epoch(1, 0.9)] });
    live = afterEvent(live, { type: 'points', after: 30, points: [{ step: 40, loss: 9, accuracy: 1 }] });
    expect(live.points.map(({ step }) => step)).toEqual([10, 20, 30, 40]);
    // The engine gathers more steps in a point that it told of before.
    live = afterEvent(live, { type: 'points', after: 20, points: [{ step: 50, loss: 9, accuracy: 1 }] });
    expect(live.points.map(({ step }) => step)).toEqual([10, 20, 50]);
    live = afterEvent(live, { type: 'history', points: points(2), epochs: [] });
    expect(live).toEqual({ ...nothingYet, points: points(2) });
  });
  it('an epoch trained again after a resume takes the place of the old one and of those after it', () => {
    const before: LiveRun = { ...nothingYet, epochs: [epoch(1, 0.9), epoch(2, 0.91), epoch(3, 0.92)] };
    const live = afterEvent(before, { type: 'epoch', metrics: epoch(2, 0.95) });
    expect(live.epochs.map((e) => [e.epoch, e.validationAccuracy])).toEqual([
      [1, 0.9],
      [2, 0.95],
    ]);
  });
  it('leaves the state that it was given alone', () => {
    const before = afterEvent(nothingYet, { type: 'points', after: 0, points: points(2) });
    afterEvent(before, { type: 'points', after: 20, points: points(2) });
    expect(before.points).toHaveLength(2);
  });
});

describe('figuresOf', () => {
  it('gives the part of the epoch at work and the change', () => {
    const figures = figuresOf({
      ...nothingYet,
      epochs: [epoch(1, 0.97), epoch(2, 0.98)],
      progress: { ...progress, step: 250 },
    });
    expect(figures.epoch).toBe(2.5);
    expect(figures.accuracyChange).toBeCloseTo(0.01, 12);
    expect(figures.lossChange).toBeCloseTo(-0.01, 12);
  });
  it('counts whole epochs once it has ended', () => {
    expect(figuresOf({ ...nothingYet, epochs: [epoch(1, 0.97)], progress, end: 'cancelled' }).epoch).toBe(1);
  });
  it('has no validation figures without a validation share', () => {
    expect(figuresOf({ ...nothingYet, epochs: [epoch(1, null), epoch(2, null)] })).toMatchObject({
      validationAccuracy: null,
      accuracyChange: null,
      validationLoss: null,
    });
  });
});

describe('stepsPerEpoch', () => {
  const drawn = { ...nothingYet, points: points(20), epochs: [epoch(1, 0.9), epoch(2, 0.9)] };
  it('believes the engine first, the data set next, the curve last', () => {
    expect(stepsPerEpoch({ ...drawn, progress: { ...progress, stepsPerEpoch: 90 } }, 80)).toBe(90);
    expect(stepsPerEpoch(drawn, 80)).toBe(80);
    expect(stepsPerEpoch(drawn, null)).toBe(100);
  });
  it('expects a last, smaller step', () => {
    const parameters = { ...defaultParameters, batchSize: 64 };
    expect(expectedSteps(60_000, parameters)).toBe(844);
    expect(expectedSteps(300, { ...parameters, optimiser: 'sdlm' })).toBe(14);
    // Non-digits are trained with beside them, where there is a class for them.
    expect(expectedSteps(60_000, { ...parameters, nonDigits: 0.2 })).toBe(1_013);
    expect(expectedSteps(300, { ...parameters, nonDigits: 0.2, optimiser: 'sdlm' })).toBe(14);
  });
});
