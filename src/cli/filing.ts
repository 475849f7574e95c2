import { filingParts } from '../shared/contract/filing.ts';
import { StudioError } from '../shared/errors.ts';
import { cli } from '../shared/messages/en/cli.ts';
import { messagesFor, reasonLine } from '../shared/messages/index.ts';
import type { ReasonCode } from '../shared/errors.ts';
import {
  finishFiling,
  undoFiling,
  type CarriedOut,
  type CarryOutOptions,
} from '../engine/filing/carry-out.ts';
import type { Filed, FilingAsked } from '../engine/filing/file-batch.ts';
import type { FilingOptions } from './filing-options.ts';
import { formats, type Outcome, type Session } from './session.ts';

const words = cli.filing;

/** What `classify` is asked to do with the files; undefined: nothing. */
export function filingAsked(
  { copyTo, moveTo, folders = [...filingParts] }: FilingOptions,
  session: Session,
): FilingAsked | undefined {
  const target = copyTo ?? moveTo;
  if (target === undefined) return undefined;
  const action = copyTo === undefined ? 'move' : 'copy';
  return { action, parts: folders, target, onProgress: watch(session, words.progress[action]) };
}

/** `studio manifest`. Throws what `finishFiling` and `undoFiling` throw. */
export async function followManifest(
  what: 'undo' | 'finish',
  file: string,
  session: Session,
): Promise<Outcome> {
  const run = what === 'undo' ? undoFiling : finishFiling;
  const onProgress = watch(session, words.progress[what]);
  const result = await run(file, { signal: session.signal, onProgress }).catch((error: unknown) => {
    // What was done stands in the file system; a second call goes on.
    if (error instanceof StudioError && error.code === 'cancelled')
      throw new StudioError('cancelled', { manifest: file });
    throw error;
  });
  const done = what === 'undo' ? result.total - result.filed : result.filed;
  return {
    text: [words.done[what](formats.count(done), formats.count(result.total)), ...reasonLines(result)],
    json: { manifest: file, ...result },
  };
}

/** What `classify` says of it. */
export const filingLines = ({ action, target }: FilingAsked, result: Filed): string[] => [
  words.filed[action](formats.count(result.filed), target),
  ...reasonLines(result),
  words.way(result.manifest),
];

const reasonLines = ({ reasons }: CarriedOut): string[] =>
  Object.entries(reasons).map(([code, count]) =>
    words.leftOut(formats.count(count), reasonLine(messagesFor('en').reasons, { code: code as ReasonCode })),
  );

const watch =
  ({ progress }: Session, line: (done: string, total: string) => string): CarryOutOptions['onProgress'] =>
  (done, total) =>
    progress.update(() => line(formats.count(done), formats.count(total)));
