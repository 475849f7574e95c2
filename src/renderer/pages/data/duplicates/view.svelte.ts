import type { DuplicateFilter } from '../../../../shared/contract/index.ts';
import { forgetWithProject } from '../../../app/state/project.svelte.ts';

const first: DuplicateFilter = { state: 'open' };

/** What was looked at in the pane of duplicates; a look at another page loses none of it. */
export const duplicateView = $state<{
  setId: number | null;
  filter: DuplicateFilter;
  /** Place in the list. */
  selected: number;
}>({ setId: null, filter: first, selected: 0 });

export function showPairs(change: DuplicateFilter): void {
  Object.assign(duplicateView, { filter: { ...duplicateView.filter, ...change }, selected: 0 });
}

/** Another data set is looked at from its first pair on. */
export function showPairsOf(setId: number | null): void {
  if (setId !== duplicateView.setId) Object.assign(duplicateView, { setId, filter: first, selected: 0 });
}

forgetWithProject(() => showPairsOf(null));
