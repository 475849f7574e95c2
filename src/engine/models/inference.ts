import { TILE_BYTES } from '../../shared/domain.ts';
import { breathe, checkCancelled } from '../jobs/flow.ts';
import type { Tensor, TensorFlow } from '../tensor/load.ts';
import type { Architecture } from './architecture.ts';
import { forwardPass } from './forward.ts';

/**
 * Digits per run of the graph; a shorter rest is filled with background. With one size, kernels split their work the same way each
 * time, and a digit's logits do not depend on how many others came with it. (One thread reads 28,000 digits/s at 128 and at 256,
 * 21,000 at 64.)
 */
export const INFERENCE_BATCH = 128;

/** Logits, N x classes, for N x 28 x 28 bytes. Gives way to the event loop after every batch; throws `cancelled`. */
export async function readLogits(
  tf: TensorFlow,
  model: Architecture,
  parameters: readonly Tensor[],
  tiles: Uint8Array,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const forward = forwardPass(tf, model);
  const { side, channels } = model.input;
  const count = tiles.length / TILE_BYTES;
  let logits = new Float32Array(0);
  for (let first = 0; first < count; first += INFERENCE_BATCH) {
    const batch = tiles.subarray(first * TILE_BYTES, (first + INFERENCE_BATCH) * TILE_BYTES);
    const padded = new Float32Array(INFERENCE_BATCH * TILE_BYTES);
    padded.set(batch);
    const read = tf.tidy(() =>
      forward(parameters, tf.tensor4d(padded, [INFERENCE_BATCH, side, side, channels])).dataSync(),
    );
    const classes = read.length / INFERENCE_BATCH;
    if (first === 0) logits = new Float32Array(count * classes);
    logits.set(read.subarray(0, (batch.length / TILE_BYTES) * classes), first * classes);
    await breathe();
    checkCancelled(signal);
  }
  return logits;
}
