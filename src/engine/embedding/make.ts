import { randomUUID } from 'node:crypto';
import { MOST_PLACED, type EmbeddingMethod } from '../../shared/contract/embedding.ts';
import type { Compute } from '../compute/types.ts';
import { checkCancelled } from '../jobs/flow.ts';
import type { Project } from '../project/store.ts';
import { featuresOf } from './features.ts';
import { countItems, sampleItems } from './sample.ts';
import type { MapStore } from './store.ts';
import { placeInThread } from './thread.ts';

export interface MapWork {
  project: Project;
  store: MapStore;
  compute: Compute;
  batchId: number;
  method: EmbeddingMethod;
  /** Name of the model's folder. */
  model: string;
  signal: AbortSignal;
  onProgress: (done: number, total: number) => void;
}

/** What placing costs beside the features, per digit. */
const COST = { pca: 0.2, umap: 9 };

/** Makes the map of a batch and keeps it. Throws what `Compute.features` throws, `cancelled`, `disk-full`, `cannot-write`. */
export async function makeMap(work: MapWork): Promise<void> {
  const { project, store, compute, batchId, method, model, signal, onProgress } = work;
  const { db } = project;
  const digits = countItems(db, batchId);
  const ids = await sampleItems(db, batchId, digits, MOST_PLACED[method]);
  const total = Math.ceil(ids.length * (1 + COST[method]));
  const report = (done: number): void => onProgress(Math.floor(done), total);
  const parts = { db, compute, modelFolder: project.modelFolder(model) };
  const { features, width } = await featuresOf(parts, ids, signal, report);
  const placed =
    ids.length === 0
      ? { places: new Float32Array(), explained: null }
      : await placeInThread({ method, features, width }, signal, (share) =>
          report(ids.length * (1 + share * COST[method])),
        );
  checkCancelled(signal);
  await store.put(project, {
    ...{ batchId, method, model, digits, placed: ids.length, features: width, key: randomUUID() },
    explained: placed.explained,
    ids: Uint32Array.from(ids),
    places: Float32Array.from(placed.places),
  });
}
