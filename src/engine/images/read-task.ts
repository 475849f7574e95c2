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
      return readImageFile(path, task.recipe);
    case 'new':
      return readNewImageFile(path, task.recipe, task.known);
    case 'digest':
      return Promise.resolve(digestOf(path));
    case 'original':
      return renderOriginal(path);
    case 'steps':
      return normalisationStepsOf(path, task.recipe);
    case 'box':
      return digitBoxOf(path, task.recipe);
  }
}

function digestOf(path: Buffer): TaskOutcome {
  const bytes = readRegularFile(path, MAX_FILE_BYTES);
  if (!Buffer.isBuffer(bytes)) return bytes;
  return { status: 'done', digest: createHash('sha256').update(bytes).digest('hex') };
}
