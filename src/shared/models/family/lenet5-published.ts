import { lenet5C3 } from '../connections.ts';
import { TILE_SIDE, type Architecture } from '../layers.ts';
import { architectureOf, values1998 } from './choices.ts';

/** LeNet-5 as published: LeCun et al. 1998, section II-B. 60,000 parameters, 340,908 connections (the printed 345,308 counts C3's biases per map pair). */
export const lenet5Published = (): Architecture =>
  architectureOf({
    name: 'LeNet-5, 1998',
    input: { side: TILE_SIDE, channels: 1, padding: 2, ...values1998 },
    initialisation: 'lecun-1998',
    layers: [
      { kind: 'convolution', name: 'C1', filters: 6, kernel: 5, activation: 'scaled-tanh' },
      { kind: 'subsampling', name: 'S2', window: 2, activation: 'scaled-tanh' },
      {
        kind: 'convolution',
        name: 'C3',
        filters: 16,
        kernel: 5,
        connections: lenet5C3,
        activation: 'scaled-tanh',
      },
      { kind: 'subsampling', name: 'S4', window: 2, activation: 'scaled-tanh' },
      { kind: 'convolution', name: 'C5', filters: 120, kernel: 5, activation: 'scaled-tanh' },
      { kind: 'dense', name: 'F6', units: 84, activation: 'scaled-tanh' },
      { kind: 'rbf', name: 'output', centres: 'codes', response: 'penalty' },
    ],
  });
