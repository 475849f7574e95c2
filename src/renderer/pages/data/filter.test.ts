import { describe, expect, it } from 'vitest';
import { digitQuery, type Batch } from '../../../shared/contract/index.ts';
import {
  dataQuery,
  isSet,
  knownFilter,
  noFilter,
  percentOf,
  readBy,
  withoutFilters,
  type GridFilter,
} from './filter.ts';

const readings = [{ id: 4 }] as Batch[];
const all: GridFilter = {
  ...{
    text: 'desk',
    tags: [5],
    status: 'relabelled',
    batchId: 4,
    predicted: 0,
    only: 'misclassified',
    from: 0,
    to: 60,
  },
  ...{ order: 'confidence', descending: true },
};
const query = (filter: GridFilter, known = readings) =>
  dataQuery(2, { split: 'test', labels: [0], filter: knownFilter(filter, known) });

describe('what the grid asks for', () => {
  it('is as short as what was chosen', () => {
    expect(dataQuery(2, { split: 'all', labels: [], filter: noFilter })).toEqual({
      kind: 'data',
      dataSetId: 2,
    });
  });

  it('says all that was chosen, zero included, in the contract', () => {
    const full = {
      ...{
        kind: 'data',
        dataSetId: 2,
        split: 'test',
        label: 0,
        tags: [5],
        status: 'relabelled',
        text: 'desk',
      },
      reading: { batchId: 4, predicted: 0, only: 'misclassified', from: 0, to: 0.6 },
      ...{ order: 'confidence', descending: true },
    };
    expect(query(all)).toEqual(full);
    expect(digitQuery.parse(query(all))).toEqual(full);
  });

  it('asks nothing of a model that is gone, nor sorts by it', () => {
    expect(query(all, [])).toEqual({
      ...{
        kind: 'data',
        dataSetId: 2,
        split: 'test',
        label: 0,
        tags: [5],
        status: 'relabelled',
        text: 'desk',
        descending: true,
      },
    });
    expect(digitQuery.safeParse({ ...query(all), reading: undefined }).success).toBe(false);
  });
});

it('asks for any of several labels', () => {
  const { label, labels } = dataQuery(2, { split: 'all', labels: [7, 1], filter: noFilter });
  expect([label, labels]).toEqual([undefined, [1, 7]]);
});

it('clears the filters and keeps the model and the order', () => {
  const cleared = withoutFilters(all);
  expect(cleared).toEqual({ ...noFilter, batchId: 4, order: 'confidence', descending: true });
  expect(readBy(all, null)).toEqual({
    ...noFilter,
    text: 'desk',
    tags: [5],
    status: 'relabelled',
    descending: true,
  });
});

it('tells a filter that is set, a bound of zero too', () => {
  expect(isSet({ ...noFilter, from: 0 }, 'confidence')).toBe(true);
  expect(isSet({ ...noFilter, predicted: 0 }, 'predicted')).toBe(true);
  expect(isSet(noFilter, 'text')).toBe(false);
});

it('takes whole percent as typed', () => {
  expect(['', ' ', 'x', '0', '59.6', '140', '-3'].map(percentOf)).toEqual([null, null, null, 0, 60, 100, 0]);
});
