import { InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import {
  defaultParameters,
  recipeOf,
  trainingParameters,
  type TrainingParameters,
} from '../shared/domain.ts';
import { convolutionTypes } from '../shared/models/layers.ts';
import { cli as words } from '../shared/messages/en/cli.ts';

type Key = keyof TrainingParameters;

/** In the order of the help: what is changed most often first. */
const first = ['epochs', 'seed', 'batchSize', 'learningRate', 'momentum', 'architecture'] as const;
const keys = Object.keys(trainingParameters.shape) as Key[];
export const parameterOrder: Key[] = [...first, ...keys.filter((key) => !first.some((one) => one === key))];

/** `--batch-size` for `batchSize`: commander gives it back under that name. */
const flagOf = (key: Key): string => `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** An option for every training parameter, with the ranges that the Train page has; the defaults are those of the architecture. */
export function parameterOptions(): Option[] {
  return parameterOrder.map((key) => {
    const schema = trainingParameters.shape[key].unwrap();
    const about = words.train.parameters[key];
    const preset = defaultParameters[key];
    if (schema instanceof z.ZodRecord)
      return new Option(`${flagOf(key)} <list>`, about).argParser(parseKinds);
    if ('options' in schema)
      return new Option(`${flagOf(key)} <name>`, words.withDefault(about, String(preset))).choices(
        schema.options,
      );
    return new Option(
      `${flagOf(key)} <number>`,
      words.withDefault(`${about}: ${rangeOf(schema)}`, String(preset)),
    ).argParser((text) => parseNumber(text, schema));
  });
}

/** The parameters of a command line: what it does not say is the architecture's own. */
export function parametersOf(options: Partial<TrainingParameters>): TrainingParameters {
  return recipeOf(options.architecture ?? defaultParameters.architecture, saidParameters(options));
}

/** The parameters that a command line names. */
export const saidParameters = (options: Partial<TrainingParameters>): Partial<TrainingParameters> =>
  Object.fromEntries(
    keys.flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]] as const])),
  );

/** `C1=dilated,C3=separable`. Throws commander's usage error. */
function parseKinds(text: string): TrainingParameters['convolutions'] {
  const pairs = text.split(',').map((pair) => pair.trim().split('='));
  const parsed = trainingParameters.shape.convolutions.safeParse(Object.fromEntries(pairs));
  if (!parsed.success || pairs.some((pair) => pair.length !== 2 || pair[0] === ''))
    throw new InvalidArgumentError(words.badKinds(convolutionTypes.join(', ')));
  return parsed.data;
}

/** Which digits are rejected, in one of three ways. */
export const rejectOptions = (): Option[] => [
  new Option('--max-error <share>', words.classify.maxError)
    .argParser(parseShare)
    .conflicts(['maxRejected', 'threshold']),
  new Option('--max-rejected <share>', words.classify.maxRejected)
    .argParser(parseShare)
    .conflicts('threshold'),
  new Option('--threshold <confidence>', words.classify.rejectBelow).argParser(parseShare),
];

/** `0.5%` or `0.005`. Throws commander's usage error. */
function parseShare(text: string): number {
  const [, digits, percent] = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text.trim()) ?? [];
  const share = Number(digits) / (percent ? 100 : 1);
  if (!(share >= 0 && share <= 1)) throw new InvalidArgumentError(words.badNumber(words.classify.share));
  return share;
}

/** Throws commander's usage error for anything but a number of the schema. */
export function parseNumber(text: string, schema: z.ZodNumber): number {
  const value = Number(text);
  if (text.trim() === '' || !schema.safeParse(value).success)
    throw new InvalidArgumentError(words.badNumber(rangeOf(schema)));
  return value;
}

function rangeOf(schema: z.ZodNumber): string {
  const [low, high] = [schema.minValue!, schema.maxValue!];
  if (schema.isInt)
    return high === Number.MAX_SAFE_INTEGER ? words.wholeFrom(low) : words.wholeRange(low, high);
  return schema.safeParse(low).success ? words.range(low, high) : words.rangeAbove(low, high);
}

/** A parameter as the command line takes it. */
export const parameterText = (value: TrainingParameters[Key]): string =>
  typeof value === 'object'
    ? Object.entries(value)
        .map(([layer, kind]) => `${layer}=${kind}`)
        .join(',') || '-'
    : String(value);
