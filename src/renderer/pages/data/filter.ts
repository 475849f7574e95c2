import type { Batch, digitStatuses, DigitQuery } from '../../../shared/contract/index.ts';
import type { SplitFilter } from './counts.ts';

export type DataQuery = Extract<DigitQuery, { kind: 'data' }>;
export type DataOrder = NonNullable<DataQuery['order']>;

/** What the grid asks of a digit beside its split and label, and the order. Null and '' ask nothing. */
export interface GridFilter {
  text: string;
  /** Tags that it carries, all of them. */
  tags: readonly number[];
  status: (typeof digitStatuses)[number] | null;
  /** The batch whose readings are shown and filtered by. */
  batchId: number | null;
  predicted: number | null;
  only: 'correct' | 'misclassified' | null;
  /** Confidence in whole percent, both included. */
  from: number | null;
  to: number | null;
  order: DataOrder;
  descending: boolean;
}

export const noFilter: GridFilter = {
  ...{ text: '', tags: [], status: null, batchId: null, predicted: null, only: null, from: null, to: null },
  ...{ order: 'import', descending: false },
};

/** Filters that a chip shows and takes away. */
export const filterKinds = ['text', 'tags', 'status', 'predicted', 'only', 'confidence'] as const;
export type FilterKind = (typeof filterKinds)[number];

const nothing = {
  text: { text: '' },
  tags: { tags: [] },
  status: { status: null },
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
  const { text, tags, status, batchId, predicted, only, from, to, order, descending } = shown.filter;
  return {
    kind: 'data',
    dataSetId,
    ...(shown.split !== 'all' && { split: shown.split }),
    ...(labels.length === 1 && { label: labels[0]! }),
    ...(labels.length > 1 && { labels: [...labels].sort() }),
    ...(tags.length > 0 && { tags: [...tags] }),
    ...(status !== null && { status }),
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
