import type * as tfjs from '@tensorflow/tfjs-node';
import type { TrainingParameters } from '../../shared/domain.ts';
import { StudioError } from '../../shared/errors.ts';
import { rbfCodes } from '../../shared/models/codes.ts';
import { curvatureObstacle } from '../../shared/models/fit.ts';
import type { Activation, Architecture, Layer } from '../../shared/models/layers.ts';
import { activationOf } from '../../shared/models/summary.ts';
import { scaleAndPad } from '../models/forward.ts';
import { activation, applyLayer, flatten, SCALED_TANH, type LayerContext } from '../models/layers.ts';
import type { Tensor, TensorFlow } from '../tensor/load.ts';
import { constant } from '../tensor/trace.ts';

/** Samples that the curvature is estimated with, before each pass: LeCun et al. 1998, section III-B. */
export const CURVATURE_SAMPLES = 500;

/**
 * The diagonal of the Gauss-Newton matrix, averaged over a batch: h_kk of LeCun et al. 1998, eqs. 23 to 27, in the order of the weights.
 * Squared weights carry second derivatives back as weights carry first ones: a network with squared weights and inputs, whose slope at
 * each unit is f'(a)^2, has them as its gradients. Throws `training-does-not-fit` for a layer without such a pass.
 */
export function curvatureOf(
  tf: TensorFlow,
  model: Architecture,
  loss: TrainingParameters['loss'],
): (weights: readonly Tensor[], tiles: tfjs.Tensor4D) => Tensor[] {
  const obstacle = curvatureObstacle(model);
  if (obstacle) throw new StudioError('training-does-not-fit', { ...obstacle });
  const last = model.layers.at(-1)!;
  const body = last.kind === 'rbf' ? model.layers.slice(0, -1) : model.layers;
  return (weights, tiles) => {
    const count = tiles.shape[0];
    const input = scaleAndPad(tf, model, tiles);
    const notes: UnitNote[] = [];
    const note = (layer: Layer, sum: Tensor): Tensor => {
      const value = activation(tf, activationOf(layer), sum);
      notes.push({ value, slope: () => slopeOf(activationOf(layer), sum, value) });
      return value;
    };
    const linear = (value: Tensor): Tensor => {
      notes.push({ value, slope: null });
      return value;
    };
    const own: LayerContext = { ...plain(tf), activate: note, within: linear };
    const output = walk(own, body, input, weights, (layer, x) => (isMean(layer) ? linear(x) : x));
    const seed = outputCurvature(tf, last, flatten(output), loss);
    const squares = weights.map((weight) => weight.square());
    const total = (...squared: Tensor[]): tfjs.Scalar => {
      const left = notes.values();
      const next = (x: Tensor): Tensor => squaredUnit(tf, x, left.next().value!);
      const context: LayerContext = {
        ...plain(tf),
        meanFactor: (values) => 1 / values ** 2,
        activate: (_, x) => next(x),
        within: next,
      };
      const end = walk(context, body, input.square(), squared, (layer, x) => (isMean(layer) ? next(x) : x));
      return flatten(end).mul(seed).sum();
    };
    return tf
      .grads(total)(squares)
      .map((sum) => sum.div(count));
  };
}

/** What a unit gave, and f'(a); null for a sum or mean without an activation. */
interface UnitNote {
  value: Tensor;
  slope: (() => Tensor) | null;
}

const isMean = ({ kind }: Layer): boolean => kind === 'pooling' || kind === 'global-average';

const plain = (tf: TensorFlow): LayerContext => ({
  tf,
  training: null,
  activate: (_, x) => x,
  meanFactor: (values) => 1 / values,
  within: (x) => x,
});

function walk(
  context: LayerContext,
  layers: readonly Layer[],
  input: Tensor,
  weights: readonly Tensor[],
  after: (layer: Layer, output: Tensor) => Tensor,
): Tensor {
  const left = weights.values();
  return layers.reduce(
    (x, layer) =>
      after(
        layer,
        applyLayer(context, layer, x, () => left.next().value!),
      ),
    input,
  );
}

/** The square of what a unit gave, with f'(a)^2 as its slope: eq. 27. */
function squaredUnit(tf: TensorFlow, x: Tensor, { value, slope }: UnitNote): Tensor {
  const unit = tf.customGrad((...input) => {
    const [, save] = input as unknown as [Tensor, tfjs.GradSaveFunc];
    save(slope ? [slope().square()] : []);
    return {
      value: value.square(),
      gradFunc: (upstream, saved) => (slope ? upstream.mul((saved as Tensor[])[0]!) : upstream.clone()),
    };
  });
  return unit(x);
}

function slopeOf(kind: Activation, sum: Tensor, value: Tensor): Tensor {
  switch (kind) {
    case 'tanh':
      return value.square().mul(-1).add(1);
    case 'scaled-tanh': {
      const { amplitude, slope } = SCALED_TANH;
      return value
        .square()
        .mul(-slope / amplitude)
        .add(amplitude * slope);
    }
    case 'sigmoid':
      return value.mul(value.mul(-1).add(1));
    case 'relu':
      return sum.step();
    case 'linear':
      return sum.mul(0).add(1);
  }
}

/** Second derivative of the loss by the values that enter it, N x values: of F6 for an RBF layer, else of the outputs. */
function outputCurvature(
  tf: TensorFlow,
  last: Layer,
  output: tfjs.Tensor2D,
  loss: TrainingParameters['loss'],
): Tensor {
  const two = (): Tensor => constant(() => tf.fill(output.shape, 2));
  // Exact for eq. 8 and squared error. Of eq. 9 it is its first term's: its own lies between 0 and 4, and would fall to 0 with what is learnt, so
  // that step sizes would rise to eta / mu.
  if (loss !== 'cross-entropy') return two();
  const codes = constant(() => tf.tensor2d(rbfCodes.map((code) => [...code])));
  const differences = (): Tensor => output.expandDims(1).sub(codes.expandDims(0));
  const scores = last.kind === 'rbf' ? differences().square().sum(2).neg() : output;
  const probabilities = scores.softmax();
  // Of log-sum-exp by its scores, without the terms between different scores.
  const own = probabilities.mul(probabilities.mul(-1).add(1));
  return last.kind === 'rbf' ? differences().square().mul(4).mul(own.expandDims(2)).sum(1) : own;
}
