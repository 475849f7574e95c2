import path from 'node:path';
import { normalisationOf, type NormalisationChoice, type TrainingParameters } from '../shared/domain.ts';
import { cli } from '../shared/messages/en/cli.ts';
import { checkFit } from '../shared/models/fit.ts';
import type { TrainListener } from '../engine/compute/types.ts';
import { loadData } from '../engine/datasets/load.ts';
import { Pace } from '../engine/jobs/pace.ts';
import { checkModelTarget } from '../engine/models/store.ts';
import { trainModel } from '../engine/training/run.ts';
import { places } from '../serve/places.ts';
import { sourceOf, tellBad } from './digits.ts';
import type { ProgressLine } from './progress.ts';
import { formats, type Outcome, type Session } from './session.ts';

export interface TrainWish {
  data: string;
  out: string;
  limit?: number;
  force?: boolean;
  parameters: TrainingParameters;
  normalisation: NormalisationChoice;
}

const words = cli.train;

/** `studio train`. Throws `training-does-not-fit`, `file-exists` for a folder that is not free, and what `loadData` and `trainModel` throw. */
export async function train(wish: TrainWish, session: Session): Promise<Outcome> {
  const { out, parameters, limit } = wish;
  checkFit(parameters);
  await checkModelTarget(out, wish.force ?? false);
  const { compute, signal, progress } = session;
  const normalisation = normalisationOf(wish.normalisation);
  const data = await loadData({
    source: sourceOf(wish.data),
    reader: session.reader,
    recipe: normalisation,
    limit: limit === undefined ? undefined : { count: limit, seed: parameters.seed },
    signal,
    onProgress: (files) => progress.update(() => cli.reading(formats.count(files))),
  });
  tellBad(data.bad, progress);
  const card = await trainModel({
    compute,
    name: path.basename(path.resolve(out)),
    dataName: data.name,
    dataHash: data.hash,
    train: data.train,
    test: data.test,
    parameters,
    normalisation,
    studioVersion: places().version,
    modelFolder: out,
    listener: showTraining(parameters, progress),
    signal,
  });
  const { testAccuracy, testLoss, imagesPerSecond, bestEpoch } = card.metrics;
  return {
    text: [
      words.done(out, bestEpoch),
      testAccuracy === null
        ? words.noTest
        : words.test(formats.percent(testAccuracy, 2), formats.count(card.data.testCount)),
    ],
    json: {
      model: out,
      testAccuracy,
      testLoss,
      parameters: card.parameters,
      imagesPerSecond,
      bestEpoch,
      epochs: card.metrics.epochs,
      training: card.training,
      data: card.data,
      badFiles: data.bad,
      engine: card.engine,
    },
  };
}

function showTraining({ epochs }: TrainingParameters, progress: ProgressLine): TrainListener {
  let loss = NaN;
  let pace: Pace | undefined;
  return {
    points: (points) => (loss = points.at(-1)?.loss ?? loss),
    progress({ step, stepsPerEpoch, imagesPerSecond }) {
      const total = epochs * stepsPerEpoch;
      pace ??= new Pace(step);
      pace.update(step);
      const left = pace.secondsLeft(total);
      progress.update(() =>
        [
          words.step(
            Math.min(Math.floor(step / stepsPerEpoch) + 1, epochs),
            epochs,
            formats.percent(step / total, 0),
          ),
          words.loss(formats.fixed(loss, 4)),
          words.speed(formats.count(imagesPerSecond)),
          ...(left === null ? [] : [words.left(formats.duration(left))]),
        ].join(', '),
      );
    },
    checkpoint: () => undefined,
    epoch: ({ epoch, trainLoss, trainAccuracy, validationAccuracy }) =>
      progress.line(
        words.epoch(
          epoch,
          epochs,
          formats.fixed(trainLoss, 4),
          formats.percent(trainAccuracy, 2),
          validationAccuracy === null ? null : formats.percent(validationAccuracy, 2),
        ),
      ),
  };
}
