import { CLASSES, TILE_SIDE, type Architecture, type Layer } from '../layers.ts';
import { architectureOf, type Choices } from './choices.ts';

/**
 * LeNet-5 as textbooks give it: the layer sizes of LeCun et al. 1998 (section II-B), with every C3 filter over all S2 maps, pooling
 * without parameters and linear outputs. 61,706 parameters.
 */
export function lenet5({ activation, pooling, dropout = 0 }: Choices): Architecture {
  const drop = (name: string): Layer[] => (dropout > 0 ? [{ kind: 'dropout', name, rate: dropout }] : []);
  return architectureOf({
    name: 'LeNet-5',
    input: { side: TILE_SIDE, channels: 1, mean: 0.5, standardDeviation: 0.5, padding: 2 },
    layers: [
      { kind: 'convolution', name: 'C1', filters: 6, kernel: 5, activation },
      { kind: 'pooling', name: 'S2', pooling, window: 2 },
      { kind: 'convolution', name: 'C3', filters: 16, kernel: 5, activation },
      { kind: 'pooling', name: 'S4', pooling, window: 2 },
      { kind: 'convolution', name: 'C5', filters: 120, kernel: 5, activation },
      ...drop('D5'),
      { kind: 'dense', name: 'F6', units: 84, activation },
      ...drop('D6'),
      { kind: 'dense', name: 'output', units: CLASSES, activation: 'linear' },
    ],
  });
}
