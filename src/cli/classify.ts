import type { Rejection, RejectWish } from '../shared/contract/confidence.ts';
import { StudioError } from '../shared/errors.ts';
import { cli } from '../shared/messages/en/cli.ts';
import { classifyFolder } from '../engine/batches/classify-folder.ts';
import { isFreeForCsv } from '../engine/batches/csv-target.ts';
import { Pace } from '../engine/jobs/pace.ts';
import { formats, type Outcome, type Session } from './session.ts';

export interface ClassifyWish {
  folder: string;
  model: string;
  out: string;
  /** At most one of these. */
  maxError?: number;
  maxRejected?: number;
  threshold?: number;
}

const words = cli.classify;

/** `studio classify`. Throws `file-exists` for what is no CSV of the studio, and what `classifyFolder` throws. */
export async function classify(wish: ClassifyWish, session: Session): Promise<Outcome> {
  const { folder, model, out } = wish;
  const { compute, reader, signal, progress } = session;
  if (!(await isFreeForCsv(out))) throw new StudioError('file-exists', { file: out, wanted: 'csv' });
  let pace: Pace | undefined;
  const { seconds, rejection, ...counts } = await classifyFolder({
    folder,
    modelFolder: model,
    csv: out,
    reject: rejectOf(wish),
    compute,
    reader,
    signal,
    onProgress({ total, queued, listed }) {
      const done = total - queued;
      // From the first results on: the readers have started by then.
      if (done > 0) (pace ??= new Pace(done)).update(done);
      const rate = pace?.rate ?? null;
      const left = listed ? (pace?.secondsLeft(total) ?? null) : null;
      progress.update(() =>
        [
          words.progress(formats.count(done), formats.count(total), listed),
          ...(rate === null ? [] : [words.speed(formats.count(rate))]),
          ...(left === null ? [] : [words.left(formats.duration(left))]),
        ].join(', '),
      );
    },
  });
  const { total, done, rejected, failed, skipped } = counts;
  return {
    text: [
      words.done(out, formats.count(total), formats.duration(seconds)),
      words.counts(
        formats.count(done),
        formats.count(rejected),
        formats.count(failed),
        formats.count(skipped),
      ),
      ...(rejection ? [promiseLine(rejection)] : []),
    ],
    json: {
      files: total,
      classified: done,
      failed,
      seconds,
      rejected,
      skipped,
      model,
      out,
      threshold: rejection?.threshold ?? null,
      promise: rejection?.promise ?? null,
    },
  };
}

function rejectOf({ maxError, maxRejected, threshold }: ClassifyWish): RejectWish | undefined {
  if (maxError !== undefined) return { maxError };
  if (maxRejected !== undefined) return { maxRejected };
  return threshold === undefined ? undefined : { threshold };
}

function promiseLine({ threshold, promise }: Rejection): string {
  const limit = words.threshold(formats.number(threshold, 6));
  if (promise === null) return words.noPromise(limit);
  const { error, bound, rejected, accepted, errors, digits, data, exact } = promise;
  const share = (value: number): string =>
    exact ? formats.percent(value, 2) : words.roughly(formats.percent(value, 2));
  return words.promise(
    limit,
    share(error),
    words.errorsOf(formats.count(errors), formats.count(accepted)),
    formats.percent(bound, 2),
    share(rejected),
    words.validationDigits(formats.count(digits), data),
  );
}
