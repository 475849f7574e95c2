import { describe, expect, it } from 'vitest';
import { digitQuery, type DigitRow } from '../../../shared/contract/index.ts';
import {
  filterAt,
  firstFilter,
  indexAfterLabel,
  matches,
  queryOf,
  sameFilter,
  type ReviewFilter,
} from './filter.ts';

const row = (label: number | null, predicted: number, relabelled = false): DigitRow => ({
  ref: 'i1',
  label,
  predicted,
  confidence: 0.5,
  relabelled,
});
const filters: ReviewFilter[] = [
  { kind: 'all' },
  { kind: 'cell', label: 7, predicted: 2 },
  { kind: 'label', label: 7 },
  { kind: 'predicted', predicted: 2 },
  { kind: 'correct' },
  { kind: 'misclassified' },
  { kind: 'relabelled' },
  { kind: 'unlabelled' },
];

it('asks only what the contract knows', () => {
  for (const filter of filters) expect(digitQuery.parse(queryOf(3, filter))).toEqual(queryOf(3, filter));
});

it.each([
  [row(7, 2), ['all', 'cell', 'label', 'predicted', 'misclassified']],
  [row(2, 2, true), ['all', 'predicted', 'correct', 'relabelled']],
  [row(null, 2), ['all', 'predicted', 'unlabelled']],
  [row(7, 1), ['all', 'label', 'misclassified']],
])('knows where %o belongs', (digit, kinds) => {
  expect(filters.filter((filter) => matches(filter, digit)).map(({ kind }) => kind)).toEqual(kinds);
});

it('reads the table: headers, corner, cells', () => {
  expect(filterAt({ row: 0, column: 0 })).toEqual({ kind: 'all' });
  expect(filterAt({ row: 0, column: 10 })).toEqual({ kind: 'predicted', predicted: 9 });
  expect(filterAt({ row: 1, column: 0 })).toEqual({ kind: 'label', label: 0 });
  expect(filterAt({ row: 8, column: 3 })).toEqual({ kind: 'cell', label: 7, predicted: 2 });
});

it('tells filters apart', () => {
  for (const a of filters) for (const b of filters) expect(sameFilter(a, { ...b })).toBe(a === b);
  expect(sameFilter({ kind: 'label', label: 7 }, { kind: 'label', label: 1 })).toBe(false);
  expect(sameFilter({ kind: 'cell', label: 7, predicted: 1 }, { kind: 'cell', label: 7, predicted: 2 })).toBe(
    false,
  );
});

describe('firstFilter', () => {
  it.each([
    [{ labelled: 0, unlabelled: 9, misclassified: 0 }, 'unlabelled'],
    [{ labelled: 9, unlabelled: 9, misclassified: 2 }, 'misclassified'],
    [{ labelled: 9, unlabelled: 0, misclassified: 0 }, 'all'],
    [{ labelled: 0, unlabelled: 0, misclassified: 0 }, 'all'],
  ])('%o -> %s', (counts, kind) => expect(firstFilter(counts).kind).toBe(kind));
});

describe('indexAfterLabel', () => {
  it('goes on, or stays put where the next digit moves up', () => {
    expect(indexAfterLabel(4, 10, true)).toBe(5);
    expect(indexAfterLabel(4, 10, false)).toBe(4);
  });
  it('ends at the last digit', () => {
    expect(indexAfterLabel(9, 10, true)).toBe(9);
    expect(indexAfterLabel(9, 10, false)).toBe(8);
  });
  it('says when nothing is left', () => expect(indexAfterLabel(0, 1, false)).toBeNull());
});
