import type { ModelCard } from '../../shared/contract/model-card.ts';
import { defaultParameters, recipeOf, type TrainingParameters } from '../../shared/domain.ts';

/** What a model was trained with, but for some changes; the default recipe where another program trained it. */
export const recipeOfModel = (
  { training }: ModelCard,
  changes: Partial<TrainingParameters> = {},
): TrainingParameters => ({
  ...(training ?? recipeOf(defaultParameters.architecture)),
  ...changes,
});
