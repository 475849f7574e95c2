import type { DistortionParameters } from '../../shared/domain.ts';
import { StudioError } from '../../shared/errors.ts';
import { orCancelled } from '../jobs/flow.ts';
import { defaultSettings, type TensorFlowSettings } from '../tensor/load.ts';
import { ComputeChild } from './child.ts';
import type { CallInputs, CallKind, CallResults } from './protocol.ts';
import type {
  Compute,
  ComputeInfo,
  Inspection,
  TrainControl,
  TrainListener,
  TrainRequest,
  TrainResult,
} from './types.ts';

/** TensorFlow in a child process that starts with the first call, and anew with the next call after it has died. */
export class ComputeProcess implements Compute {
  readonly #settings: TensorFlowSettings;
  #child: ComputeChild | null = null;
  #closed = false;

  /** `threads` is set before TensorFlow's library loads; other counts give other weights for the same seed. */
  constructor(options: { threads?: TensorFlowSettings['threads'] } = {}) {
    this.#settings = { ...defaultSettings, ...(options.threads && { threads: options.threads }) };
  }

  /** Of the process that runs now, for supervision. */
  get pid(): number | undefined {
    return this.#child?.ended ? undefined : this.#child?.pid;
  }

  info(): Promise<ComputeInfo> {
    return this.#call('info', {});
  }

  async train(
    request: TrainRequest,
    listener: TrainListener,
    signal: AbortSignal,
    { gate, checkpointInterval }: TrainControl = {},
  ): Promise<TrainResult> {
    if (signal.aborted) throw new StudioError('cancelled');
    const child = this.#running();
    const { call, result } = child.call('train', { request, checkpointInterval }, (update) => {
      // Nothing of a cancelled training reaches the listener, even while the process still ends its last step.
      if (signal.aborted) return;
      if (update.kind === 'points') listener.points(update.points);
      else if (update.kind === 'progress') listener.progress(update.progress);
      else if (update.kind === 'epoch') listener.epoch(update.metrics, update.checkpoint);
      else listener.checkpoint(update.checkpoint);
    });
    const cancel = (): void => child.cancel(call);
    signal.addEventListener('abort', cancel, { once: true });
    if (gate?.paused) child.pause(call, true);
    const unheard = gate?.onChange((paused) => child.pause(call, paused));
    try {
      return await orCancelled(result, signal);
    } finally {
      signal.removeEventListener('abort', cancel);
      unheard?.();
    }
  }

  classify(modelFolder: string, tiles: Uint8Array, temperature?: number): Promise<Float32Array> {
    return this.#call('classify', { modelFolder, tiles, temperature });
  }

  scores(modelFolder: string, tiles: Uint8Array): Promise<Float32Array> {
    return this.#call('scores', { modelFolder, tiles });
  }

  features(modelFolder: string, tiles: Uint8Array): Promise<Float32Array> {
    return this.#call('features', { modelFolder, tiles });
  }

  distort(tiles: Uint8Array, parameters: DistortionParameters, seed: number): Promise<Uint8Array> {
    return this.#call('distort', { tiles, parameters, seed });
  }

  inspect(modelFolder: string, tile: Uint8Array, target: number | null): Promise<Inspection> {
    return this.#call('inspect', { modelFolder, tile, target });
  }

  /** Kills the process; calls that wait, and later ones, reject with `compute-stopped`. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#child?.kill();
  }

  async #call<Kind extends CallKind>(kind: Kind, input: CallInputs[Kind]): Promise<CallResults[Kind]> {
    return this.#running().call(kind, input).result;
  }

  #running(): ComputeChild {
    if (this.#closed) throw new StudioError('compute-stopped', { detail: 'closed' });
    if (!this.#child || this.#child.ended) this.#child = new ComputeChild(this.#settings);
    return this.#child;
  }
}
