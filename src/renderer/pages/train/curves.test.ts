import { expect, it } from 'vitest';
import type { EpochMetrics } from '../../../shared/domain.ts';
import { bestOther, runCurves, validationErrors } from './curves.ts';

const epoch = (number: number, validationAccuracy: number | null): EpochMetrics => ({
  epoch: number,
  trainLoss: 0.1,
  trainAccuracy: 0.9,
  validationLoss: validationAccuracy === null ? null : 0.2,
  validationAccuracy,
  seconds: 1,
});

it('places points by epoch and errors in per cent', () => {
  const curves = runCurves(
    [
      { step: 50, loss: 2, accuracy: 0.25 },
      { step: 250, loss: 1, accuracy: 0.5 },
    ],
    [epoch(1, 0.9)],
    100,
  );
  expect(curves.rawLoss).toEqual([
    { x: 0.5, y: 2 },
    { x: 2.5, y: 1 },
  ]);
  expect(curves.loss).toEqual(curves.rawLoss);
  expect(curves.trainError.map(({ y }) => y)).toEqual([75, 50]);
  expect(curves.validationError).toEqual([{ x: 1, y: expect.closeTo(10, 9) }]);
  expect(curves.validationLoss).toEqual([{ x: 1, y: 0.2 }]);
});

it('draws no validation where none was set aside', () =>
  expect(validationErrors([epoch(1, null)])).toEqual([]));

it('compares with the best other run on the same data', () => {
  const run = (id: number, dataSetId: number, ...accuracies: (number | null)[]) => ({
    id,
    dataSetId,
    epochs: accuracies.map((accuracy, i) => epoch(i + 1, accuracy)),
  });
  const current = run(1, 1, 0.99);
  const runs = [
    current,
    run(2, 1, 0.95, 0.9),
    run(3, 1, 0.97, 0.8),
    run(4, 2, 0.999),
    run(5, 1),
    run(6, 1, null),
  ];
  expect(bestOther(runs, current)?.id).toBe(3);
  expect(bestOther([current, run(5, 1)], current)).toBeNull();
});
