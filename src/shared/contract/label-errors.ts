import { z } from 'zod';
import { trainingParameters } from '../domain.ts';

/** Parts of the digits; each is read by a model trained on the others. */
export const foldCount = z.int().min(2).max(20);
export const defaultFolds = 5;

/** What may be chosen about a search for label errors; without `epochs` those of the recipe. */
export const foldWish = {
  folds: foldCount.default(defaultFolds),
  epochs: trainingParameters.shape.epochs.unwrap().optional(),
};
