import { parentPort, workerData } from 'node:worker_threads';
import { place } from './place.ts';
import type { FromPlacer, PlaceRequest } from './protocol.ts';

/** Least time between two notices, in milliseconds. */
const INTERVAL = 100;

/** Entry of the thread that places features. */
const post = (message: FromPlacer): void => parentPort!.postMessage(message);
let told = 0;
const placed = place(workerData as PlaceRequest, (done, total) => {
  if (performance.now() - told < INTERVAL) return;
  told = performance.now();
  post({ kind: 'progress', share: done / total });
});
post({ kind: 'placed', placed });
