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
  const pace = new Pace(0);
  const { seconds, ...counts } = await classifyFolder({
    folder,
    modelFolder: model,
    csv: out,
    compute,
    reader,
    signal,
    onProgress({ total, queued, listed }) {
      pace.update(total - queued);
      progress.update(() => {
        const left = listed ? pace.secondsLeft(total) : null;
        return [
          words.progress(formats.count(total - queued), formats.count(total), listed),
          ...(pace.rate === null ? [] : [words.speed(formats.count(pace.rate))]),
          ...(left === null ? [] : [words.left(formats.duration(left))]),
        ].join(', ');
      });
    },
  });
  const { total, done, rejected, failed, skipped } = counts;
  return {
    text: [
      words.done(out, formats.count(total), formats.duration(seconds)),
      words.counts(
        ...([done, rejected, failed, skipped].map(formats.count) as [string, string, string, string]),
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
