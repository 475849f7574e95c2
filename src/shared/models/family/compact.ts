import { CLASSES, TILE_SIDE, type Architecture, type ArchitectureInput } from '../layers.ts';
import { architectureOf } from './choices.ts';

type Written = ArchitectureInput['layers'][number];

/** A convolution without activation, batch normalisation and ReLU. */
const block = (at: number, filters: number): Written[] => [
  { kind: 'convolution', name: `C${at}`, filters, kernel: 3, padding: 1, bias: false, activation: 'linear' },
  { kind: 'batch-normalisation', name: `N${at}`, activation: 'relu' },
];
const halve = (at: number): Written => ({ kind: 'pooling', name: `P${at}`, pooling: 'max', window: 2 });

/** A network of today within LeNet-5's 61,706 parameters: six convolutions 3 x 3, batch normalisation, global average pooling. */
export const compact = (): Architecture =>
  architectureOf({
    name: 'Compact',
    input: { side: TILE_SIDE, channels: 1, mean: 0.1307, standardDeviation: 0.3081, padding: 0 },
    layers: [
      ...block(1, 16),
      ...block(2, 16),
      halve(2),
      ...block(3, 32),
      ...block(4, 32),
      halve(4),
      ...block(5, 56),
      ...block(6, 56),
      { kind: 'global-average', name: 'G' },
      { kind: 'dense', name: 'output', units: CLASSES, activation: 'linear' },
    ],
  });
