import { recipeOf, type TrainingParameters } from '../../shared/domain.ts';
import { architectureNames } from '../../shared/models/family/index.ts';
import { convolutionTypes, type Architecture } from '../../shared/models/layers.ts';
import type { NamedTensor } from '../compute/types.ts';
import { initialWeights } from './initialise.ts';

/** Every architecture, and every kind of convolution in place of C3. */
export const networks: [name: string, parameters: TrainingParameters][] = [
  ...architectureNames.map((name): [string, TrainingParameters] => [name, recipeOf(name)]),
  ...convolutionTypes
    .slice(1)
    .map((type): [string, TrainingParameters] => [
      `lenet1, H3 ${type}`,
      recipeOf('lenet1', { convolutions: { H3: type } }),
    ]),
  ['lenet5 with dropout', recipeOf('lenet5', { dropout: 0.3, activation: 'relu' })],
];

/** Weights in which nothing is 0 or 1 by nature: biases, statistics and factors count. */
export function livelyWeights(model: Architecture, seed: number): NamedTensor[] {
  return initialWeights(model, seed).map((tensor) => {
    const part = tensor.name.split('/')[1]!;
    const wave = (size: number) => tensor.values.map((value, at) => value + size * Math.sin(at + 1));
    if (['bias', 'offset', 'mean', 'coefficient'].includes(part)) return { ...tensor, values: wave(0.1) };
    if (['scale', 'variance', 'sigma'].includes(part)) return { ...tensor, values: wave(0.3) };
    return tensor;
  });
}
