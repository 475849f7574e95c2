import { expect, it } from 'vitest';
import { scoreProbabilities, softmax } from './scores.ts';

it('softmax gives probabilities, whatever the size of the logits', () => {
  const rows = softmax(Float32Array.of(0, Math.log(3), 1e30, -1e30, -1000, -1000), 2);
  expect([...rows].map((value) => Number(value.toFixed(6)))).toEqual([0.25, 0.75, 1, 0, 0.5, 0.5]);
});

it('scores the mean loss and the share of digits read right', () => {
  const { loss, accuracy } = scoreProbabilities(Float32Array.of(0.25, 0.75, 0.5, 0.5), Uint8Array.of(0, 0));
  expect(loss).toBeCloseTo((Math.log(4) + Math.log(2)) / 2, 6);
  expect(accuracy).toBe(0.5);
});

it('gives a finite loss to a label with probability 0, and none to a probability that is no number', () => {
  expect(scoreProbabilities(Float32Array.of(0, 1), Uint8Array.of(0)).loss).toBeCloseTo(149 * Math.LN2, 6);
  expect(scoreProbabilities(Float32Array.of(NaN, NaN), Uint8Array.of(0)).loss).toBeNaN();
});
