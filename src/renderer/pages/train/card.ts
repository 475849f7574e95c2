import { isTrained, type ShownCard, type TrainedCard } from '../../../shared/contract/index.ts';
import type { Formats, Messages } from '../../../shared/messages/index.ts';
import { draftOf } from './recipe.ts';

/** One line of the card. */
export interface Fact {
  name: string;
  value: string;
  /** Written with letters of one width; `hash` can be copied. */
  kind?: 'code' | 'hash';
}

export type Section = keyof Messages['train']['card']['sections'];

/** Intl writes a hyphen. */
const minus = (number: string): string => number.replace('-', '−');

/** All that a model's card tells but its name, in the order of the dialog. Parameters of the training keep all their digits. */
export function cardSections(card: ShownCard, t: Messages['train'], format: Formats): CardSection[] {
  const words = t.card;
  const { normalisation, input, origin } = card;
  const value = (share: number): string =>
    minus(format.number((share - input.mean) / input.standardDeviation));
  const model: CardSection = {
    section: 'model',
    facts: [
      { name: words.made, value: format.dateTime(new Date(card.createdAt)) },
      { name: words.architecture, value: card.architecture },
      { name: words.parameters, value: format.count(card.parameters) },
    ],
  };
  const inputs: CardSection = {
    section: 'input',
    facts: [
      { name: words.recipe, value: words.recipeVersion(normalisation.name, normalisation.version) },
      { name: words.polarity, value: words.polarities[normalisation.polarity] },
      {
        name: words.scale,
        value: words.scaleFormula(format.number(input.mean), format.number(input.standardDeviation)),
      },
      { name: words.range, value: words.fromTo(value(0), value(1)) },
      { name: words.padding, value: words.paddingOf(input.padding) },
    ],
  };
  const origins: CardSection[] = origin
    ? [
        {
          section: 'origin',
          facts: [
            { name: words.originFiles, value: origin.name },
            { name: words.originFormat, value: words.originFormats[origin.format] },
            { name: words.originProgram, value: origin.program ?? words.notKnown },
            { name: words.originTaken, value: format.dateTime(new Date(origin.importedAt)) },
            { name: words.scale, value: words.originScales[origin.scale] },
          ],
        },
      ]
    : [];
  if (!isTrained(card)) return [model, ...origins, inputs];
  return [model, ...origins, ...trainingSections(card, t, format), inputs, engineSection(card, t, format)];
}

interface CardSection {
  section: Section;
  facts: Fact[];
}

function trainingSections(
  { data, metrics, training }: TrainedCard,
  t: Messages['train'],
  format: Formats,
): CardSection[] {
  const words = t.card;
  const exact = draftOf(training);
  const best = metrics.epochs.find(({ epoch }) => epoch === metrics.bestEpoch);
  const known = (value: number | null | undefined, written: (value: number) => string): string =>
    value == null ? t.figures.none : written(value);
  const accuracy = (share: number): string => format.percent(share, 2);
  const loss = (value: number): string => format.number(value, 4);
  return [
    {
      section: 'results',
      facts: [
        {
          name: words.bestEpoch,
          value: words.bestOf(format.count(metrics.bestEpoch), format.count(metrics.epochs.length)),
        },
        { name: t.figures.validationAccuracy, value: known(best?.validationAccuracy, accuracy) },
        { name: t.figures.validationLoss, value: known(best?.validationLoss, loss) },
        { name: words.testAccuracy, value: known(metrics.testAccuracy, accuracy) },
        { name: words.testLoss, value: known(metrics.testLoss, loss) },
        {
          name: t.figures.speed,
          value: known(
            metrics.imagesPerSecond,
            (speed) => `${format.count(Math.round(speed))} ${t.figures.speedUnit}`,
          ),
        },
      ],
    },
    {
      section: 'data',
      facts: [
        { name: words.dataName, value: data.name },
        { name: words.trainCount, value: format.count(data.trainCount) },
        { name: words.validationCount, value: format.count(data.validationCount) },
        { name: words.testCount, value: format.count(data.testCount) },
        { name: words.hash, value: data.hash, kind: 'hash' },
      ],
    },
    {
      section: 'training',
      facts: [
        { name: t.fields.activation, value: t.activations[training.activation] },
        { name: t.fields.pooling, value: t.poolings[training.pooling] },
        { name: t.fields.epochs, value: format.count(training.epochs) },
        { name: t.fields.batchSize, value: `${exact.batchSize} ${t.units.batchSize}` },
        { name: t.fields.learningRate, value: exact.learningRate },
        { name: t.fields.momentum, value: exact.momentum },
        { name: t.fields.seed, value: exact.seed },
        { name: t.fields.validationShare, value: words.percent(exact.validationShare) },
      ],
    },
  ];
}

function engineSection(
  { engine, studioVersion }: TrainedCard,
  t: Messages['train'],
  format: Formats,
): CardSection {
  const words = t.card;
  return {
    section: 'engine',
    facts: [
      { name: words.studio, value: studioVersion },
      { name: 'TensorFlow', value: engine.tensorflow },
      { name: 'Node', value: engine.node },
      { name: words.platform, value: engine.platform },
      { name: words.threadsWithin, value: format.count(engine.threads.intraOp) },
      { name: words.threadsBetween, value: format.count(engine.threads.interOp) },
      ...Object.entries(engine.flags).map(([name, value]): Fact => ({ name, value, kind: 'code' })),
    ],
  };
}
