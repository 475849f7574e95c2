import { mcnemar, SIGNIFICANT } from '../statistics/mcnemar.ts';
import type { Formats } from './format.ts';
import type { Messages } from './index.ts';

/** Smaller probabilities are not told apart. */
const LEAST_CHANCE = 0.0001;

/** One of two readers of the same digits, and how many of them it alone reads right. */
export interface Reader {
  name: string;
  alone: number;
}

/** Which of two readers is better, and whether that is more than chance. */
export function verdict(
  t: Messages['runs']['compare'],
  format: Formats,
  first: Reader,
  second: Reader,
): string {
  if (first.alone === second.alone) return t.asMany;
  const [better, worse] = first.alone > second.alone ? [first, second] : [second, first];
  const chance = mcnemar(first.alone, second.alone);
  const say = chance < SIGNIFICANT ? t.moreThanChance : t.mayBeChance;
  const written =
    chance < LEAST_CHANCE
      ? t.chanceBelow(format.number(LEAST_CHANCE, 4))
      : t.chance(format.number(chance, chance < 0.1 ? 4 : 2));
  return say(better.name, worse.name, format.count(better.alone - worse.alone), written);
}
