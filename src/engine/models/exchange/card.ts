import { isTrained, type ModelCard, type TrainedCard } from '../../../shared/contract/model-card.ts';
import type { NormalisationRecipe } from '../../../shared/domain.ts';
import { TILE_SIDE, type Activation, type Architecture, type Layer } from '../../../shared/models/layers.ts';
import { family } from '../../../shared/models/family/index.ts';
import { activationOf, costsOf, summarise, type LayerSummary } from '../../../shared/models/summary.ts';
import type { StoredModel } from '../store.ts';

const FORMAT = 'lenet-studio/card';
const VERSION = 1;

/** The card as JSON: all that the model's folder says but its weights, with shapes and costs of the layers. */
export function cardJson({ card, architecture }: StoredModel): string {
  const layers = summarise(architecture).map(({ layer, input, output, parameterCount, multiplyAdds }) => ({
    name: layer.name,
    kind: layer.kind,
    input,
    output,
    parameters: parameterCount,
    multiplyAdds,
  }));
  const content = {
    format: FORMAT,
    version: VERSION,
    card,
    architecture,
    layers,
    costs: costsOf(architecture),
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** The card as a document, in English: what the model is, what it was made of, how well it reads, and what follows for its use. */
export function cardMarkdown({ card, architecture }: StoredModel): string {
  const sections = [
    [`# ${inline(card.name)}`, summary(card, architecture)],
    ['## Use', list(uses(card, architecture))],
    ['## Limits', list(limits(card))],
    ['## Input and output', table(['', ''], inputs(card, architecture))],
    ['## Architecture', architectureTable(architecture), costs(architecture)],
    ...(isTrained(card)
      ? [
          ['## Results', table(['Figure', 'Value'], results(card)), epochs(card)],
          ['## Data', table(['', ''], data(card))],
          ['## Training', table(['Parameter', 'Value'], training(card))],
        ]
      : [['## Results, data and training', 'Not known: the files that the model came from do not say.']]),
    ...(card.origin ? [['## Origin', table(['', ''], origin(card.origin))]] : []),
    ['## Made with', table(['', ''], engine(card))],
  ];
  return `${sections.map((section) => section.join('\n\n')).join('\n\n')}\n`;
}

type Row = readonly (string | number)[];

/** Text that stands for itself in Markdown. */
const inline = (text: string): string =>
  text.replace(/[\\`*_{}[\]<>#|~]/g, (sign) => `\\${sign}`).replace(/\s+/g, ' ');
const list = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');

function table(head: readonly string[], rows: readonly Row[]): string {
  const line = (cells: Row): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const SPLITS = { validation: 'validation', train: 'training', test: 'test' } as const;
const SEEN = {
  no: '',
  unknown: ', which it may have been trained with',
  yes: ', which it was trained with',
} as const;

const count = (value: number): string => value.toLocaleString('en-US');
const percent = (share: number | null | undefined): string =>
  share == null ? 'not measured' : `${(share * 100).toFixed(2)} %`;
const figure = (value: number | null | undefined, digits = 4): string =>
  value == null ? 'not measured' : value.toFixed(digits);

function summary(card: ModelCard, architecture: Architecture): string {
  const what = `Reads single handwritten digits, 0 to 9. ${inline(card.architecture)}, ${count(card.parameters)} trainable parameters, ${architecture.layers.length} layers.`;
  if (!isTrained(card)) return `${what} How it was trained, and how well it reads, is not known.`;
  const { metrics, data } = card;
  const measured =
    metrics.testAccuracy === null
      ? 'It was not measured on test digits.'
      : `Of ${count(data.testCount)} test digits of ${inline(data.name)} it read ${percent(metrics.testAccuracy)} right.`;
  return `${what} Trained on ${count(data.trainCount)} digits of ${inline(data.name)}. ${measured}`;
}

const uses = (card: ModelCard, { input }: Architecture): string[] => [
  'For pictures of one digit each, brought to 28 x 28 as described under “Input and output”. The studio does that by itself.',
  card.rejectClass
    ? 'It answers with ten probabilities; what is missing to 1 is that of no digit. Where no digit has more than half, refuse. A person should look at what it refuses, and at a sample of the rest.'
    : 'It always answers with one of ten digits and ten probabilities. A person should look at what it is unsure of, and at a sample of the rest.',
  ...(isTrained(card) && card.metrics.testAccuracy !== null
    ? [
        `Expect about ${figure((1 - card.metrics.testAccuracy) * 1000, 1)} errors in 1,000 digits that are like its test digits, and more in others.`,
      ]
    : []),
  ...(input.padding > 0
    ? [`The ${input.padding} pixels of padding are part of the network: give it 28 x 28.`]
    : []),
];

function limits(card: ModelCard): string[] {
  const always = [
    card.rejectClass
      ? 'It was trained to refuse pieces, merged digits, dirt and strokes made from its training digits; letters and signs that look like digits it may still accept.'
      : 'No letters, no signs, no touching digits, no fields of several digits: whatever comes in is read as one digit.',
    card.confidence
      ? `The probabilities are the softmax of the scores${card.rejectClass ? ', and of an eleventh that is always 0,' : ''} divided by ${figure(card.confidence.temperature, 3)}, a temperature fitted on ${figure(card.confidence.digits, 0)} ${SPLITS[card.confidence.split]} digits${SEEN[card.confidence.seen ?? 'no']}.`
      : 'The probabilities are a softmax and were not calibrated: 0.99 need not mean 99 of 100.',
  ];
  if (!isTrained(card))
    return [
      ...always,
      ...(card.origin?.scale === 'assumed'
        ? [
            'The value scale byte / 255 was assumed at import. If it was trained with another one, its answers are wrong.',
          ]
        : []),
      'Measure it on labelled digits of your own before you rely on it.',
    ];
  const { data, metrics, training } = card;
  const distorted = [
    training.rotation,
    training.scaling,
    training.shear,
    training.shift,
    training.elasticStrength,
  ];
  return [
    ...always,
    `It has seen ${inline(data.name)} only. Other pens, scanners and countries write other digits; measure it on labelled digits of your own.`,
    ...(distorted.every((value) => value === 0)
      ? ['It was trained without distortions: turned, slanted or shifted digits are read worse.']
      : []),
    ...(data.validationCount === 0
      ? ['No validation digits were set aside: its last epoch was kept, not its best.']
      : []),
    ...(metrics.testAccuracy === null ? ['It was not measured on test digits.'] : []),
    ...(training.patience > 0 && metrics.epochs.length < training.epochs
      ? [`Training ended after ${metrics.epochs.length} of ${training.epochs} epochs, since none was better.`]
      : []),
  ];
}

const cropAndDeskew = ({ crop, deskew }: NormalisationRecipe): string =>
  `${crop === false ? ', whole pictures' : ''}${deskew ? ', set upright' : ''}`;

const inputs = ({ normalisation }: ModelCard, { input }: Architecture): Row[] => [
  ['Input', `${TILE_SIDE} x ${TILE_SIDE} x 1 bytes, ink 255 on 0`],
  [
    'Normalisation',
    `${normalisation.name}, version ${normalisation.version}, polarity ${normalisation.polarity}${cropAndDeskew(normalisation)}`,
  ],
  ['Value scale', `(byte / 255 - ${input.mean}) / ${input.standardDeviation}, inside the model`],
  ['Padding', `${input.padding} pixels of background on each side, after scaling, inside the model`],
  ['Output', '10 scores; their softmax are the probabilities of 0 to 9'],
];

const kindOf = (layer: Layer): string => {
  switch (layer.kind) {
    case 'convolution': {
      const connected = layer.connections ? ', connection table' : '';
      return `convolution ${layer.kernel}x${layer.kernel}, ${layer.type}${connected}`;
    }
    case 'pooling':
      return `${layer.pooling} pooling ${layer.window}x${layer.window}`;
    case 'subsampling':
      return `subsampling ${layer.window}x${layer.window}, trainable`;
    case 'dropout':
      return `dropout ${layer.rate}`;
    case 'rbf':
      return `RBF, ${layer.centres}, ${layer.response}`;
    default:
      return layer.kind;
  }
};

const activationText = (activation: Activation): string => (activation === 'linear' ? '' : activation);

const architectureTable = (architecture: Architecture): string =>
  table(
    ['Layer', 'Kind', 'Activation', 'Output', 'Parameters', 'Multiply-adds', 'Receptive field'],
    summarise(architecture).map(
      ({ layer, output, parameterCount, multiplyAdds, receptiveField }: LayerSummary) => [
        inline(layer.name),
        kindOf(layer),
        activationText(activationOf(layer)),
        output.join('x'),
        count(parameterCount),
        count(multiplyAdds),
        `${receptiveField}x${receptiveField}`,
      ],
    ),
  );

function costs(architecture: Architecture): string {
  const { parameters, multiplyAdds, connections } = costsOf(architecture);
  return `Together ${count(parameters)} trainable parameters, ${count(multiplyAdds)} multiply-adds and ${count(connections)} connections per digit.`;
}

function results({ metrics }: TrainedCard): Row[] {
  const best = metrics.epochs.find(({ epoch }) => epoch === metrics.bestEpoch);
  return [
    ['Kept epoch', `${metrics.bestEpoch} of ${metrics.epochs.length}`],
    ['Validation accuracy', percent(best?.validationAccuracy)],
    ['Validation loss', figure(best?.validationLoss)],
    ['Test accuracy', percent(metrics.testAccuracy)],
    ['Test loss', figure(metrics.testLoss)],
    [
      'Training speed',
      metrics.imagesPerSecond === null
        ? 'not measured'
        : `${count(Math.round(metrics.imagesPerSecond))} digits/s`,
    ],
  ];
}

const epochs = ({ metrics }: TrainedCard): string =>
  table(
    ['Epoch', 'Training loss', 'Training accuracy', 'Validation loss', 'Validation accuracy', 'Seconds'],
    metrics.epochs.map((epoch) => [
      epoch.epoch,
      figure(epoch.trainLoss),
      percent(epoch.trainAccuracy),
      figure(epoch.validationLoss),
      percent(epoch.validationAccuracy),
      figure(epoch.seconds, 1),
    ]),
  );

const data = ({ data }: TrainedCard): Row[] => [
  ['Data set', inline(data.name)],
  ['SHA-256 of tiles and labels', `\`${data.hash}\``],
  ['Training digits', count(data.trainCount)],
  ['Validation digits', count(data.validationCount)],
  ['Test digits', count(data.testCount)],
];

/** What the architecture does not leave open says nothing. */
function training({ training }: TrainedCard): Row[] {
  const { open } = family[training.architecture];
  const idle = (['activation', 'pooling', 'dropout'] as const).filter((name) => !open.includes(name));
  return Object.entries(training)
    .filter(([name]) => !idle.some((one) => one === name))
    .map(([name, value]) => [name, typeof value === 'object' ? kinds(value) : inline(String(value))]);
}

const kinds = (convolutions: Readonly<Record<string, string>>): string =>
  Object.entries(convolutions)
    .map(([layer, kind]) => inline(`${layer} ${kind}`))
    .join(', ') || 'as the architecture has them';

const origin = (origin: NonNullable<ModelCard['origin']>): Row[] => [
  ['Format', origin.format],
  ['Files', inline(origin.name)],
  ['Written by', inline(origin.program ?? 'not known')],
  ['Taken over', origin.importedAt],
  ['Value scale', origin.scale],
];

const engine = (card: ModelCard): Row[] => [
  ['Made', card.createdAt],
  ['LeNet Studio', card.studioVersion],
  ...(isTrained(card)
    ? [
        ['TensorFlow', card.engine.tensorflow],
        ['Node', card.engine.node],
        ['Platform', card.engine.platform],
        [
          'Threads',
          `${card.engine.threads.intraOp} in an operation, ${card.engine.threads.interOp} operations at once`,
        ],
        ...Object.entries(card.engine.flags),
        ...(card.engine.eager === undefined ? [] : [['Not compiled, because', card.engine.eager] as const]),
      ]
    : []),
  ['Id', card.id],
];
