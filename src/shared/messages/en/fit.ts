import type { FitMessages } from '../explain.ts';

const LOSSES = { eq8: 'Equation 8', eq9: 'Equation 9' } as const;
const PARTS = {
  pooling: 'a maximum',
  'batch-normalisation': 'batch normalisation',
  dropout: 'dropout',
  rbf: 'an RBF layer with trainable centres',
} as const;

/** Why parameters cannot be trained with, and what would help. */
export const fit: FitMessages = {
  'loss-wants-penalties': ({ loss, layer }) => ({
    what: `${LOSSES[loss]} adds up the penalties of an RBF output, and “${layer}” gives none.`,
    next: 'Choose cross-entropy, or LeNet-5 as published.',
  }),
  'loss-wants-signs': ({ layer }) => ({
    what: `Mean squared error wants outputs of 1 and −1, which “${layer}” cannot reach.`,
    next: 'Choose another loss.',
  }),
  'no-curvature': ({ layer, part }) => ({
    what: `Levenberg-Marquardt needs second derivatives, which do not pass through ${PARTS[part]} (“${layer}”).`,
    next: {
      pooling: 'Choose average pooling or another optimiser.',
      dropout: 'Set dropout to 0 or choose another optimiser.',
      'batch-normalisation': 'Choose another optimiser.',
      rbf: 'Choose another optimiser.',
    }[part],
  }),
  'wrong-shape': ({ layer, needed, found }) => ({
    what: `“${layer}” needs ${sides(needed)}, but the map before it is only ${sides(found)}.`,
    next: 'Give it or a convolution before it another kind.',
  }),
  'no-such-layer': ({ layer }) => ({
    what: `This architecture has no convolution “${layer}”.`,
    next: 'Name one that it has.',
  }),
};

const sides = (shape: string): string => shape.replaceAll('x', '×');
