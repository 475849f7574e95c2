import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { DecisionAct, DigitRow } from '../../../shared/contract/index.ts';
import { matches, rowAfter, type BatchQuery, type ReviewFilter } from './filter.ts';
import { Pace } from './pace.ts';
import { ReviewSession, type ReviewCalls } from './session.svelte.ts';

/** A batch in memory: digit n was read as n % 10; the first `wrong` ones carry another label. */
class Batch implements ReviewCalls {
  rows: DigitRow[];
  undone: DigitRow[] = [];
  /** Places that were read. */
  readonly offsets: number[] = [];
  readonly details: string[] = [];
  constructor(size: number, label: (n: number) => number | null) {
    this.rows = Array.from({ length: size }, (_, n) => ({
      ref: `i${n + 1}`,
      label: label(n),
      predicted: n % 10,
      confidence: 0.5 + n / 1000,
      relabelled: false,
      decision: null,
    }));
  }
  async confusion() {
    const counts = Array.from({ length: 10 }, () => new Array<number>(10).fill(0));
    const labelled = this.rows.filter((row) => row.label !== null);
    for (const row of labelled) counts[row.label!]![row.predicted!]!++;
    return {
      counts,
      labelled: labelled.length,
      unlabelled: this.rows.length - labelled.length,
      accuracy: null,
    };
  }
  async page(query: BatchQuery, offset: number, limit: number) {
    this.offsets.push(offset);
    const found = this.rows.filter((row) => matches(this.#filter(query), row));
    return {
      total: found.length,
      counting: false,
      offset,
      rows: found.slice(offset, offset + limit),
      pixels: new Blob(),
    };
  }
  async detail(ref: string) {
    this.details.push(ref);
    const row = this.rows.find((candidate) => candidate.ref === ref)!;
    const rest = { givenLabel: null, split: null, name: ref, source: '', bytes: null, modifiedAt: null };
    return { ...row, ...rest, probabilities: null, pixels: new Blob(), history: [], tags: [] };
  }
  async place(query: BatchQuery, ref: string) {
    const at = this.rows
      .filter((row) => matches(this.#filter(query), row))
      .findIndex((row) => row.ref === ref);
    return at < 0 ? null : at;
  }
  async decide(ref: string, act: DecisionAct) {
    const row = this.rows.find((candidate) => candidate.ref === ref)!;
    this.undone.push(row);
    this.rows = this.rows.map((old) => (old === row ? { ...rowAfter(row, act), relabelled: true } : old));
    return { undo: null, redo: null };
  }
  async decisions() {
    const counts = (decision: DigitRow['decision']): number[] =>
      Array.from(
        { length: 10 },
        (_, digit) => this.rows.filter((row) => row.decision === decision && row.predicted === digit).length,
      );
    return {
      open: counts(null),
      accepted: counts('accepted'),
      relabelled: counts('relabelled'),
      doubted: counts('doubted'),
      rejected: counts('rejected'),
      suspected: this.rows.some(({ suspicion }) => suspicion !== undefined)
        ? this.rows.filter((row) => matches({ kind: 'suspected' }, row)).length
        : null,
    };
  }
  undo(): void {
    const last = this.undone.pop()!;
    this.rows = this.rows.map((row) => (row.ref === last.ref ? last : row));
  }
  #filter({ label, predicted, only, decided }: BatchQuery): ReviewFilter {
    if (decided === 'queue') return { kind: 'queue' };
    if (only !== undefined) return { kind: only };
    if (label === null) return { kind: 'unlabelled' };
    if (label !== undefined && predicted !== undefined) return { kind: 'cell', label, predicted };
    return { kind: 'all' };
  }
}

it('shows the mistakes of a batch that was opened before it had any, until somebody chooses', async () => {
  const batch = new Batch(0, () => null);
  const session = new ReviewSession(batch);
  await session.open(1);
  expect(session.filter).toEqual({ kind: 'all' });
  batch.rows = new Batch(30, (n) => (n < 3 ? 9 : n % 10)).rows;
  await session.refresh();
  expect(session.filter).toEqual({ kind: 'misclassified' });
  expect([session.selection?.index, session.total]).toEqual([0, 3]);
  await session.show({ kind: 'all' });
  await session.refresh();
  expect(session.filter).toEqual({ kind: 'all' });
});

it('keeps a filter that was chosen while the batch was being opened', async () => {
  const session = new ReviewSession(new Batch(20, (n) => (n < 3 ? (n + 1) % 10 : n % 10)));
  void session.open(1);
  await session.show({ kind: 'cell', label: 5, predicted: 5 });
  expect([session.filter, session.total]).toEqual([{ kind: 'cell', label: 5, predicted: 5 }, 2]);
  await session.open(1);
  expect(session.filter.kind).toBe('cell');
});

it('reads only the last of the digits that a held key passes', async () => {
  const batch = new Batch(30, (n) => n % 10);
  const session = new ReviewSession(batch);
  await session.open(1);
  batch.offsets.length = 0;
  await Promise.all([session.select(1), session.select(2), session.select(3)]);
  expect(batch.offsets).toEqual([3]);
  expect(session.detail?.name).toBe('i4');
});

describe('a labelled batch', () => {
  let batch: Batch;
  let session: ReviewSession;
  beforeEach(async () => {
    batch = new Batch(30, (n) => (n < 4 ? 9 : n % 10));
    session = new ReviewSession(batch);
    await session.open(1);
  });
  it('opens with its mistakes and the first of them', () => {
    expect(session.filter).toEqual({ kind: 'misclassified' });
    expect([session.total, session.misclassified]).toEqual([4, 4]);
    expect(session.selection).toMatchObject({ index: 0, row: { ref: 'i1' } });
    expect(session.detail?.name).toBe('i1');
  });
  it('goes on to the digit that moves up when one leaves the list', async () => {
    await session.decide({ kind: 'accept' });
    expect(session.selection).toMatchObject({ index: 0, row: { ref: 'i2' } });
    expect(session.total).toBe(3);
    expect(session.misclassified).toBe(3);
  });
  it('goes one on when the digit stays', async () => {
    await session.decide({ kind: 'label', label: 8 });
    expect(session.selection).toMatchObject({ index: 1, row: { ref: 'i2' } });
  });
  it('answers keys that come faster than the engine, one digit each', async () => {
    void session.decide({ kind: 'label', label: 5 });
    void session.decide({ kind: 'label', label: 6 });
    await session.decide({ kind: 'label', label: 7 });
    expect(batch.rows.slice(0, 4).map(({ label }) => label)).toEqual([5, 6, 7, 9]);
    expect(session.selection?.index).toBe(3);
  });
  it('keeps the filter to the last digit and then says that nothing is left', async () => {
    for (let n = 0; n < 4; n++) await session.decide({ kind: 'accept' });
    expect(session.selection).toBeNull();
    expect([session.total, session.filter.kind]).toEqual([0, 'misclassified']);
  });
  it('comes back to a digit whose label was undone', async () => {
    await session.decide({ kind: 'accept' });
    await session.move(2);
    expect(session.selection?.row.ref).toBe('i4');
    batch.undo();
    await session.refresh();
    expect(session.selection?.row.ref).toBe('i1');
    expect(session.total).toBe(4);
  });
  it('stays with its digit when the list changes around it', async () => {
    await session.move(2);
    await batch.decide('i1', { kind: 'label', label: 0 });
    await session.refresh();
    expect(session.selection).toMatchObject({ index: 1, row: { ref: 'i3' } });
  });
  it('does not run past either end', async () => {
    await session.move(-1);
    expect(session.selection?.index).toBe(0);
    await session.select(99);
    expect(session.selection?.index).toBe(3);
  });
  it('stays where it was left when opened again', async () => {
    await session.show({ kind: 'cell', label: 9, predicted: 2 });
    await session.open(1);
    expect(session.filter).toEqual({ kind: 'cell', label: 9, predicted: 2 });
  });
  it('tells of a failed call and works on after it', async () => {
    const working = batch.decide;
    batch.decide = () => Promise.reject(new Error('engine stopped'));
    await session.decide({ kind: 'label', label: 3 });
    expect(session.error).toBeInstanceOf(Error);
    expect(session.selection?.index).toBe(0);
    batch.decide = working;
    await session.decide({ kind: 'label', label: 3 });
    expect(session.error).toBeNull();
  });
});

it('opens an unlabelled batch as a queue that empties', async () => {
  const session = new ReviewSession(new Batch(3, () => null));
  await session.open(1);
  expect([session.filter.kind, session.total]).toEqual(['queue', 3]);
  await session.decide({ kind: 'accept' });
  expect([session.selection?.row.ref, session.total]).toEqual(['i2', 2]);
  await session.decide({ kind: 'label', label: 4 });
  await session.decide({ kind: 'accept' });
  expect(session.total).toBe(0);
  expect(session.confusion).toMatchObject({ labelled: 3, unlabelled: 0 });
});

/** A promise that is kept when the test says so. */
function held(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

describe('a queue', () => {
  let batch: Batch;
  let session: ReviewSession;
  beforeEach(async () => {
    batch = new Batch(30, () => null);
    session = new ReviewSession(batch);
    await session.open(1);
    await vi.waitFor(() => expect(batch.details).toContain('i13'));
  });

  it('shows the next digit before the engine knows of the decision', async () => {
    const { decide } = batch;
    const { promise, resolve } = held();
    batch.decide = async (...args) => {
      await promise;
      return decide.apply(batch, args);
    };
    const done = [session.decide({ kind: 'accept' }), session.decide({ kind: 'label', label: 9 })];
    expect([session.selection?.row.ref, session.detail?.name, session.total]).toEqual(['i3', 'i3', 28]);
    expect(batch.rows[0]!.decision).toBeNull();
    resolve();
    await Promise.all(done);
    expect(batch.rows.slice(0, 3).map(({ decision }) => decision)).toEqual(['accepted', 'relabelled', null]);
    expect([session.selection?.row.ref, session.total, session.left]).toEqual(['i3', 28, 28]);
  });

  it('holds keys that outrun what was read ahead, one digit each', async () => {
    const all = Array.from({ length: 30 }, () => session.decide({ kind: 'accept' }));
    await Promise.all(all);
    expect(batch.rows.map(({ label }) => label)).toEqual(batch.rows.map(({ predicted }) => predicted));
    expect([session.selection, session.total, session.left]).toEqual([null, 0, 0]);
  });

  it('a decision after a step to another digit is about that digit', async () => {
    void session.move(3);
    await session.decide({ kind: 'label', label: 9 });
    expect(batch.rows.filter(({ label }) => label === 9).map(({ ref }) => ref)).toEqual(['i4']);
  });

  it('never shows a decided digit again because the list was being read when the key came', async () => {
    await session.show({ kind: 'queue' });
    await vi.waitFor(() => expect(batch.details.filter((ref) => ref === 'i13')).toHaveLength(2));
    const { confusion, decide } = batch;
    const asked = batch.offsets.length;
    const [read, written] = [held(), held()];
    batch.confusion = async () => {
      await read.promise;
      return confusion.apply(batch);
    };
    batch.decide = async (...args) => {
      await written.promise;
      return decide.apply(batch, args);
    };
    const refreshed = session.refresh();
    await vi.waitFor(() => expect(batch.offsets.length).toBeGreaterThan(asked));
    const decided = session.decide({ kind: 'accept' });
    read.resolve();
    await refreshed;
    expect([session.selection?.row.ref, session.detail?.ref]).toEqual(['i2', 'i2']);
    written.resolve();
    await decided;
    expect([session.selection?.row.ref, session.total]).toEqual(['i2', 29]);
  });

  it('comes back to the digit whose decision failed', async () => {
    const working = batch.decide;
    batch.decide = () => Promise.reject(new Error('disk full'));
    await session.decide({ kind: 'accept' });
    expect([session.selection?.row.ref, session.total]).toEqual(['i1', 30]);
    expect(session.error).toBeInstanceOf(Error);
    batch.decide = working;
    await session.decide({ kind: 'accept' });
    expect([session.selection?.row.ref, session.error]).toEqual(['i2', null]);
  });
});

it('the pace is the median gap, breaks left out', () => {
  const pace = new Pace();
  [0, 1, 2, 3].forEach((at) => pace.note(at * 1000));
  expect(pace.seconds).toBeNull();
  [3.5, 4, 4.5, 500].forEach((at) => pace.note(at * 1000));
  expect(pace.seconds).toBe(1);
});
