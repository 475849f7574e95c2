import { trainingParameters, defaultRecipe, type TrainingParameters } from '../../../shared/domain.ts';
import { architectureFor, architectureNames } from '../../../shared/models/family/index.ts';
import { architecture, type Architecture } from '../../../shared/models/layers.ts';
import { countParameters } from '../../../shared/models/summary.ts';
import { initialWeights } from '../initialise.ts';
import type { StoredModel } from '../store.ts';

/** A model as training leaves one, but for the training: all of its tensors differ from where they begin. */
export function modelOf(
  architecture: Architecture,
  training: TrainingParameters = trainingParameters.parse({}),
): StoredModel {
  const weights = initialWeights(architecture, 5).map((tensor) => ({
    ...tensor,
    values: tensor.values.map((value, at) => {
      if (/\/(bias|offset|mean)$/.test(tensor.name)) return 0.1 * Math.sin(at + 1);
      return /\/(scale|variance|sigma)$/.test(tensor.name) ? value + 0.3 * Math.sin(at) ** 2 : value;
    }),
  }));
  return {
    architecture,
    weights,
    card: {
      id: 'a',
      name: 'Ünïcode | 数字',
      createdAt: '2026-01-02T03:04:05.000Z',
      studioVersion: '0.1.0',
      architecture: architecture.name,
      parameters: countParameters(architecture),
      training,
      normalisation: defaultRecipe,
      data: {
        name: 'MNIST',
        hash: 'c0ffee00',
        trainCount: 54_000,
        validationCount: 6_000,
        testCount: 10_000,
      },
      metrics: {
        bestEpoch: 2,
        epochs: [1, 2].map((epoch) => ({
          epoch,
          trainLoss: 0.25 / epoch,
          trainAccuracy: 0.9 + epoch / 100,
          validationLoss: 0.2 / epoch,
          validationAccuracy: 0.92 + epoch / 100,
          seconds: 6.25,
        })),
        testLoss: 0.0812,
        testAccuracy: 0.9751,
        imagesPerSecond: 9_876,
      },
      confidence: {
        ...{ data: 'MNIST', split: 'validation', digits: 6_000, temperature: 1.3 },
        ...{ before: { error: 0.01, bins: [] }, after: { error: 0.004, bins: [] } },
        curve: [{ threshold: 0, accepted: 6_000, errors: 90 }],
      },
      engine: {
        tensorflow: '2.21.0',
        node: '24.21.0',
        platform: 'linux-x64',
        threads: { intraOp: 1, interOp: 2 },
        flags: { TF_ENABLE_ONEDNN_OPTS: '1' },
      },
    },
  };
}

const named = (parameters: Partial<TrainingParameters>): Architecture =>
  architectureFor(trainingParameters.parse(parameters));

/** What the family's networks leave out: a transpose convolution that loses its margin, several copies, pools that leave a rest. */
const oddities = architecture.parse({
  name: 'Odd',
  input: { side: 28, channels: 1, mean: 0.1307, standardDeviation: 0.3081, padding: 1 },
  layers: [
    { kind: 'convolution', name: 'A', filters: 3, kernel: 4, activation: 'relu' },
    { kind: 'subsampling', name: 'B', window: 2, copies: 2, activation: 'scaled-tanh' },
    {
      kind: 'convolution',
      name: 'C',
      type: 'transpose',
      filters: 4,
      kernel: 2,
      padding: 2,
      activation: 'tanh',
    },
    {
      kind: 'convolution',
      name: 'D',
      type: 'dilated',
      filters: 4,
      kernel: 3,
      padding: 2,
      bias: false,
      activation: 'linear',
    },
    { kind: 'batch-normalisation', name: 'E', activation: 'sigmoid' },
    {
      kind: 'convolution',
      name: 'F',
      type: 'separable',
      filters: 5,
      kernel: 3,
      padding: 1,
      bias: false,
      activation: 'tanh',
    },
    { kind: 'pooling', name: 'G', pooling: 'max', window: 3 },
    {
      kind: 'convolution',
      name: 'H',
      type: 'transpose',
      filters: 3,
      kernel: 3,
      padding: 1,
      connections: [[0, 1], [4], [2, 3]],
      activation: 'linear',
    },
    { kind: 'dropout', name: 'I', rate: 0.4 },
    { kind: 'dense', name: 'J', units: 84, activation: 'tanh' },
    { kind: 'batch-normalisation', name: 'K', activation: 'linear' },
    { kind: 'rbf', name: 'L', centres: 'codes', sigma: 'trainable', response: 'logarithm' },
  ],
});

/** Every architecture, every kind of convolution in each place of LeNet-5, both poolings, all activations. */
export const allArchitectures: readonly [string, Architecture][] = [
  ...architectureNames.map((name) => [name, named({ architecture: name })] as [string, Architecture]),
  ...(['separable', 'transpose'] as const).flatMap((type) =>
    ['C1', 'C3', 'C5'].map(
      (layer) => [`${layer} ${type}`, named({ convolutions: { [layer]: type } })] as [string, Architecture],
    ),
  ),
  // A dilated convolution takes more away than one layer of LeNet-5 leaves to the next.
  ['C1 dilated', named({ convolutions: { C1: 'dilated', C5: 'transpose' } })],
  ['C3 dilated', named({ convolutions: { C3: 'dilated', C5: 'transpose' } })],
  ['C5 dilated', named({ convolutions: { C1: 'transpose', C3: 'transpose', C5: 'dilated' } })],
  ['sigmoid, average pooling, dropout', named({ activation: 'sigmoid', pooling: 'average', dropout: 0.5 })],
  ['relu', named({ activation: 'relu' })],
  ['odd layers', oddities],
];
