import { describe, expect, it } from 'vitest';
import { digitQuery, type DigitRow } from '../../../shared/contract/index.ts';
import {
  filterAt,
  firstFilter,
  indexAfter,
  rowAfter,
  whereabouts,
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
  decision: null,
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
  { kind: 'suspected' },
];

it('asks only what the contract knows', () => {
  for (const filter of filters) expect(digitQuery.parse(queryOf(3, filter))).toEqual(queryOf(3, filter));
});

it.each([
  [row(7, 2), ['all', 'cell', 'label', 'predicted', 'misclassified']],
  [row(2, 2, true), ['all', 'predicted', 'correct', 'relabelled']],
  [row(null, 2), ['all', 'predicted', 'unlabelled']],
  [row(7, 1), ['all', 'label', 'misclassified']],
  [{ ...row(7, 1), suspicion: 0.9 }, ['all', 'label', 'misclassified', 'suspected']],
  [
    { ...row(7, 1), suspicion: 0.9, decision: 'doubted' as const },
    ['all', 'label', 'misclassified', 'suspected'],
  ],
  [{ ...row(7, 1), suspicion: 0.9, decision: 'relabelled' as const }, ['all', 'label', 'misclassified']],
  [{ ...row(1, 1), suspicion: 0.9 }, ['all', 'correct']],
  [{ ...row(null, 1), suspicion: 0.9 }, ['all', 'unlabelled']],
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
    [{ labelled: 0, unlabelled: 9, misclassified: 0, suspected: 0 }, 'queue'],
    [{ labelled: 9, unlabelled: 9, misclassified: 2, suspected: 0 }, 'misclassified'],
    [{ labelled: 9, unlabelled: 0, misclassified: 2, suspected: 1 }, 'suspected'],
    [{ labelled: 9, unlabelled: 0, misclassified: 0, suspected: 0 }, 'all'],
    [{ labelled: 0, unlabelled: 0, misclassified: 0, suspected: 0 }, 'all'],
  ])('%o -> %s', (counts, kind) => expect(firstFilter(counts).kind).toBe(kind));
});

describe('indexAfter', () => {
  it('goes on, or stays put where the next digit moves up', () => {
    expect(indexAfter(4, 10, 'stays')).toBe(5);
    expect(indexAfter(4, 10, 'leaves')).toBe(4);
    expect(indexAfter(4, 10, 'ends')).toBe(4);
  });
  it('ends at the last digit, or begins again with what was doubted', () => {
    expect(indexAfter(9, 10, 'stays')).toBe(9);
    expect(indexAfter(9, 10, 'leaves')).toBe(8);
    expect(indexAfter(9, 10, 'ends')).toBe(0);
  });
  it('says when nothing is left', () => expect(indexAfter(0, 1, 'leaves')).toBeNull());
});

const undecided = { ref: 'i1', label: 3, predicted: 5, confidence: 0.5, relabelled: false, decision: null };
it.each([
  [{ kind: 'accept' }, 'leaves', 'leaves', 'stays'],
  [{ kind: 'label', label: 4 }, 'leaves', 'stays', 'stays'],
  [{ kind: 'doubt' }, 'ends', 'stays', 'stays'],
  [{ kind: 'reject' }, 'leaves', 'leaves', 'leaves'],
  [{ kind: 'clear' }, 'stays', 'leaves', 'stays'],
] as const)('after %o a digit of the queue, of the mistakes, of all: %s, %s, %s', (act, ...expected) => {
  const goes = (['queue', 'misclassified', 'all'] as const).map((kind) =>
    whereabouts({ kind }, rowAfter(undecided, act), act),
  );
  expect(goes).toEqual(expected);
});
