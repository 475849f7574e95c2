import type { DuplicateSummary } from '../shared/contract/index.ts';
import { normalisationOf, type NormalisationChoice } from '../shared/domain.ts';
import { cli } from '../shared/messages/en/cli.ts';
import { withDataSet } from '../engine/datasets/load.ts';
import { duplicateSummary } from '../engine/duplicates/pairs.ts';
import { searchDuplicates } from '../engine/duplicates/search.ts';
import { sourceOf } from './digits.ts';
import { formats, type Outcome, type Session } from './session.ts';

const words = cli.duplicates;
type Counted = DuplicateSummary['counts'][number];

/** `studio duplicates`. Throws what `withDataSet` and `searchDuplicates` throw. */
export async function duplicates(
  { data, normalisation }: { data: string; normalisation: NormalisationChoice },
  session: Session,
): Promise<Outcome> {
  const { reader, signal, progress } = session;
  const summary = await withDataSet(
    {
      source: sourceOf(data),
      recipe: normalisationOf(normalisation),
      reader,
      signal,
      onProgress: (files) => progress.update(() => cli.reading(formats.count(files))),
    },
    async (db, dataSetId) => {
      const onProgress = (done: number, total: number): void =>
        progress.update(() => words.progress(formats.percent(done / total, 0)));
      await searchDuplicates({ db, dataSetId, signal, onProgress });
      return duplicateSummary(db, dataSetId);
    },
  );
  const { digits, seconds, more } = summary.search!;
  const count = (wanted: Partial<Counted>): number => countOf(summary.counts, wanted);
  const figures = (kind: Partial<Counted>): Record<'pairs' | 'otherLabel' | 'leaks', number> => ({
    pairs: count(kind),
    otherLabel: count({ ...kind, same: false }),
    leaks: count({ ...kind, leak: true }),
  });
  const [exact, near] = [figures({ exact: true }), figures({ exact: false })];
  const row = (head: string, { pairs, otherLabel, leaks }: typeof exact): string =>
    [head.padEnd(8), ...[pairs, otherLabel, leaks].map((value) => formats.count(value).padStart(14))].join(
      '',
    );
  return {
    text: [
      words.done(formats.count(digits), formats.duration(seconds)),
      [''.padEnd(8), ...words.columns.map((column) => column.padStart(14))].join(''),
      row(words.exact, exact),
      row(words.near, near),
      ...(more > 0 ? [words.more(formats.count(more))] : []),
    ],
    json: { data, digits, seconds, exact, near, more },
  };
}

const countOf = (counts: readonly Counted[], wanted: Partial<Counted>): number =>
  counts
    .filter((cell) => Object.entries(wanted).every(([key, value]) => cell[key as keyof Counted] === value))
    .reduce((sum, { count }) => sum + count, 0);
