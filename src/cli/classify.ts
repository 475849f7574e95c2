import path from 'node:path';
import { batchFormats, type BatchFormat } from '../shared/contract/batches.ts';
import type { BatchLikeness, Rejection } from '../shared/contract/confidence.ts';
import { StudioError } from '../shared/errors.ts';
import { cli } from '../shared/messages/en/cli.ts';
import { classifyFolder } from '../engine/batches/classify-folder.ts';
import { classifyInProject } from '../engine/batches/classify-in-project.ts';
import { isFreeFor, type ExportPlace } from '../engine/batches/csv-target.ts';
import type { BatchCounts } from '../engine/batches/ledger.ts';
import type { BatchOptions } from '../engine/batches/options.ts';
import { Pace } from '../engine/jobs/pace.ts';
import type { Filed } from '../engine/filing/file-batch.ts';
import { filingAsked, filingLines } from './filing.ts';
import type { FilingOptions } from './filing-options.ts';
import { promiseLine, rejectOf, unlikeLines, type RejectOptions } from './reject.ts';
import { formats, type Outcome, type Session } from './session.ts';

/** What `classify` is asked for, with or without a project. */
export type ClassifyWish = RejectOptions &
  FilingOptions & {
    folder: string;
    format?: BatchFormat;
    followLinks?: boolean;
  } & (
    | { project?: undefined; model: string; out: string }
    | { project: string; model?: string; out?: string; resume?: boolean; verify?: boolean; watch?: boolean }
  );

const words = cli.classify;

/** `studio classify`. Throws `file-exists` for what is no export of the studio, and what `classifyFolder` and `classifyInProject` throw. */
export async function classify(wish: ClassifyWish, session: Session): Promise<Outcome> {
  const { folder } = wish;
  const { compute, reader, signal } = session;
  const out = wish.out === undefined ? undefined : placeOf(wish.out, wish.format);
  if (out && !(await isFreeFor(out.format, out.file)))
    throw new StudioError('file-exists', { file: out.file, wanted: out.format });
  const filing = filingAsked(wish, session);
  const common = {
    ...{
      folder,
      followLinks: wish.followLinks,
      reject: rejectOf(wish),
      compute,
      reader,
      signal,
      onProgress: watch(session),
    },
    ...(filing && { filing }),
  };
  const filedLines = (filed: Filed | null): string[] => (filing && filed ? filingLines(filing, filed) : []);
  if (wish.project === undefined) {
    const { model } = wish;
    const done = await classifyFolder({ ...common, modelFolder: model, out: out! });
    const { text, json } = outcome(done, done, { model, out: wish.out });
    return { text: [...text, ...filedLines(done.filed)], json };
  }
  const { project, model, resume, verify, watch: isWatched } = wish;
  const { batch, ...done } = await classifyInProject({
    ...common,
    project,
    modelFolder: model,
    out,
    ...(resume && { resume }),
    ...(verify && { verify }),
    ...(isWatched && { watch: true, onProgress: watchFiles(session) }),
  });
  const { text, json } = outcome(batch, done, { model: batch.modelName, out: wish.out ?? null });
  return {
    text: [words.inProject(batch.name, project), ...text, ...filedLines(done.filed)],
    json: { ...json, project, batch: batch.id, name: batch.name, reused: batch.reused },
  };
}

/** The format that was asked for, or that the file's name says; else CSV. */
function placeOf(file: string, asked: BatchFormat | undefined): ExportPlace {
  const extension = path.extname(file).slice(1).toLowerCase();
  return { file, format: asked ?? batchFormats.find((format) => format === extension) ?? 'csv' };
}

/** Of a folder that is watched: there is no end to tell the time to. */
const watchFiles =
  ({ progress }: Session): BatchOptions['onProgress'] =>
  ({ total, queued, failed }) =>
    progress.update(() => words.watching(formats.count(total - queued), formats.count(failed)));

function watch({ progress }: Session): BatchOptions['onProgress'] {
  let pace: Pace | undefined;
  return ({ total, queued, listed }) => {
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
  };
}

interface Measured {
  seconds: number;
  rejection: Rejection | null;
  likeness: BatchLikeness | null;
  filed: Filed | null;
}

function outcome(
  { total, done, rejected, failed, skipped, reused }: BatchCounts,
  { seconds, rejection, likeness, filed }: Measured,
  where: { model: string; out: string | null },
): Outcome {
  const [files, time] = [formats.count(total), formats.duration(seconds)];
  return {
    text: [
      where.out === null ? words.doneInLedger(files, time) : words.done(where.out, files, time),
      words.counts(
        formats.count(done),
        formats.count(rejected),
        formats.count(failed),
        formats.count(skipped),
      ),
      ...(reused > 0 ? [words.reused(formats.count(reused))] : []),
      ...(rejection ? [promiseLine(rejection)] : []),
      ...unlikeLines(likeness),
    ],
    json: {
      files: total,
      classified: done,
      failed,
      seconds,
      rejected,
      skipped,
      ...where,
      threshold: rejection?.threshold ?? null,
      promise: rejection?.promise ?? null,
      likeness,
      ...(filed && { filing: filed }),
    },
  };
}
