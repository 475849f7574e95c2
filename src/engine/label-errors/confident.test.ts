import { describe, expect, it } from 'vitest';
import { CLASSES } from '../../shared/domain.ts';
import { learnConfidently, type Suspect } from './confident.ts';
import { foldsOf } from './out-of-sample.ts';

/** Rows of ten from the values of the first classes. */
const rows = (...values: number[][]): Float32Array =>
  Float32Array.from(values.flatMap((row) => [...row, ...new Array<number>(CLASSES - row.length).fill(0)]));

const positions = (suspects: readonly Suspect[]): number[] => suspects.map(({ position }) => position);

describe('confident learning', () => {
  // By hand. Means of the given label's probability: class 0 (0.9 + 0.6 + 0.1 + 0.4) / 4 = 0.5, class 1 (0.8 + 0.7 + 0.3) / 3 = 0.6,
  // class 2 (0.9 + 0.1) / 2 = 0.5.
  const labels = Uint8Array.of(0, 0, 0, 0, 1, 1, 1, 2, 2);
  const probabilities = rows(
    [0.9, 0.1, 0], // 0: sure
    [0.6, 0.4, 0], // 0: reaches its 0.5
    [0.1, 0.8, 0.1], // 0, counted under 1
    [0.4, 0.55, 0.05], // 0, read as 1, but 0.55 does not reach 0.6: counted nowhere
    [0.1, 0.8, 0.1], // 1
    [0.2, 0.7, 0.1], // 1
    [0.65, 0.3, 0.05], // 1, counted under 0
    [0.05, 0.05, 0.9], // 2
    [0.1, 0.8, 0.1], // 2, counted under 1
  );

  it('counts by thresholds of the classes, and ranks what is off the diagonal', () => {
    const { thresholds, joint, suspects } = learnConfidently(probabilities, labels);
    [0.5, 0.6, 0.5].forEach((mean, label) => expect(thresholds[label]).toBeCloseTo(mean, 6));
    expect(thresholds[3]).toBe(Infinity);
    expect(joint.slice(0, 3).map((row) => row.slice(0, 3))).toEqual([
      [2, 1, 0],
      [1, 2, 0],
      [0, 1, 1],
    ]);
    expect(joint.flat().reduce((sum, count) => sum + count, 0)).toBe(8);
    // One of 0 read as 1 is expected: 4 x 1 / 3, rounded. Of equals the first comes first.
    expect(positions(suspects)).toEqual([2, 8, 6]);
    [0.9, 0.9, 0.7].forEach((value, at) => expect(suspects[at]!.suspicion).toBeCloseTo(value, 6));
  });

  it('suspects as many as the joint says for all digits of a label, those with the largest margin', () => {
    // Thresholds: class 0 (0.9 + 0.1 + 0.3 + 0.4) / 4 = 0.425, class 1 0.8. The two in the middle are counted nowhere, so that half of the
    // counted 0s are 1s: 2 of the 4.
    const some = rows([0.9, 0.1], [0.4, 0.6], [0.3, 0.7], [0.1, 0.9], [0.2, 0.8]);
    const { joint, suspects } = learnConfidently(some, Uint8Array.of(0, 0, 0, 0, 1));
    expect([joint[0]!.slice(0, 2), joint[1]!.slice(0, 2)]).toEqual([
      [1, 1],
      [0, 1],
    ]);
    expect(positions(suspects)).toEqual([3, 2]);
    expect(suspects.map(({ confident }) => confident)).toEqual([true, false]);
  });

  it('suspects no digit that is read as its label, whatever else is confident', () => {
    // Class 1 is sure of itself at 0.2 only: the second digit reaches that, and not the 0.75 of its own class.
    const { joint, suspects } = learnConfidently(
      rows([0.9, 0.1], [0.6, 0.4], [0.8, 0.2]),
      Uint8Array.of(0, 0, 1),
    );
    expect(joint[0]![1]).toBe(1);
    expect(joint[1]![0]).toBe(1);
    expect(positions(suspects)).toEqual([2]);
  });
});

describe('folds', () => {
  it('hold every digit out once, each class and the whole in even shares', () => {
    const labels = Uint8Array.from({ length: 1_003 }, (_, at) => (at % 100 === 0 ? 9 : at % 7));
    const fold = foldsOf(labels, 5, 1);
    const sizes = (wanted: (label: number) => boolean): number[] =>
      [0, 1, 2, 3, 4].map((one) => fold.filter((value, at) => value === one && wanted(labels[at]!)).length);
    for (const label of [0, 3, 6, 9]) {
      const counts = sizes((one) => one === label);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }
    expect(sizes(() => true).sort()).toEqual([200, 200, 201, 201, 201]);
    expect(foldsOf(labels, 5, 1)).toEqual(fold);
    expect(foldsOf(labels, 5, 2)).not.toEqual(fold);
  });
});
