import { lenet1H3 } from '../connections.ts';
import { CLASSES, TILE_SIDE, type Architecture } from '../layers.ts';
import { architectureOf, values1998 } from './choices.ts';

/** LeNet-1: the network of Le Cun et al. 1990 (p. 402), which LeCun et al. 1998 (section III-C.6) compare. 2,578 parameters, 98,442 connections. */
export const lenet1 = (): Architecture =>
  architectureOf({
    name: 'LeNet-1',
    input: { side: TILE_SIDE, channels: 1, padding: 0, ...values1998 },
    initialisation: 'lecun-1998',
    layers: [
      { kind: 'convolution', name: 'H1', filters: 4, kernel: 5, activation: 'scaled-tanh' },
      { kind: 'subsampling', name: 'H2', window: 2, activation: 'scaled-tanh' },
      {
        kind: 'convolution',
        name: 'H3',
        filters: 12,
        kernel: 5,
        connections: lenet1H3,
        activation: 'scaled-tanh',
      },
      { kind: 'subsampling', name: 'H4', window: 2, activation: 'scaled-tanh' },
      { kind: 'dense', name: 'output', units: CLASSES, activation: 'scaled-tanh' },
    ],
  });
