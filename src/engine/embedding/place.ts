import { principalPlane } from './pca.ts';
import type { Placed, PlaceRequest, Progress } from './protocol.ts';
import { umapPlaces } from './umap.ts';

/** Places features in a plane, in one go. */
export function place({ method, features, width }: PlaceRequest, progress: Progress): Placed {
  return method === 'pca'
    ? principalPlane(features, width)
    : { places: umapPlaces(features, width, progress), explained: null };
}
