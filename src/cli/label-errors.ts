import fs from 'node:fs/promises';
import { choiceOf, normalisationOf, type TrainingParameters } from '../shared/domain.ts';
import { StudioError } from '../shared/errors.ts';
import { cli } from '../shared/messages/en/cli.ts';
import { csvTarget, writeTarget } from '../engine/batches/csv-target.ts';
import { Pace } from '../engine/jobs/pace.ts';
import { findLabelErrors, SUSPECTS_HEADER, suspectLine } from '../engine/label-errors/find.ts';
import { recipeOfModel } from '../engine/label-errors/recipe.ts';
import { readModel } from '../engine/models/store.ts';
import { places } from '../serve/places.ts';
import { sourceOf, tellBad } from './digits.ts';
import { saidNormalisation, type NormalisationOptions } from './normalisation-options.ts';
import { formats, type Outcome, type Session } from './session.ts';

export interface LabelErrorsWish {
  data: string;
  /** Its recipe is taken, and how it reads pictures. */
  model?: string;
  /** Over the recipe. */
  changes: Partial<TrainingParameters>;
  /** What they come to without a model. */
  parameters: TrainingParameters;
  /** Over how the model reads pictures. */
  normalisation: NormalisationOptions;
  folds: number;
  out?: string;
}

const words = cli.labelErrors;

/**
 * `studio label-errors`: the suspects as CSV, to a file or to standard output. Throws `file-exists` for what is no list of suspects, and what
 * `readModel` and `findLabelErrors` throw.
 */
export async function labelErrors(wish: LabelErrorsWish, session: Session): Promise<Outcome> {
  const { data, model, changes, folds, out } = wish;
  const { compute, reader, signal, progress } = session;
  const source = sourceOf(data);
  const images = 'folder' in source ? source.folder : source.mnist;
  if (out !== undefined && !(await isFree(out)))
    throw new StudioError('file-exists', { file: out, wanted: 'csv' });
  const target =
    out === undefined ? null : await csvTarget(out, [await fs.realpath(images).catch(() => images)]);
  const card = model === undefined ? null : (await readModel(model)).card;
  const parameters = card ? recipeOfModel(card, changes) : wish.parameters;
  const normalisation = saidNormalisation(
    wish.normalisation,
    card ? choiceOf(card.normalisation) : undefined,
  );
  let pace: Pace | undefined;
  const { suspects, digits, joint, thresholds, bad } = await findLabelErrors({
    ...{ source, recipe: normalisationOf(normalisation), parameters, folds, compute, reader, signal },
    studioVersion: places().version,
    onLoad: (files) => progress.update(() => cli.reading(formats.count(files))),
    onProgress(done, total) {
      (pace ??= new Pace(done)).update(done);
      const left = pace.secondsLeft(total);
      const fold = Math.min(Math.floor((done / total) * folds) + 1, folds);
      progress.update(() =>
        [
          words.progress(fold, folds, formats.percent(done / total, 0)),
          ...(left === null ? [] : [words.left(formats.duration(left))]),
        ].join(', '),
      );
    },
  });
  tellBad(bad, progress);
  const lines = suspects.map(suspectLine);
  if (target !== null) await writeTarget(target, Buffer.from([SUSPECTS_HEADER, ...lines].join('')));
  const shown = formats.count(suspects.length);
  return {
    text:
      target === null
        ? [SUSPECTS_HEADER, ...lines].map((line) => line.trimEnd())
        : [words.done(out!, suspects.length, shown, formats.count(digits))],
    json: {
      ...{ data, model: model ?? null, out: out ?? null, folds, digits, badFiles: bad, thresholds, joint },
      ...(target === null ? { suspects } : { suspects: suspects.length }),
      training: parameters,
      normalisation,
    },
  };
}

/** Nothing is there, or an earlier list, or no file but a pipe. */
async function isFree(file: string): Promise<boolean> {
  const there = await fs.stat(file).catch(() => null);
  if (!there?.isFile() || there.size === 0) return true;
  return (await fs.readFile(file)).subarray(0, SUSPECTS_HEADER.length).toString() === SUSPECTS_HEADER;
}
