import type * as tfjs from '@tensorflow/tfjs-node';
import { CLASSES, TILE_SIDE } from '../../shared/domain.ts';
import type { Architecture } from '../../shared/models/layers.ts';
import type { Inspection, NamedTensor } from '../compute/types.ts';
import type { TensorFlow } from '../tensor/load.ts';
import { forwardPass } from './forward.ts';
import { argMax, softmax } from './scores.ts';

/**
 * What every layer gives for one 28 x 28 x 1 tile, and how the score of a class follows each byte of it: the derivative that Simonyan et
 * al. 2013 (section 3) call the class's saliency. `target` null: the class that is answered. `weights` in the order of
 * `parameterSpecs(model)`.
 */
export function inspect(
  tf: TensorFlow,
  model: Architecture,
  weights: readonly NamedTensor[],
  tile: Uint8Array,
  target: number | null,
): Inspection {
  return tf.tidy(() => {
    const forward = forwardPass(tf, model);
    const parameters = weights.map(({ values, shape }) => tf.tensor(values, shape));
    const outputs: Float32Array[] = [];
    let scores = new Float32Array(0);
    let chosen = 0;
    const score = (tiles: tfjs.Tensor4D): tfjs.Scalar => {
      const given = forward(parameters, tiles, {
        observe: (_, output) => outputs.push(output.dataSync<'float32'>().slice()),
      });
      scores = given.dataSync<'float32'>().slice();
      chosen = target ?? argMax(scores);
      return given.slice([0, chosen], [1, 1]).asScalar();
    };
    const input = tf.tensor4d(Float32Array.from(tile), [1, TILE_SIDE, TILE_SIDE, 1]);
    const saliency = tf
      .grad(score as (x: tfjs.Tensor) => tfjs.Tensor)(input)
      .dataSync<'float32'>()
      .slice();
    return {
      outputs,
      scores,
      probabilities: softmax(scores.slice(), CLASSES),
      answer: argMax(scores),
      target: chosen,
      saliency,
    };
  });
}
