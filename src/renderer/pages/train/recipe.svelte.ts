import { defaultParameters } from '../../../shared/domain.ts';
import { forgetWithProject } from '../../app/state/project.svelte.ts';
import { draftOf, type RecipeDraft } from './recipe.ts';

/** What was typed and chosen on the Train page; a look at another page loses none of it. */
export const recipe = $state<{
  draft: RecipeDraft;
  dataSetId: number | null;
  /** Null: the suggested name. */
  name: string | null;
  /** Null: the run that trains, or the newest. */
  runId: number | null;
}>({ draft: draftOf(defaultParameters), dataSetId: null, name: null, runId: null });

// The parameters suit any project.
forgetWithProject(() => Object.assign(recipe, { dataSetId: null, name: null, runId: null }));
