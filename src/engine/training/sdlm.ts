import type * as tfjs from '@tensorflow/tfjs-node';
import { TILE_SIDE, type TrainingParameters } from '../../shared/domain.ts';
import type { Architecture } from '../../shared/models/layers.ts';
import type { LabelledTiles, NamedTensor, TrainRequest } from '../compute/types.ts';
import type { Tensor, TensorFlow } from '../tensor/load.ts';
import { randomStream } from '../tensor/random.ts';
import { CURVATURE_SAMPLES, curvatureOf } from './curvature.ts';
import { drawsOf } from '../tensor/draws.ts';
import { batchGradients, type Batch, type Objective } from './step.ts';
import type { UpdateRule } from './rule.ts';
import { pickTiles } from './split.ts';

/** mu of eq. 21, LeCun et al. 1998. */
const MU = 0.02;

/**
 * Stochastic diagonal Levenberg-Marquardt: w <- w - eta / (mu + h) dE/dw, one digit per update (LeCun et al. 1998, eqs. 18 to 21). Beside
 * the weights it keeps 1 / (mu + h) of each. The digits of a step follow one another inside it, in the one random order that the paper keeps.
 */
export function sdlmRule(
  tf: TensorFlow,
  model: Architecture,
  { parameters, train }: Pick<TrainRequest, 'parameters' | 'train'>,
  objective: Objective,
): UpdateRule {
  return {
    constantOrder: true,
    begin: unknownFactors,
    renew: (epoch, weights) => sdlmFactors(tf, model, parameters, weights(), train, epoch),
    modelWeights: (state) => state.slice(0, state.length / 2),
    scalars: (learningRate) => ({ learningRate }),
    step: oneByOne(tf, objective),
  };
}

function oneByOne(tf: TensorFlow, objective: Objective): UpdateRule['step'] {
  const { distort } = objective;
  const gradientsOf = batchGradients(tf, { ...objective, distort: null }, 1);
  return ({ state, batch: [tiles, labels], scalars: { learningRate }, key }) => {
    const count = state.length / 2;
    const draws = drawsOf(tf, key);
    const shown = distort ? distort(draws, tiles as tfjs.Tensor4D) : (tiles as tfjs.Tensor4D);
    const patterns = split(tf, { tiles: shown, labels: labels as tfjs.Tensor1D });
    const rates = state.slice(count).map((factor) => factor.mul(learningRate!));
    let weights = state.slice(0, count);
    const losses: Tensor[] = [];
    const rights: Tensor[] = [];
    for (const pattern of patterns) {
      const { loss, correct, gradients } = gradientsOf(weights, pattern, draws);
      weights = weights.map((weight, at) => weight.sub(gradients[at]!.mul(rates[at]!)));
      losses.push(loss);
      rights.push(correct);
    }
    const correct = tf.addN(rights);
    tf.dispose(rights);
    return {
      next: weights.map((tensor, at) => ({ at, tensor })),
      outputs: { loss: tf.addN(losses).div(losses.length), correct },
    };
  };
}

/** Factors before the curvature is known: they are written before the first step. */
const unknownFactors = (weights: readonly NamedTensor[]): NamedTensor[] =>
  weights.map(({ name, shape, values }) => ({
    name: `${name} step factor`,
    shape,
    values: new Float32Array(values.length).fill(1),
  }));

/** 1 / (mu + h) for each weight, estimated on 500 digits that the seed and the epoch choose. */
export async function sdlmFactors(
  tf: TensorFlow,
  model: Architecture,
  parameters: TrainingParameters,
  weights: readonly NamedTensor[],
  train: LabelledTiles,
  epoch: number,
): Promise<Float32Array[]> {
  const count = train.labels.length;
  const chosen = randomStream(parameters.seed, 'curvature samples', epoch).shuffle(
    Uint32Array.from({ length: count }, (_, at) => at),
  );
  const { tiles, labels } = await pickTiles(train, chosen.subarray(0, CURVATURE_SAMPLES));
  const curvatures = tf.tidy(() =>
    curvatureOf(
      tf,
      model,
      parameters.loss,
    )(
      weights.map(({ values, shape }) => tf.tensor(values, shape)),
      tf.tensor4d(Float32Array.from(tiles), [labels.length, TILE_SIDE, TILE_SIDE, 1]),
    ),
  );
  const factors = curvatures.map((curvature) =>
    Float32Array.from(curvature.dataSync(), (value) => 1 / (MU + value)),
  );
  tf.dispose(curvatures);
  return factors;
}

function split(tf: TensorFlow, { tiles, labels }: Batch): Batch[] {
  const count = labels.size;
  if (count === 1) return [{ tiles, labels }];
  const [someTiles, someLabels] = [
    tf.split<tfjs.Tensor4D>(tiles, count),
    tf.split<tfjs.Tensor1D>(labels, count),
  ];
  return someTiles.map((tile, at) => ({ tiles: tile, labels: someLabels[at]! }));
}
