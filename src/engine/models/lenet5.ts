import { CLASSES, TILE_SIDE, type TrainingParameters } from '../../shared/domain.ts';
import type { Architecture } from './architecture.ts';

/**
 * LeNet-5 as textbooks give it: the layer sizes of LeCun et al. 1998 (section II-B), with every C3 filter over all S2 maps, pooling
 * without parameters and linear outputs. 61,706 parameters.
 */
export function lenet5({
  activation,
  pooling,
}: Pick<TrainingParameters, 'activation' | 'pooling'>): Architecture {
  return {
    name: 'LeNet-5',
    input: { side: TILE_SIDE, channels: 1, mean: 0.5, standardDeviation: 0.5, padding: 2 },
    layers: [
      { kind: 'convolution', name: 'C1', filters: 6, kernel: 5, activation },
      { kind: 'pooling', name: 'S2', pooling, window: 2 },
      { kind: 'convolution', name: 'C3', filters: 16, kernel: 5, activation },
      { kind: 'pooling', name: 'S4', pooling, window: 2 },
      { kind: 'convolution', name: 'C5', filters: 120, kernel: 5, activation },
      { kind: 'dense', name: 'F6', units: 84, activation },
      { kind: 'dense', name: 'output', units: CLASSES, activation: 'linear' },
    ],
  };
}
