import { ImportFlow } from './import.svelte.ts';
import type { ShownDigits } from '../../../shared/contract/index.ts';
import type { SplitFilter } from './counts.ts';
import { noFilter, withoutFilters, type GridFilter } from './filter.ts';
import { client } from '../../app/client.ts';
import { forgetWithProject, project } from '../../app/state/project.svelte.ts';
import { keepShown, keptShown } from './kept.ts';

export type DataPane = 'digits' | 'duplicates' | 'versions';

/** What the chart beside the grid counts by. */
export const charts = ['class', 'ink', 'side'] as const;

/** What was looked at on the Data page; a look at another page loses none of it. */
export const dataView = $state<{
  /** Null: the newest. */
  setId: number | null;
  split: SplitFilter;
  /** Empty: any. */
  labels: readonly number[];
  /** What else is asked of a digit, and the order. */
  filter: GridFilter;
  selected: { index: number; ref: string } | null;
  /** The failed import or search that the user has read about. */
  dismissed: string | null;
  /** Screen pixels per pixel of a digit; null: as the room allows. */
  zoom: number | null;
  chart: (typeof charts)[number];
  /** What stands in the place of the digits. */
  pane: DataPane;
}>({
  pane: 'digits',
  chart: 'class',
  zoom: null,
  setId: null,
  split: 'all',
  labels: [],
  filter: noFilter,
  selected: null,
  dismissed: null,
});

/** Shows a data set from its first digit on. */
export function showSet(setId: number | null): void {
  Object.assign(dataView, {
    pane: 'digits',
    setId,
    split: 'all',
    labels: [],
    filter: noFilter,
    selected: null,
  });
}

export function showSplit(split: SplitFilter): void {
  Object.assign(dataView, { split, selected: null });
}

/** The same label again shows all labels. `more`: beside those that are shown. */
export function toggleLabel(label: number, more = false): void {
  const { labels } = dataView;
  const others = labels.filter((one) => one !== label);
  const alone = labels.length === 1 && labels[0] === label;
  const next = more ? (labels.includes(label) ? others : [...labels, label]) : alone ? [] : [label];
  Object.assign(dataView, { labels: next, selected: null });
}

export function showFiltered(change: Partial<GridFilter>): void {
  Object.assign(dataView, { filter: { ...dataView.filter, ...change }, selected: null });
}

/** The order stays, and the model whose readings are shown. */
export function showAll(): void {
  Object.assign(dataView, {
    split: 'all',
    labels: [],
    filter: withoutFilters(dataView.filter),
    selected: null,
  });
}

export const shownNow = (): ShownDigits => {
  const { split, labels, filter, zoom } = $state.snapshot(dataView);
  return { split, labels, filter, zoom };
};

/** Shows what a view keeps, from its first digit on. */
export function showView(shown: ShownDigits): void {
  Object.assign(dataView, { ...shown, selected: null });
}

/** The one import dialog of this window. */
export const importFlow = new ImportFlow({
  scan: (source, signal, labels) => client.data.scan({ source, labels }, { signal }),
  import: (scanId, name, normalisation) => client.data.import({ scanId, name, normalisation }),
});

/** Shows what is there twice in a set, its versions, or its digits again. */
export function showPane(setId: number | null, pane: DataPane): void {
  if (setId !== dataView.setId) showSet(setId);
  dataView.pane = pane;
}

forgetWithProject(() => {
  importFlow.cancel();
  showSet(null);
  Object.assign(dataView, { dismissed: null, zoom: null });
  const kept = project.current && keptShown(localStorage, project.current.id);
  if (kept) Object.assign(dataView, { ...kept.shown, setId: kept.setId });
});

$effect.root(() => {
  $effect(() => {
    const { current } = project;
    if (current !== null)
      keepShown(localStorage, { projectId: current.id, setId: dataView.setId, shown: shownNow() });
  });
});
