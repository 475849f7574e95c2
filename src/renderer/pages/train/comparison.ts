import type { Comparison, ErrorRejectPoint, Run } from '../../../shared/contract/index.ts';
import type { TrainingParameters } from '../../../shared/domain.ts';
import type { ColourToken } from '../../charts/palette.ts';
import type { ChartLine } from '../../charts/lines.ts';
import { isCrossEntropy, runCurves } from './curves.ts';

/** A run of a comparison: what it is called there, and its colour on every line. */
export interface ComparedRun {
  run: Run;
  letter: string;
  colour: ColourToken;
  found: Comparison['runs'][number] | null;
}

const COLOURS = [1, 2, 3, 4, 5, 6] as const;

/** In the order of the list, each with its letter and its colour. */
export const comparedRuns = (runs: readonly Run[], comparison: Comparison | null): ComparedRun[] =>
  runs.map((run, at) => ({
    run,
    letter: String.fromCharCode(65 + at),
    colour: `--series-${COLOURS[at % COLOURS.length]!}`,
    found: comparison?.runs.find(({ runId }) => runId === run.id) ?? null,
  }));

/** Two runs that have read the test split; `value` names them in a choice. */
export interface ComparedPair {
  value: string;
  a: ComparedRun;
  b: ComparedRun;
}

export function comparedPairs(compared: readonly ComparedRun[]): ComparedPair[] {
  const read = compared.filter(({ found }) => found?.batchId != null);
  return read.flatMap((a, at) => read.slice(at + 1).map((b) => ({ value: `${a.run.id} ${b.run.id}`, a, b })));
}

/** A run and the one that repeats its recipe come as before and after; all others in the order of the list. */
export function inOrder(runs: readonly Run[]): Run[] {
  const [first, second] = runs;
  return runs.length === 2 && first!.retrainOf === second!.id ? [second!, first!] : [...runs];
}

/** Settings that are not the same in all of them, in the order of the recipe. */
export function differingSettings(runs: readonly Run[]): (keyof TrainingParameters)[] {
  const [first, ...others] = runs.map(({ parameters }) => parameters);
  if (first === undefined) return [];
  return (Object.keys(first) as (keyof TrainingParameters)[]).filter((key) =>
    others.some((other) => JSON.stringify(other[key]) !== JSON.stringify(first[key])),
  );
}

/** Places of the lowest figure; none when all are the same or only one is known. */
export function lowest(values: readonly (number | null)[]): number[] {
  const known = values.filter((value) => value !== null);
  const least = Math.min(...known);
  if (known.length < 2 || known.every((value) => value === least)) return [];
  return values.flatMap((value, at) => (value === least ? [at] : []));
}

interface LineNames {
  train: (run: string) => string;
  validation: (run: string) => string;
}

/**
 * Lines of all runs over each other: training dashed, validation solid, one colour a run, named by its letter at the end. A training loss other
 * than cross-entropy is left out: it is of another measure.
 */
export function comparedLines(
  compared: readonly ComparedRun[],
  names: LineNames,
): { loss: ChartLine[]; error: ChartLine[]; epochs: number } {
  const all = compared.flatMap((one) => {
    const points = one.found?.points ?? [];
    const { run } = one;
    const drawn = points.at(-1)?.step ?? 0;
    const perEpoch = run.stepsPerEpoch ?? Math.max(1, drawn / Math.max(1, run.epochs.length));
    return [{ one, curves: runCurves(points, run.epochs, perEpoch) }];
  });
  const linesOf = (which: 'loss' | 'error'): ChartLine[] =>
    all.flatMap(({ one: { run, letter, colour }, curves }) => {
      const [train, validation] =
        which === 'loss'
          ? [isCrossEntropy(run) ? curves.loss : [], curves.validationLoss]
          : [curves.trainError, curves.validationError];
      const named = { endLabel: letter };
      return [
        {
          name: names.train(run.name),
          points: train,
          colour,
          dashed: true,
          ...(validation.length === 0 && train.length > 0 && named),
        },
        ...(validation.length > 0
          ? [{ name: names.validation(run.name), points: validation, colour, dots: true, ...named }]
          : []),
      ];
    });
  const epochs = Math.max(
    1,
    ...compared.map(({ run }) => Math.max(run.parameters.epochs, run.epochs.length)),
  );
  return { loss: linesOf('loss'), error: linesOf('error'), epochs };
}

/** Error-reject curves of runs over each other, in the runs' colours; shares from 0 to 1. */
export const rejectLines = (
  read: readonly ComparedRun[],
  curves: readonly (readonly ErrorRejectPoint[])[],
): ChartLine[] =>
  read.flatMap(({ run, letter, colour }, at) => {
    const curve = curves[at] ?? [];
    const digits = curve[0]?.accepted ?? 0;
    const points = curve.map(({ accepted, errors }) => ({ x: 1 - accepted / digits, y: errors / accepted }));
    return points.length === 0 ? [] : [{ name: run.name, endLabel: letter, points, colour, straight: true }];
  });
