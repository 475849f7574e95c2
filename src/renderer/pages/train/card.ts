import { isTrained, type ShownCard, type TrainedCard } from '../../../shared/contract/index.ts';
import type { Formats, Messages } from '../../../shared/messages/index.ts';
import { choiceOf, isDistorting, type TrainingParameters } from '../../../shared/domain.ts';
import { isUsed } from '../../../shared/models/used.ts';
import { normalisationText } from '../../components/normalisation.ts';
import { groups, type Parameter } from './recipe.ts';
import { parameterText } from './words.ts';

/** One line of the card. */
export interface Fact {
  name: string;
  value: string;
  /** Written with letters of one width; `hash` can be copied. */
  kind?: 'code' | 'hash';
}

export type Section = keyof Messages['train']['card']['sections'];

interface CardSection {
  section: Section;
  facts: Fact[];
}

/** Intl writes a hyphen. */
const minus = (number: string): string => number.replace('-', '−');

/** All that a model's card tells but its name, in the order of the dialog. Parameters of the training keep all their digits. */
export function cardSections(
  card: ShownCard,
  { train: t, recipe, normalisation: asChosen }: Words,
  format: Formats,
): CardSection[] {
  const words = t.card;
  const { normalisation, input, origin } = card;
  const value = (share: number): string =>
    minus(format.number((share - input.mean) / input.standardDeviation));
  const model: CardSection = {
    section: 'model',
    facts: [
      { name: words.made, value: format.dateTime(new Date(card.createdAt)) },
      {
        name: words.architecture,
        value: isTrained(card) ? recipe.architectures[card.training.architecture].name : card.architecture,
      },
      { name: words.parameters, value: format.count(card.parameters) },
    ],
  };
  const inputs: CardSection = {
    section: 'input',
    facts: [
      { name: words.recipe, value: words.recipeVersion(normalisation.name, normalisation.version) },
      { name: asChosen.title, value: normalisationText(choiceOf(normalisation), asChosen, format) },
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
  return [
    ...[model, ...origins, ...resultSections(card, t, format)],
    ...trainingSections(card.training, t, recipe, format),
    ...[inputs, engineSection(card, t, format)],
  ];
}

type Words = Pick<Messages, 'train' | 'recipe' | 'normalisation'>;

function resultSections(
  { data, metrics }: TrainedCard,
  t: Messages['train'],
  format: Formats,
): CardSection[] {
  const words = t.card;
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
  ];
}

/** The parameters that have made a model what it is. Distortions that are off are told in a word. */
function trainingSections(
  training: TrainingParameters,
  train: Messages['train'],
  recipe: Messages['recipe'],
  format: Formats,
): CardSection[] {
  const fact = (parameter: Parameter): Fact => ({
    name: train.fields[parameter],
    value: parameterText(parameter, training, { train, recipe }, format),
  });
  const used = (parameters: readonly Parameter[]): Fact[] =>
    parameters.filter((parameter) => isUsed(parameter, training)).map(fact);
  const isOn = (parameter: Parameter): boolean =>
    training[parameter === 'elasticSmoothing' ? 'elasticStrength' : parameter] !== 0;
  const isDistorted = isDistorting(training);
  return [
    { section: 'network', facts: used(groups.network) },
    {
      section: 'training',
      facts: [
        ...used([...groups.run, ...groups.optimiser]),
        ...(isDistorted ? [] : [{ name: train.card.sections.distortions, value: recipe.noDistortion }]),
      ],
    },
    ...(isDistorted
      ? [{ section: 'distortions' as const, facts: groups.distortions.filter(isOn).map(fact) }]
      : []),
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
      ...(engine.eager === undefined ? [] : [{ name: words.eager, value: engine.eager }]),
    ],
  };
}
