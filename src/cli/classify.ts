import path from 'node:path';
import { batchFormats, type BatchFormat } from '../shared/contract/batch-export.ts';
import type { RejectWish } from '../shared/contract/confidence.ts';
import { StudioError } from '../shared/errors.ts';
import { cli } from '../shared/messages/en/cli.ts';
import { classifyFolder } from '../engine/batches/classify-folder.ts';
import type { Rejection } from '../engine/batches/rejection.ts';
import { isFreeForExport } from '../engine/batches/export.ts';
import { Pace } from '../engine/jobs/pace.ts';
import { formats, type Outcome, type Session } from './session.ts';

export interface ClassifyWish {
  folder: string;
  model: string;
  out: string;
  /** Without it what the extension of `out` says, else CSV. */
  format?: BatchFormat;
  /** At most one of these. */
  maxError?: number;
  maxRejected?: number;
  threshold?: number;
}

const words = cli.classify;

/** `studio classify`. Throws `file-exists` for what is no export of the studio in this format, and what `classifyFolder` throws. */
export async function classify(wish: ClassifyWish, session: Session): Promise<Outcome> {
  const { folder, model, out } = wish;
  const { compute, reader, signal, progress } = session;
  const format = wish.format ?? formatOf(out);
  if (!(await isFreeForExport[format](out)))
    throw new StudioError('file-exists', { file: out, wanted: 'export', format });
  let pace: Pace | undefined;
  const { seconds, rejection, ...counts } = await classifyFolder({
    folder,
    modelFolder: model,
    out,
    format,
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
      format,
      ...(rejection ?? { threshold: null, promise: null }),
    },
  };
}

const formatOf = (out: string): BatchFormat =>
  batchFormats.find((format) => path.extname(out).toLowerCase() === `.${format}`) ?? 'csv';

function rejectOf({ maxError, maxRejected, threshold }: ClassifyWish): RejectWish | undefined {
  if (maxError !== undefined) return { maxError };
  if (maxRejected !== undefined) return { maxRejected };
  return threshold === undefined ? undefined : { threshold };
}

function promiseLine({ threshold, promise }: Rejection): string {
  const limit = words.threshold(formats.number(threshold, 6));
  if (promise === null) return words.noPromise(limit);
  const { error, rejected, accepted, errors, digits, data, exact } = promise;
  const share = (value: number): string =>
    exact ? formats.percent(value, 2) : words.roughly(formats.percent(value, 2));
  return words.promise(
    limit,
    share(error),
    words.errorsOf(formats.count(errors), formats.count(accepted)),
    share(rejected),
    words.validationDigits(formats.count(digits), data),
  );
}
