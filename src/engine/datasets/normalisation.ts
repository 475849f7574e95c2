import { normalisationOf, sameNormalisation, type NormalisationRecipe } from '../../shared/domain.ts';
import { StudioError } from '../../shared/errors.ts';
import type { Db } from '../project/sqlite.ts';
import { getDataSet } from './store.ts';

/** How the tiles of a data set were made; records of MNIST were tiles already. Throws `unknown-id`. */
export const normalisationOfSet = (db: Db, dataSetId: number): NormalisationRecipe =>
  normalisationOf(getDataSet(db, dataSetId).normalisation);

/**
 * Tiles that were made otherwise would tell nothing about a model, or teach the next one two things at once. Records of MNIST were tiles already, whose polarity
 * nobody had to find. Throws `unknown-id`, `normalisation-differs`.
 */
export function checkNormalisation(
  db: Db,
  dataSetId: number,
  model: { name: string; normalisation: NormalisationRecipe },
): void {
  const { name, kind, normalisation } = getDataSet(db, dataSetId);
  const { polarity } = kind === 'mnist' ? model.normalisation : normalisation;
  if (sameNormalisation(normalisationOf({ ...normalisation, polarity }), model.normalisation)) return;
  throw new StudioError('normalisation-differs', { model: model.name, name });
}
