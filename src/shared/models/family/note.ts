import { TILE_SIDE, type Architecture } from '../layers.ts';
import { architectureOf } from './choices.ts';

/** The layers of the study note that the studio starts from; only the score and the initialisation differ between the two. */
const note = (
  name: string,
  response: 'gaussian' | 'logarithm',
  initialisation: Architecture['initialisation'],
): Architecture =>
  architectureOf({
    name,
    input: { side: TILE_SIDE, channels: 1, mean: 0.5, standardDeviation: 0.5, padding: 2 },
    initialisation,
    layers: [
      { kind: 'convolution', name: 'C1', filters: 6, kernel: 5, activation: 'sigmoid' },
      { kind: 'pooling', name: 'S2', pooling: 'average', window: 2 },
      { kind: 'convolution', name: 'C3', filters: 16, kernel: 5, activation: 'sigmoid' },
      { kind: 'pooling', name: 'S4', pooling: 'average', window: 2 },
      { kind: 'convolution', name: 'C5', filters: 120, kernel: 5, activation: 'sigmoid' },
      { kind: 'dense', name: 'F6', units: 84, activation: 'sigmoid' },
      { kind: 'rbf', name: 'output', centres: 'trainable', response },
    ],
  });

/**
 * As written it cannot learn: with centres drawn from N(0, 1) the squared distance in 84 dimensions is about 105, every output about 1e-23,
 * all ten are equal and the gradient vanishes; the loss stays at ln 10.
 */
export const noteAsWritten = (): Architecture =>
  note('LeNet-5, study note as written', 'gaussian', 'pytorch');

/** The mend: scores -d2 / 2 sigma^2 instead of their exponentials, and starting weights that suit the logistic function. */
export const noteMended = (): Architecture => note('LeNet-5, study note mended', 'logarithm', 'centred');
