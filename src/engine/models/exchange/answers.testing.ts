import type * as tfjs from '@tensorflow/tfjs-node';
import { expect } from 'vitest';
import { TILE_SIDE } from '../../../shared/domain.ts';
import type { TensorFlow } from '../../tensor/load.ts';
import { forwardPass } from '../forward.ts';
import { digitProbabilities } from '../scores.ts';
import type { StoredModel } from '../store.ts';

export interface Answers {
  /** N x 10. */
  scores: Float32Array;
  probabilities: Float32Array;
}

/** What the studio itself answers for N x 28 x 28 bytes. */
export function ourAnswers(tf: TensorFlow, model: StoredModel, tiles: Uint8Array): Answers {
  const count = tiles.length / TILE_SIDE ** 2;
  const scores = tf.tidy(() =>
    forwardPass(tf, model.architecture)(
      model.weights.map(({ values, shape }) => tf.tensor(values, shape)),
      tf.tensor(Float32Array.from(tiles), [count, TILE_SIDE, TILE_SIDE, 1]) as tfjs.Tensor4D,
    ).dataSync<'float32'>(),
  );
  return { scores, probabilities: digitProbabilities(scores.slice(), model.card) };
}

/** Within 1e-4, of the value where that is larger than 1. */
export function expectSame(theirs: Answers, ours: Answers): void {
  for (const key of ['scores', 'probabilities'] as const) {
    expect(theirs[key]).toHaveLength(ours[key].length);
    const worst = ours[key].reduce(
      (most, value, at) => Math.max(most, Math.abs(theirs[key][at]! - value) / Math.max(1, Math.abs(value))),
      0,
    );
    expect(worst).toBeLessThan(1e-4);
  }
  // Not all alike, or nothing would have been compared.
  expect(new Set(ours.scores).size).toBeGreaterThan(ours.scores.length / 2);
}
