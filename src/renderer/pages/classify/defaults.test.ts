import { describe, expect, it } from 'vitest';
import type { Batch, Model } from '../../../shared/contract/index.ts';
import { bestModel, statusCounts } from './defaults.ts';

const model = (
  id: number,
  validationAccuracy: number | null,
  testAccuracy: number | null,
  createdAt = '2026-01-01',
): Model => ({
  id,
  name: `model ${id}`,
  createdAt,
  architecture: 'lenet-5',
  parameters: 61_706,
  validationAccuracy,
  testAccuracy,
  dataSetName: 'MNIST',
  dataSetId: null,
  runId: null,
});

describe('bestModel', () => {
  it('prefers validation over test: the test set must not choose', () => {
    expect(bestModel([model(1, 0.98, 0.99), model(2, 0.985, 0.97)])?.id).toBe(2);
  });
  it('takes the newest where nothing was measured', () => {
    expect(bestModel([model(1, null, null, '2026-01-01'), model(2, null, null, '2026-02-01')])?.id).toBe(2);
  });
  it('puts a measured model before one that is not', () => {
    expect(bestModel([model(1, null, 0.99), model(2, 0.5, null)])?.id).toBe(2);
  });
  it('has none without models', () => expect(bestModel([])).toBeNull());
});

it('offers only the statuses that occur', () => {
  const batch = { total: 12, queued: 0, done: 10, rejected: 0, failed: 2, skipped: 0 } as Batch;
  expect(statusCounts(batch)).toEqual([
    { status: null, count: 12 },
    { status: 'done', count: 10 },
    { status: 'failed', count: 2 },
  ]);
});
