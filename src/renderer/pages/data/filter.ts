import type { Batch, DigitQuery, GridFilter } from '../../../shared/contract/index.ts';
import type { Messages } from '../../../shared/messages/index.ts';
import type { SplitFilter } from './counts.ts';

export type DataQuery = Extract<DigitQuery, { kind: 'data' }>;
export type DataOrder = NonNullable<DataQuery['order']>;

/** From `from` to before `to`: ink in thousandths of full ink, or the longer side of a picture in pixels. */
export interface Measure {
  from: number;
  to: number;
}

export const sameMeasure = (one: Measure | null, other: Measure): boolean =>
  one !== null && one.from === other.from && one.to === other.to;

/** What a bar is called. */
export function measureName(kind: 'ink' | 'side', { from, to }: Measure, t: Messages['measures']): string {
  if (kind === 'ink')
    return to > 1000 ? t.inkAbove(String(from / 10)) : t.ink(String(from / 10), String(to / 10));
  return to === from + 1 ? t.side(String(from)) : t.sides(String(from), String(to - 1));
}

export type { GridFilter };

export const noFilter: GridFilter = {
  ...{
    text: '',
    tags: [],
    status: null,
    ink: null,
    side: null,
    batchId: null,
    predicted: null,
    only: null,
    from: null,
    to: null,
  },
  ...{ order: 'import', descending: false },
};

/** Filters that a chip shows and takes away. */
export const filterKinds = [
  'text',
  'tags',
  'status',
  'ink',
  'side',
  'predicted',
  'only',
  'confidence',
] as const;
export type FilterKind = (typeof filterKinds)[number];

const nothing = {
  text: { text: '' },
  tags: { tags: [] },
  status: { status: null },
  ink: { ink: null },
  side: { side: null },
  predicted: { predicted: null },
  only: { only: null },
  confidence: { from: null, to: null },
} satisfies Record<FilterKind, Partial<GridFilter>>;

export const without = (kind: FilterKind): Partial<GridFilter> => nothing[kind];

export const isSet = (filter: GridFilter, kind: FilterKind): boolean =>
  kind === 'tags'
    ? filter.tags.length > 0
    : kind === 'confidence'
      ? filter.from !== null || filter.to !== null
      : filter[kind] !== null && filter[kind] !== '';

/** The order stays, and the model whose readings are shown. */
export const withoutFilters = (filter: GridFilter): GridFilter =>
  filterKinds.reduce((left, kind) => ({ ...left, ...without(kind) }), filter);

/** What follows from another model, or none: without readings there is nothing to filter or to sort by. */
export const readBy = (filter: GridFilter, batchId: number | null): GridFilter =>
  batchId !== null
    ? { ...filter, batchId }
    : {
        ...withoutFilters(filter),
        ...{ text: filter.text, tags: filter.tags, status: filter.status },
        ...{ ink: filter.ink, side: filter.side },
        batchId,
        order: filter.order === 'confidence' ? 'import' : filter.order,
      };

/** Batches that read the digits of a data set, to their end. */
export const readingsOf = (batches: readonly Batch[], dataSetId: number): Batch[] =>
  batches.filter((batch) => batch.dataSetId === dataSetId && batch.state === 'done');

/** Percent as typed: null for nothing and for what is none. */
export function percentOf(typed: string): number | null {
  const value = Number(typed);
  return typed.trim() === '' || !Number.isFinite(value)
    ? null
    : Math.min(100, Math.max(0, Math.round(value)));
}

/** A model that is gone takes its filters along. */
export const knownFilter = (filter: GridFilter, readings: readonly Batch[]): GridFilter =>
  readings.some(({ id }) => id === filter.batchId) ? filter : readBy(filter, null);

/** The query for the engine. */
export function dataQuery(
  dataSetId: number,
  shown: { split: SplitFilter; labels: readonly number[]; filter: GridFilter },
): DataQuery {
  const { labels } = shown;
  const { text, tags, status, ink, side, batchId, predicted, only, from, to, order, descending } =
    shown.filter;
  return {
    kind: 'data',
    dataSetId,
    ...(shown.split !== 'all' && { split: shown.split }),
    ...(labels.length === 1 && { label: labels[0]! }),
    ...(labels.length > 1 && { labels: [...labels].sort() }),
    ...(tags.length > 0 && { tags: [...tags] }),
    ...(status !== null && { status }),
    ...(ink !== null && { ink }),
    ...(side !== null && { side }),
    ...(text !== '' && { text }),
    ...(batchId !== null && {
      reading: {
        batchId,
        ...(predicted !== null && { predicted }),
        ...(only !== null && { only }),
        ...(from !== null && { from: from / 100 }),
        ...(to !== null && { to: to / 100 }),
      },
    }),
    ...(order !== 'import' && { order }),
    ...(descending && { descending }),
  };
}
