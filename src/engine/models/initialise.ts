import type { NamedTensor } from '../compute/types.ts';
import { randomStream, type RandomStream } from '../tensor/random.ts';
import type { Activation, Architecture } from '../../shared/models/layers.ts';
import { elements, parameterSpecs, type ParameterSpec } from '../../shared/models/summary.ts';

/**
 * Half the width of the uniform distribution that keeps a signal's variance through the layer: Glorot and Bengio 2010 (eq. 16, with
 * their factor 4 for the logistic function), He et al. 2015 (eq. 10) for rectifiers.
 */
function byActivation(fanIn: number, fanOut: number, activation: Activation): number {
  const glorot = Math.sqrt(6 / (fanIn + fanOut));
  const limits: Record<Activation, number> = {
    tanh: glorot,
    'scaled-tanh': glorot,
    linear: glorot,
    sigmoid: 4 * glorot,
    relu: Math.sqrt(6 / fanIn),
  };
  return limits[activation];
}

/** Half the width of the uniform distribution that a value of a tensor starts from. */
function limit({ initialisation }: Architecture, spec: ParameterSpec, fanIn: number): number {
  switch (initialisation) {
    // LeCun et al. 1998, appendix A: 2.4 / F where inputs move together, as those of a subsampling window do. Where they do not, the same
    // reasoning gives the square root (docs/decisions/0015). Biases by the same rule.
    case 'lecun-1998':
      return 2.4 / (spec.kind === 'subsampling' ? fanIn : Math.sqrt(fanIn));
    case 'pytorch':
      return 1 / Math.sqrt(fanIn);
    case 'by-activation':
      return spec.role === 'bias' ? 0 : byActivation(fanIn, spec.fanOut, spec.activation);
  }
}

/** Weights to start training from. Each tensor has a random stream of its own. */
export function initialWeights(model: Architecture, seed: number): NamedTensor[] {
  return parameterSpecs(model).map((spec) => ({
    name: spec.name,
    shape: spec.shape,
    values: initialValues(model, spec, seed),
  }));
}

function initialValues(model: Architecture, spec: ParameterSpec, seed: number): Float32Array {
  const { name, shape, role, fanIn, connections } = spec;
  const values = new Float32Array(elements(shape));
  const random = randomStream(seed, `initialise ${name}`);
  switch (role) {
    case 'factor':
    case 'sigma':
      return values.fill(1);
    case 'statistic':
      return values.fill(name.endsWith('/variance') ? 1 : 0);
    case 'centres':
      return values.map(() => startOfCentre(model, random));
    case 'kernel':
    case 'bias': {
      if (role === 'bias' && isBesideFactor(name)) return values;
      const filters = shape.at(-1)!;
      const maps = shape.at(-2) ?? 1;
      for (let at = 0; at < values.length; at++) {
        const filter = at % filters;
        const bound = limit(model, spec, typeof fanIn === 'number' ? fanIn : fanIn[filter]!);
        const value = bound === 0 ? 0 : random.uniform(-bound, bound);
        const isCut = connections && !connections[filter]!.includes(Math.floor(at / filters) % maps);
        values[at] = isCut ? 0 : value;
      }
      return values;
    }
  }
}

/** The offset of batch normalisation, which starts as the identity. */
const isBesideFactor = (name: string): boolean => name.endsWith('/offset');

/** PyTorch draws centres from N(0, 1); what sigmoids give lies between 0 and 1. */
const startOfCentre = (model: Architecture, random: RandomStream): number =>
  model.initialisation === 'pytorch' ? random.normal() : random.uniform(0, 1);
