import type { EmbeddingMethod, Job } from '../../../../shared/contract/index.ts';
import { client } from '../../../app/client.ts';
import { forgetWithProject } from '../../../app/state/project.svelte.ts';
import { jobs } from '../../../app/state/jobs.svelte.ts';
import { readPlaces, readReadings, type Colouring, type MapPoints } from './points.ts';

/** How the map is looked at; a look at another page loses none of it. */
export const mapView = $state<{ method: EmbeddingMethod; by: Colouring; table: boolean }>({
  method: 'pca',
  by: 'label',
  table: false,
});

/** Maps that were asked for once: what was stopped or went wrong is not begun again unasked. */
let asked: string[] = [];
forgetWithProject(() => (asked = []));

/** Whether it is the first time; counts from then on. */
export function firstTime(batchId: number, method: EmbeddingMethod): boolean {
  const key = `${batchId} ${method}`;
  if (asked.includes(key)) return false;
  asked.push(key);
  return true;
}

export interface LoadedMap {
  batchId: number;
  method: EmbeddingMethod;
  /** Null: it has not been made. */
  map: {
    key: string;
    digits: number;
    digitsNow: number;
    features: number;
    explained: readonly [number, number] | null;
    ids: Uint32Array;
    places: Float32Array;
  } | null;
}

export async function loadMap(batchId: number, method: EmbeddingMethod): Promise<LoadedMap> {
  const map = await client.embedding.map({ batchId, method });
  return { batchId, method, map: map && { ...map, ...(await readPlaces(map)) } };
}

export async function loadReadings(
  batchId: number,
  method: EmbeddingMethod,
): Promise<({ key: string } & Omit<MapPoints, 'ids' | 'places'>) | null> {
  const readings = await client.embedding.readings({ batchId, method });
  return readings && { key: readings.key, ...(await readReadings(readings)) };
}

/** The map that is being made; one at a time. */
export const mapJob = (): Job | null =>
  jobs.list.findLast(({ kind, state }) => kind === 'map' && state === 'running') ?? null;
/** The last one of a batch, however it ended. */
export const lastMapJob = (batchId: number): Job | null =>
  jobs.list.findLast(({ kind, subject }) => kind === 'map' && subject === batchId) ?? null;
