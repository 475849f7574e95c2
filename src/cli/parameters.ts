import { InvalidArgumentError, Option } from 'commander';
import type { z } from 'zod';
import { defaultParameters, trainingParameters, type TrainingParameters } from '../shared/domain.ts';
import { cli as words } from '../shared/messages/en/cli.ts';

type Key = keyof TrainingParameters;

/** In the order of the help. */
export const parameterOrder: Key[] = [
  ...(['epochs', 'seed', 'batchSize', 'learningRate', 'momentum'] as const),
  ...(['validationShare', 'activation', 'pooling'] as const),
];

/** `--batch-size` for `batchSize`: commander gives it back under that name. */
const flagOf = (key: Key): string => `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** An option for every training parameter, with the ranges and defaults that the Train page has. */
export function parameterOptions(): Option[] {
  return parameterOrder.map((key) => {
    const schema = trainingParameters.shape[key].unwrap();
    const about = words.train.parameters[key];
    if ('options' in schema)
      return new Option(`${flagOf(key)} <name>`, about)
        .choices(schema.options)
        .default(defaultParameters[key]);
    return new Option(`${flagOf(key)} <number>`, `${about}: ${rangeOf(schema)}`)
      .argParser((text) => parseNumber(text, schema))
      .default(defaultParameters[key]);
  });
}

export const parametersOf = (options: TrainingParameters): TrainingParameters =>
  trainingParameters.parse(options);

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
