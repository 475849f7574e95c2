import { beforeEach, expect, it } from 'vitest';
import type { DecisionChanges, DigitRow } from '../../../../shared/contract/index.ts';
import type { BatchQuery } from '../filter.ts';
import { rowAfter } from '../filter.ts';
import { sheetChanges, type Mark } from './changes.ts';
import { Sheets, type SheetCalls } from './sheets.svelte.ts';

/** A batch in memory; digit n was read as `read(n)`. */
class Batch implements SheetCalls {
  rows: DigitRow[];
  steps: DecisionChanges[] = [];
  constructor(size: number, read: (n: number) => number) {
    this.rows = Array.from({ length: size }, (_, n) => ({
      ...{ ref: `i${n + 1}`, label: null, predicted: read(n), confidence: n / size },
      ...{ relabelled: false, decision: null },
    }));
  }
  async page({ predicted }: BatchQuery, offset: number, limit: number) {
    const found = this.rows.filter((row) => row.decision === null && row.predicted === predicted);
    const rows = found.slice(offset, offset + limit);
    const pixels = new Blob([new Uint8Array(rows.length * 784)]);
    return { total: found.length, counting: false, offset, rows, pixels };
  }
  async decide(changes: DecisionChanges) {
    this.steps.push(changes);
    for (const { refs, act } of changes)
      this.rows = this.rows.map((row) => (refs.includes(row.ref) ? rowAfter(row, act) : row));
    return { undo: null, redo: null };
  }
  async decisions() {
    const none = new Array<number>(10).fill(0);
    const open = none.map(
      (_, digit) => this.rows.filter((row) => row.decision === null && row.predicted === digit).length,
    );
    return { open, accepted: none, relabelled: none, doubted: none, rejected: none };
  }
}

let batch: Batch;
let sheets: Sheets;
const refs = (): string[] => sheets.rows.map(({ ref }) => ref);
beforeEach(async () => {
  // 120 sevens and 30 ones.
  batch = new Batch(150, (n) => (n % 5 === 0 ? 1 : 7));
  sheets = new Sheets(batch);
  await sheets.begin(1);
});

it('begins with the digit that has most left, the least sure first', () => {
  expect([sheets.digit, sheets.left, sheets.rows.length]).toEqual([7, 120, 50]);
  expect(refs().slice(0, 3)).toEqual(['i2', 'i3', 'i4']);
});

it('confirms what carries no mark and decides about the rest as it was marked, as one step', async () => {
  sheets.mark(0, { kind: 'odd' });
  sheets.mark(1, { kind: 'label', label: 2 });
  sheets.mark(2, { kind: 'reject' });
  sheets.mark(3, { kind: 'odd' });
  sheets.mark(3, { kind: 'odd' });
  // It was read as a 7: that is no mark.
  sheets.mark(4, { kind: 'label', label: 7 });
  expect(sheets.confirmed).toBe(47);
  await sheets.confirm();
  expect(batch.steps).toHaveLength(1);
  const decided = batch.rows.filter(({ predicted }) => predicted === 7).map(({ decision }) => decision);
  expect(decided.slice(0, 4)).toEqual(['doubted', 'relabelled', 'rejected', 'accepted']);
  expect(decided.filter((decision) => decision === 'accepted')).toHaveLength(47);
  expect([sheets.left, Object.keys(sheets.marks).length, refs()[0]]).toEqual([70, 0, 'i64']);
});

it('puts sheets off, and brings them again after the last', async () => {
  const first = refs();
  await sheets.postpone();
  expect(refs()).not.toContain(first[0]);
  await sheets.confirm();
  expect(sheets.rows).toHaveLength(20);
  await sheets.confirm();
  expect([refs(), sheets.postponed]).toEqual([first, 0]);
  await sheets.confirm();
  expect([sheets.rows, sheets.left]).toEqual([[], 0]);
});

it('keeps the marks of digits that are still there when something else changed', async () => {
  sheets.mark(0, { kind: 'odd' });
  sheets.mark(1, { kind: 'odd' });
  await batch.decide([{ refs: ['i2'], act: { kind: 'accept' } }]);
  await sheets.load();
  expect(Object.keys(sheets.marks)).toEqual(['i3']);
});

it('a failed decision loses no mark', async () => {
  const { decide } = batch;
  batch.decide = () => Promise.reject(new Error('disk full'));
  sheets.mark(1, { kind: 'odd' });
  await sheets.confirm();
  expect([sheets.error instanceof Error, Object.keys(sheets.marks).length, sheets.rows.length]).toEqual([
    true,
    1,
    50,
  ]);
  batch.decide = decide;
  await sheets.confirm();
  expect(sheets.error).toBeNull();
});

it('never needs more groups than one call takes', () => {
  const rows = batch.rows.slice(0, 13);
  const kinds: Mark[] = [
    { kind: 'odd' },
    { kind: 'reject' },
    ...[0, 1, 2, 3, 4, 5, 6, 8, 9].map((label) => ({ kind: 'label' as const, label })),
  ];
  const marks = Object.fromEntries(kinds.map((mark, at) => [rows[at]!.ref, mark]));
  expect(sheetChanges(rows, marks)).toHaveLength(12);
});
