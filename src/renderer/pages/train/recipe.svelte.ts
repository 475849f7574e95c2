import { defaultParameters } from '../../../shared/domain.ts';
import { forgetWithProject } from '../../app/state/project.svelte.ts';
import { draftOf, type Group, type RecipeDraft } from './recipe.ts';

/** Where a window is high enough, the network is open from the start. */
const HIGH = 1000;

/** What was typed and chosen on the Train page; a look at another page loses none of it. */
export const recipe = $state<{
  draft: RecipeDraft;
  /** Which groups of the pane are open. */
  open: Record<Group, boolean>;
  dataSetId: number | null;
  /** Null: the suggested name. */
  name: string | null;
  /** Null: the run that trains, or the newest. */
  runId: number | null;
}>({
  draft: draftOf(defaultParameters),
  open: { network: globalThis.innerHeight >= HIGH, optimiser: true, distortions: false, run: true },
  dataSetId: null,
  name: null,
  runId: null,
});

// The parameters suit any project.
forgetWithProject(() => Object.assign(recipe, { dataSetId: null, name: null, runId: null }));
