import { normalisationStepsOf, renderOriginal } from './original.ts';
import { readImageFile } from './read-image.ts';
import type { ReaderTask, TaskOutcome } from './reader-protocol.ts';

/** Does with a file what a reader was asked for. Never throws because of the file. */
export function performTask(path: Buffer, task: ReaderTask): Promise<TaskOutcome> {
  switch (task.kind) {
    case 'tile':
      return readImageFile(path, task.recipe);
    case 'original':
      return renderOriginal(path);
    case 'steps':
      return normalisationStepsOf(path, task.recipe);
  }
}
