import { TILE_BYTES, TILE_SIDE, type NormalisationRecipe } from '../../shared/domain.ts';
import { normalise } from '../images/recipe.ts';
import { breathe, checkCancelled } from '../jobs/flow.ts';
import { tileAt } from './store.ts';

const CHUNK = 1_000;

/** What a recipe still does to tiles that are made already: sets them upright, or nothing. N x 28 x 28, in place. Throws `cancelled`. */
export async function setUpright(
  tiles: Uint8Array,
  recipe: NormalisationRecipe | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (!recipe?.deskew) return;
  for (let at = 0; at < tiles.length / TILE_BYTES; at++) {
    const tile = tileAt(tiles, at);
    const picture = { width: TILE_SIDE, height: TILE_SIDE, data: tile };
    tile.set(normalise(picture, { ...recipe, polarity: 'light-on-dark' }) ?? tile);
    if (at % CHUNK !== CHUNK - 1) continue;
    await breathe();
    checkCancelled(signal);
  }
}
