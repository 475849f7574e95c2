import { Worker } from 'node:worker_threads';
import { StudioError } from '../../shared/errors.ts';
import { entryBeside } from '../entry.ts';
import { checkCancelled } from '../jobs/flow.ts';
import type { FromPlacer, Placed, PlaceRequest } from './protocol.ts';

const ENTRY = entryBeside(import.meta.url, 'placer');

/**
 * Places features in a thread of its own, so that calls are answered meanwhile; they are handed over, not copied. The thread is ended at once when
 * the signal fires. Throws `cancelled`, `internal`.
 */
export async function placeInThread(
  request: PlaceRequest,
  signal: AbortSignal,
  onShare: (share: number) => void,
): Promise<Placed> {
  checkCancelled(signal);
  const worker = new Worker(ENTRY, { workerData: request, transferList: [request.features.buffer] });
  const { promise, resolve, reject } = Promise.withResolvers<Placed>();
  const cancel = (): void => reject(new StudioError('cancelled'));
  signal.addEventListener('abort', cancel, { once: true });
  worker.on('message', (message: FromPlacer) => {
    if (message.kind === 'progress') onShare(message.share);
    else resolve(message.placed);
  });
  worker.on('error', (error) => reject(new StudioError('internal', { detail: String(error) })));
  worker.on('exit', (code) => reject(new StudioError('internal', { detail: `exit code ${code}` })));
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', cancel);
    await worker.terminate();
  }
}
