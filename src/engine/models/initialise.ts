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
    case 'centred':
      return spec.role === 'bias' ? 0 : CENTRED.gain * byActivation(fanIn, spec.fanOut, 'linear');
    case 'by-activation':
      return spec.role === 'bias' ? 0 : byActivation(fanIn, spec.fanOut, spec.activation);
  }
}

/** Weights to start training from. Each tensor has a random stream of its own. */
export function initialWeights(model: Architecture, seed: number): NamedTensor[] {
  const weights = parameterSpecs(model).map((spec) => ({
    name: spec.name,
    shape: spec.shape,
    values: initialValues(model, spec, seed),
  }));
  if (model.initialisation === 'centred') centre(model, weights);
  return weights;
}

/** Biases that make each unit's sum 0 for its usual inputs: the middle of the logistic function, or a digit's mean value at the first layer. */
function centre({ input }: Architecture, weights: readonly NamedTensor[]): void {
  let usual = (INK - input.mean) / input.standardDeviation;
  for (const { name, values: kernel } of weights) {
    const bias =
      name.endsWith('/kernel') && weights.find((one) => one.name === name.replace('/kernel', '/bias'));
    if (!bias) continue;
    const units = bias.values.length;
    kernel.forEach((value, at) => (bias.values[at % units]! -= usual * value));
    usual = 0.5;
  }
}

/** Mean of a normalised digit's bytes, as a share of 255. */
const INK = 0.13;
/** How much wider than for linear units weights begin, and half the width that centres begin in; chosen on validation digits. */
const CENTRED = { gain: 6, centres: 2 };

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

/** PyTorch draws centres from N(0, 1); what sigmoids give lies between 0 and 1, and distances tell more from a way off. */
function startOfCentre({ initialisation }: Architecture, random: RandomStream): number {
  if (initialisation === 'pytorch') return random.normal();
  const half = initialisation === 'centred' ? CENTRED.centres : 0.5;
  return random.uniform(0.5 - half, 0.5 + half);
}
