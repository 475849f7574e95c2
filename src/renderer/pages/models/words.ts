import type { Field } from '../../../shared/models/receptive.ts';
import type { Source } from './sources.ts';
import type { Messages } from '../../../shared/messages/index.ts';

type MapWords = Messages['models']['maps'];

/** A map of a layer, or a unit where maps have one unit each. */
export const mapName = (t: MapWords, layer: string, flat: boolean, map: number): string =>
  flat ? t.unit(layer, map) : t.map(layer, map);

export const seesWords = (t: MapWords, field: Field | null): string =>
  field === null ? t.seesPadding : t.sees(t.fromTo(...field.rows), t.fromTo(...field.columns));

export const sourceName = (t: Messages['models']['digit'], source: Source): string =>
  source.kind === 'batch' ? t.batch(source.batch.name) : t[source.split](source.set.name);
