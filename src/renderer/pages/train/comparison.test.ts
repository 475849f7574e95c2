import { expect, it } from 'vitest';
import type { Run } from '../../../shared/contract/index.ts';
import { recipeOf } from '../../../shared/domain.ts';
import {
  comparedLines,
  comparedRuns,
  differingSettings,
  lowest,
  inOrder,
  rejectLines,
} from './comparison.ts';

const run = (id: number, changes: Partial<Run> = {}): Run => ({
  ...{ id, name: `run ${id}`, state: 'done', dataSetId: 1, dataSetName: 'd', parameters: recipeOf('lenet5') },
  ...{ epochs: [], bestEpoch: null, testAccuracy: null, imagesPerSecond: null, modelId: null, error: null },
  ...{ startedAt: '', finishedAt: null, notes: '', step: 0, stepsPerEpoch: 10, seconds: null },
  ...{ dataVersion: 1, retrainOf: null },
  ...changes,
});
const epoch = (number: number, validation: number | null) => ({
  ...{ epoch: number, trainLoss: 0.4, trainAccuracy: 0.9, seconds: 1 },
  ...{ validationLoss: validation === null ? null : 0.3, validationAccuracy: validation },
});

it('names the settings that differ, in the order of the recipe', () => {
  const others = [
    run(1),
    run(2, { parameters: recipeOf('lenet5', { seed: 9, epochs: 3 }) }),
    run(3, { parameters: recipeOf('lenet5', { convolutions: { c3: 'dilated' } }) }),
  ];
  expect(differingSettings(others)).toEqual(['convolutions', 'epochs', 'seed']);
  expect(differingSettings([run(1), run(2)])).toEqual([]);
});

it('marks the lowest figure, where there is something to compare', () => {
  expect(lowest([0.3, 0.1, null, 0.1])).toEqual([1, 3]);
  expect(lowest([0.3, null])).toEqual([]);
  expect(lowest([0.3, 0.3])).toEqual([]);
});

it('draws every run in its colour, named once, as far as the longest goes', () => {
  const runs = [
    run(1, { epochs: [epoch(1, 0.9), epoch(2, 0.95)], parameters: recipeOf('lenet5', { epochs: 8 }) }),
    run(2, { epochs: [epoch(1, null)] }),
  ];
  const points = [10, 20].map((step) => ({ step, loss: 1, accuracy: 0.5 }));
  const found = runs.map(({ id }) => ({ runId: id, points, modelId: null, batchId: null, classes: null }));
  const names = { train: (name: string) => `${name} t`, validation: (name: string) => `${name} v` };
  const { error, epochs } = comparedLines(comparedRuns(runs, { runs: found, differences: [] }), names);
  expect(epochs).toBe(8);
  expect(error.map(({ name, endLabel, colour }) => [name, endLabel, colour])).toEqual([
    ['run 1 t', undefined, '--series-1'],
    ['run 1 v', 'A', '--series-1'],
    ['run 2 t', 'B', '--series-2'],
  ]);
  expect(error[0]!.points.map(({ x, y }) => [x, y])).toEqual([
    [1, 50],
    [2, 50],
  ]);
  expect(error[1]!.points.at(-1)!.y).toBeCloseTo(5, 9);
});

it('draws no training loss of another measure beside cross-entropy', () => {
  const runs = [
    run(1, { epochs: [epoch(1, 0.9)] }),
    run(2, { epochs: [epoch(1, 0.9)], parameters: recipeOf('lenet5-published') }),
  ];
  const points = [{ step: 10, loss: 40, accuracy: 0.5 }];
  const found = runs.map(({ id }) => ({ runId: id, points, modelId: null, batchId: null, classes: null }));
  const names = { train: (name: string) => `${name} t`, validation: (name: string) => `${name} v` };
  const { loss, error } = comparedLines(comparedRuns(runs, { runs: found, differences: [] }), names);
  const drawn = (lines: typeof loss) =>
    lines.filter((line) => line.points.length > 0).map(({ name }) => name);
  expect(drawn(loss)).toEqual(['run 1 t', 'run 1 v', 'run 2 v']);
  expect(drawn(error)).toEqual(['run 1 t', 'run 1 v', 'run 2 t', 'run 2 v']);
});

it('a run that repeats another comes after it, whatever the list is sorted by', () => {
  const [before, after, other] = [run(1), run(2, { retrainOf: 1 }), run(3)];
  expect(inOrder([after, before])).toEqual([before, after]);
  expect(inOrder([before, after])).toEqual([before, after]);
  expect(inOrder([other, before])).toEqual([other, before]);
});

it('reject curves begin where nothing is rejected', () => {
  const [line] = rejectLines(comparedRuns([run(1)], null), [
    [
      { threshold: 0, accepted: 200, errors: 10 },
      { threshold: 0.7, accepted: 150, errors: 3 },
    ],
  ]);
  expect(line!.points).toEqual([
    { x: 0, y: 0.05 },
    { x: 0.25, y: 0.02 },
  ]);
});
