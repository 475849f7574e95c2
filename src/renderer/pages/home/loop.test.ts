import { describe, expect, it } from 'vitest';
import type { Batch, DataSet, Model } from '../../../shared/contract/index.ts';
import {
  bestAccuracy,
  dataFigures,
  folderFigures,
  loopSteps,
  reviewFigures,
  type ProjectContents,
} from './loop.ts';

const zeros = new Array<number>(10).fill(0);
const set = (train: number, test: number, unlabelled = 0): DataSet =>
  ({
    total: train + test + unlabelled,
    perClass: { train: zeros.with(4, train), test: zeros.with(4, test) },
    unlabelled,
  }) as DataSet;
const model = (validationAccuracy: number | null): Model => ({ validationAccuracy }) as Model;
const batch = (part: Partial<Batch>): Batch =>
  ({
    kind: 'folder',
    total: 10,
    done: 10,
    rejected: 0,
    failed: 0,
    labelled: 0,
    accuracy: null,
    ...part,
  }) as Batch;

const next = (contents: Partial<ProjectContents>): string | undefined =>
  loopSteps({ sets: [], models: [], batches: [], ...contents }).find((step) => step.next)?.id;
const possible = (contents: Partial<ProjectContents>): string[] =>
  loopSteps({ sets: [], models: [], batches: [], ...contents })
    .filter((step) => step.possible)
    .map(({ id }) => id);

describe('the loop of a project', () => {
  const full = { sets: [set(60, 10)], models: [model(0.98)], batches: [batch({})] };

  it('goes from digits to training, classifying and reviewing', () => {
    expect(next({})).toBe('data');
    expect(next({ sets: full.sets })).toBe('train');
    expect(next({ sets: full.sets, models: full.models })).toBe('classify');
    expect(next(full)).toBe('review');
  });
  it('wants labels before it trains', () => {
    expect(next({ sets: [set(0, 0, 500)] })).toBe('data');
    expect(possible({ sets: [set(0, 10, 500)] })).toEqual(['data']);
  });
  it('goes on with a model whose data set was removed', () => {
    expect(next({ models: full.models })).toBe('classify');
    expect(possible({ models: full.models })).toEqual(['data', 'classify']);
  });
  it('can review a test set, and still offers the folder', () => {
    const read = { ...full, batches: [batch({ kind: 'test-set' })] };
    expect(next(read)).toBe('classify');
    expect(possible(read)).toContain('review');
  });
  it('has nothing to review while no file was read', () => {
    expect(possible({ ...full, batches: [batch({ done: 0 })] })).not.toContain('review');
  });
});

describe('figures of a project', () => {
  it('count digits over all data sets', () => {
    expect(dataFigures([set(60, 10), set(5, 0, 3)])).toEqual({
      sets: 2,
      digits: 78,
      labelled: 75,
      trainable: 65,
    });
  });
  it('take the best model that was measured', () => {
    expect(bestAccuracy([model(0.97), model(null), model(0.985)])).toBe(0.985);
    expect(bestAccuracy([model(null)])).toBeNull();
  });
  it('leave test sets out of the folders', () => {
    const batches = [batch({ total: 30, failed: 2 }), batch({ kind: 'test-set', total: 10_000 })];
    expect(folderFigures(batches)).toEqual({ folders: 1, files: 30, failed: 2 });
  });
  it('count misread digits of the newest batch that has any digit', () => {
    const read = batch({ done: 10_000, labelled: 9_000, accuracy: 0.9869 });
    expect(reviewFigures([batch({ done: 0 }), read, batch({})])).toEqual({
      batch: read,
      misread: 118,
      unlabelled: 1_000,
    });
    expect(reviewFigures([])).toBeNull();
  });
});
