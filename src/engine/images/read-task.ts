import { createHash } from 'node:crypto';
import { readRegularFile } from '../files/read-file.ts';
import { MAX_FILE_BYTES } from './limits.ts';
import { digitBoxOf, normalisationStepsOf, renderOriginal } from './original.ts';
import { readImageFile, readNewImageFile } from './read-image.ts';
import type { ReaderTask, TaskOutcome } from './reader-protocol.ts';

/** Does with a file what a reader was asked for. Never throws because of the file. */
export function performTask(path: Buffer, task: ReaderTask): Promise<TaskOutcome> {
  switch (task.kind) {
    case 'tile':
      return readImageFile(path, task.recipe, task.follow);
    case 'new':
      return readNewImageFile(path, task.recipe, task.known, task.follow);
    case 'digest':
      return Promise.resolve(digestOf(path, task.follow));
    case 'original':
      return renderOriginal(path, task.follow);
    case 'steps':
      return normalisationStepsOf(path, task.recipe, task.follow);
    case 'box':
      return digitBoxOf(path, task.recipe, task.follow);
  }
}

function digestOf(path: Buffer, follow?: boolean): TaskOutcome {
  const bytes = readRegularFile(path, MAX_FILE_BYTES, follow);
  if (!Buffer.isBuffer(bytes)) return bytes;
  return { status: 'done', digest: createHash('sha256').update(bytes).digest('hex') };
}
