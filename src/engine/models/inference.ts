import type * as tfjs from '@tensorflow/tfjs-node';
import { TILE_BYTES } from '../../shared/domain.ts';
import type { Architecture } from '../../shared/models/layers.ts';
import type { NamedTensor } from '../compute/types.ts';
import { breathe, checkCancelled } from '../jobs/flow.ts';
import { CompiledFunction } from '../tensor/compiled-function.ts';
import { threadsHere, type TensorFlow } from '../tensor/load.ts';
import { forwardPass, type Forward } from './forward.ts';

/**
 * Digits that go through the network together; a shorter rest is filled with background. With one size, kernels split their work the same
 * way each time, and a digit's logits do not depend on how many others came with it.
 */
export const INFERENCE_BATCH = 128;

/** The forward pass of a model as a graph of its own. */
export class CompiledReader {
  readonly #forward: CompiledFunction;
  /** Digits per run of the graph: a batch for each thread. */
  readonly #samples: number;

  /** `weights` in the order of `parameterSpecs(model)`; `forward` is what is read, the scores without it. */
  constructor(
    tf: TensorFlow,
    model: Architecture,
    weights: readonly NamedTensor[],
    forward: Forward = forwardPass(tf, model),
  ) {
    const { side, channels } = model.input;
    const threads = threadsHere();
    this.#samples = threads * INFERENCE_BATCH;
    this.#forward = new CompiledFunction({
      tf,
      state: weights,
      shape: [side, side, channels],
      samples: this.#samples,
      compute: (parameters, tiles) => {
        const batches = tf.split<tfjs.Tensor4D>(tiles as tfjs.Tensor4D, threads);
        return tf.concat(batches.map((batch) => forward(parameters, batch)));
      },
    });
  }

  /** Goes on with other weights. */
  write(weights: readonly NamedTensor[]): void {
    this.#forward.write(weights);
  }

  /** Logits, N x classes, for N x 28 x 28 bytes. Gives way to the event loop after every batch; throws `cancelled`. */
  async logits(tiles: Uint8Array, signal?: AbortSignal): Promise<Float32Array> {
    const count = tiles.length / TILE_BYTES;
    let logits = new Float32Array(0);
    for (let first = 0; first < count; first += this.#samples) {
      const batch = tiles.subarray(first * TILE_BYTES, (first + this.#samples) * TILE_BYTES);
      const read = this.#forward.run(padded(batch, this.#samples));
      const classes = read.length / this.#samples;
      if (first === 0) logits = new Float32Array(count * classes);
      logits.set(read.subarray(0, (batch.length / TILE_BYTES) * classes), first * classes);
      await breathe();
      checkCancelled(signal);
    }
    return logits;
  }

  dispose(): void {
    this.#forward.dispose();
  }
}

function padded(batch: Uint8Array, samples: number): Uint8Array {
  if (batch.length === samples * TILE_BYTES) return batch;
  const full = new Uint8Array(samples * TILE_BYTES);
  full.set(batch);
  return full;
}
