import fs from 'node:fs/promises';
import { StudioError } from '../shared/errors.ts';
import { cli } from '../shared/messages/en/cli.ts';
import { classifyFolder } from '../engine/batches/classify-folder.ts';
import { CSV_HEADER } from '../engine/batches/csv-target.ts';
import { Pace } from '../engine/jobs/pace.ts';
import { formats, type Outcome, type Session } from './session.ts';

export interface ClassifyWish {
  folder: string;
  model: string;
  out: string;
}

const words = cli.classify;

/** `studio classify`. Throws `file-exists` for a file that is no CSV of this command, and what `classifyFolder` throws. */
export async function classify({ folder, model, out }: ClassifyWish, session: Session): Promise<Outcome> {
  const { compute, reader, signal, progress } = session;
  if (!(await isReplaceable(out))) throw new StudioError('file-exists', { file: out });
  let pace: Pace | undefined;
  const { seconds, ...counts } = await classifyFolder({
    folder,
    modelFolder: model,
    csv: out,
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
    ],
    json: { files: total, classified: done, failed, seconds, rejected, skipped, model, out },
  };
}

/** Nothing there, an empty file, an earlier CSV; what is no regular file is `classifyFolder`'s to judge. */
async function isReplaceable(out: string): Promise<boolean> {
  const there = await fs.stat(out).catch(() => null);
  if (!there?.isFile() || there.size === 0) return true;
  const handle = await fs.open(out).catch((error: NodeJS.ErrnoException) => {
    throw new StudioError('cannot-write', { file: out, detail: error.code ?? error.message });
  });
  try {
    const { buffer } = await handle.read(Buffer.alloc(CSV_HEADER.length), 0, CSV_HEADER.length, 0);
    return buffer.toString() === CSV_HEADER;
  } finally {
    await handle.close();
  }
}
