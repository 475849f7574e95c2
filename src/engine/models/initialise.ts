import type { NamedTensor } from '../compute/types.ts';
import { randomStream } from '../tensor/random.ts';
import {
  elements,
  parameterSpecs,
  type Activation,
  type Architecture,
  type ParameterSpec,
} from './architecture.ts';

/**
 * Half the width of the uniform distribution that keeps a signal's variance through the layer: Glorot and Bengio 2010 (eq. 16, with
 * their factor 4 for the logistic function), He et al. 2015 (eq. 10) for rectifiers.
 */
function limit({ fanIn, fanOut, activation }: ParameterSpec): number {
  const glorot = Math.sqrt(6 / (fanIn + fanOut));
  const limits: Record<Activation, number> = {
    tanh: glorot,
    linear: glorot,
    sigmoid: 4 * glorot,
    relu: Math.sqrt(6 / fanIn),
  };
  return limits[activation];
}

/** Weights to start training from; biases are 0. Each tensor has a random stream of its own. */
export function initialWeights(model: Architecture, seed: number): NamedTensor[] {
  return parameterSpecs(model).map((spec) => {
    const values = new Float32Array(elements(spec.shape));
    if (spec.role === 'kernel') {
      const random = randomStream(seed, `initialise ${spec.name}`);
      const bound = limit(spec);
      for (let at = 0; at < values.length; at++) values[at] = random.uniform(-bound, bound);
    }
    return { name: spec.name, shape: spec.shape, values };
  });
}
