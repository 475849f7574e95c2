import { cli as words } from '../shared/messages/en/cli.ts';
import type { DataSource } from '../engine/datasets/load.ts';
import { places } from '../serve/places.ts';
import type { ProgressLine } from './progress.ts';
import { formats } from './session.ts';

/** The word for the data set that is built in; a folder of that name is `./mnist`. */
const MNIST = 'mnist';

/** What `--data` names. */
export const sourceOf = (data: string): DataSource =>
  data === MNIST ? { mnist: places().mnist } : { folder: data };

/** A word about files that gave no digit. */
export function tellBad(bad: number, progress: ProgressLine): void {
  if (bad > 0) progress.line(words.badFiles(bad, formats.count(bad)));
}
