import { lenet4C3, lenet4C5 } from '../connections.ts';
import { CLASSES, TILE_SIDE, type Architecture } from '../layers.ts';
import { architectureOf, values1998 } from './choices.ts';

/**
 * LeNet-4, our reconstruction: LeCun et al. 1998 (section III-C.7) give its maps and about 17,000 parameters and 260,000 connections, but
 * not its wiring. Two S2 maps per C1 map; C3 and C5 connected in part, in the manner of LeNet-5's table. 16,498 parameters, 257,806
 * connections.
 */
export const lenet4 = (): Architecture =>
  architectureOf({
    name: 'LeNet-4, reconstructed',
    input: { side: TILE_SIDE, channels: 1, padding: 2, ...values1998 },
    initialisation: 'lecun-1998',
    layers: [
      { kind: 'convolution', name: 'C1', filters: 4, kernel: 5, activation: 'scaled-tanh' },
      { kind: 'subsampling', name: 'S2', window: 2, copies: 2, activation: 'scaled-tanh' },
      {
        kind: 'convolution',
        name: 'C3',
        filters: 16,
        kernel: 5,
        connections: lenet4C3,
        activation: 'scaled-tanh',
      },
      { kind: 'subsampling', name: 'S4', window: 2, activation: 'scaled-tanh' },
      {
        kind: 'convolution',
        name: 'C5',
        filters: 120,
        kernel: 5,
        connections: lenet4C5,
        activation: 'scaled-tanh',
      },
      { kind: 'dense', name: 'output', units: CLASSES, activation: 'scaled-tanh' },
    ],
  });
