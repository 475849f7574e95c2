import { describe, expect, it } from 'vitest';
import type { MeasuredConfidence } from '../contract/confidence.ts';
import { upperBound } from './bound.ts';
import { rejectionFor, rejectionOf } from './rejection.ts';

const unmeasured = { error: 0, bins: [] };
const confidence: MeasuredConfidence = {
  data: 'MNIST',
  split: 'validation',
  digits: 1_000,
  temperature: 1,
  before: unmeasured,
  after: unmeasured,
  curve: [
    { threshold: 0, accepted: 1_000, errors: 20 },
    { threshold: 0.5, accepted: 950, errors: 5 },
    { threshold: 0.8, accepted: 800, errors: 1 },
  ],
};
const card = { name: 'm', confidence };

describe('a threshold by the measured curve', () => {
  it.each([
    [{ maxError: 0.02 }, 0],
    [{ maxError: 0.0199 }, 0.5],
    [{ maxError: 5 / 950 }, 0.5],
    [{ maxError: 0.00125 }, 0.8],
    [{ maxRejected: 0 }, 0],
    [{ maxRejected: 0.05 }, 0.5],
    [{ maxRejected: 0.199 }, 0.5],
    [{ maxRejected: 1 }, 0.8],
    [{ threshold: 0.61 }, 0.61],
  ])('%j: %f', (wish, threshold) => expect(rejectionFor(card, wish).threshold).toBe(threshold));

  it('promises what was counted', () => {
    const { promise } = rejectionFor(card, { maxError: 0.01 });
    const counted = {
      error: 5 / 950,
      rejected: 0.05,
      bound: upperBound(5, 950),
      accepted: 950,
      errors: 5,
      digits: 1_000,
      data: 'MNIST',
      split: 'validation',
    };
    expect(promise).toEqual({ ...counted, exact: true });
    expect(rejectionFor(card, { threshold: 0.61 }).promise).toEqual({ ...counted, exact: false });
  });

  it('says how good the best is when a limit cannot be met', () =>
    expect(() => rejectionFor(card, { maxError: 0.001 })).toThrow(
      expect.objectContaining({
        code: 'error-limit-not-met',
        params: { model: 'm', limit: 0.1, best: 0.125, rejected: 20, digits: 1_000 },
      }),
    ));

  it('promises nothing for a model that was not measured, and takes no limit', () => {
    expect(rejectionFor({ name: 'old' }, { threshold: 0.9 })).toEqual({
      threshold: 0.9,
      wish: { threshold: 0.9 },
      promise: null,
    });
    for (const wish of [{ maxError: 0.1 }, { maxRejected: 0.1 }])
      expect(() => rejectionFor({ name: 'old' }, wish)).toThrow(
        expect.objectContaining({ code: 'confidence-not-measured', params: { model: 'old' } }),
      );
  });
});

describe('without a wish', () => {
  it('nothing is rejected', () => {
    expect(rejectionOf(card, null)).toBeNull();
    expect(rejectionOf(card, undefined)).toBeNull();
    expect(rejectionOf(card, { maxRejected: 0.05 })).toEqual(rejectionFor(card, { maxRejected: 0.05 }));
  });

  it('a reject class refuses where no digit has the majority, unless nothing is to be rejected at all', () => {
    const rejecting = { ...card, rejectClass: true };
    expect(rejectionOf(rejecting, null)).toEqual(rejectionFor(card, { threshold: 0.5 }));
    expect(rejectionOf(rejecting, { threshold: 0 })!.threshold).toBe(0);
  });
});
