import { createHash, randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { TrainedCard } from '../../shared/contract/model-card.ts';
import {
  defaultRecipe,
  digitsPerStep,
  type NormalisationRecipe,
  type TrainingParameters,
} from '../../shared/domain.ts';
import { StudioError } from '../../shared/errors.ts';
import { checkFit } from '../../shared/models/fit.ts';
import { architectureFor } from '../../shared/models/family/index.ts';
import { hasRejectClass } from '../../shared/models/used.ts';
import { countParameters } from '../../shared/models/summary.ts';
import type { Checkpoint, Compute, LabelledTiles, TrainControl, TrainListener } from '../compute/types.ts';
import { checkCancelled, orCancelled } from '../jobs/flow.ts';
import { measureConfidence } from '../models/confidence.ts';
import { digitProbabilities, scoreProbabilities } from '../models/scores.ts';
import { NO_NUMBERS, writeModel, type StoredModel } from '../models/store.ts';
import { withNonDigits } from './non-digits.ts';
import { pickTiles, splitValidation } from './split.ts';

export interface TrainModelOptions {
  compute: Compute;
  /** The user's name for the model. */
  name: string;
  dataName: string;
  /** SHA-256 over tiles and labels in training order, hex. */
  dataHash: string;
  /** Validation digits are taken from these. */
  train: LabelledTiles;
  /** Read once, with the model that training ends with. */
  test: LabelledTiles | null;
  parameters: TrainingParameters;
  /** How the tiles were made, which the model owns from then on; today's way when it is left out. */
  normalisation?: NormalisationRecipe;
  studioVersion: string;
  /** Where the model goes, as a whole, when it is done. */
  modelFolder: string;
  resume?: Checkpoint;
  listener: TrainListener;
  signal: AbortSignal;
  /** How it can be held. */
  control?: TrainControl;
}

/**
 * Trains what the parameters name, keeps the best epoch as a model folder, measures it once on the test digits and its confidences on the validation digits. A run that goes on from a checkpoint
 * ends with the same weights as one that was never stopped. Throws `training-does-not-fit`, `training-data-changed`, `too-few-digits`, `cancelled`, `training-diverged`, what
 * `writeModel` throws and what the computing process throws.
 */
export async function trainModel(options: TrainModelOptions): Promise<TrainedCard> {
  const { compute, parameters, train, test, resume, listener, signal } = options;
  const { normalisation = defaultRecipe } = options;
  checkFit(parameters);
  // Other labels or digits: other splits and another order, so digits that it was trained with would validate it.
  if (resume?.data != null && resume.data !== options.dataHash)
    throw new StudioError('training-data-changed', { name: options.dataName });
  await removeCandidates(options.modelFolder);
  const split = splitValidation(train.labels, parameters.validationShare, parameters.seed);
  if (split.train.length === 0) {
    throw new StudioError('too-few-digits', {
      name: options.dataName,
      count: train.labels.length,
      needed: 1,
    });
  }
  const digits = await pickTiles(train, split.train);
  const rejects = hasRejectClass(parameters);
  const request = {
    parameters,
    train: rejects ? await withNonDigits(digits, { ...parameters, normalisation }, signal) : digits,
    validation: await pickTiles(train, split.validation),
    ...(resume && { resume }),
  };
  const engine = await compute.info();
  const result = await compute.train(
    request,
    stampedWith(options.dataHash, listener),
    signal,
    options.control,
  );
  const architecture = architectureFor(parameters);
  const card: TrainedCard = {
    id: randomUUID(),
    name: options.name,
    createdAt: new Date().toISOString(),
    studioVersion: options.studioVersion,
    architecture: architecture.name,
    parameters: countParameters(architecture),
    training: parameters,
    normalisation,
    data: {
      name: options.dataName,
      hash: options.dataHash,
      trainCount: split.train.length,
      validationCount: split.validation.length,
      testCount: test?.labels.length ?? 0,
    },
    metrics: {
      bestEpoch: result.bestEpoch,
      epochs: result.epochs,
      testLoss: null,
      testAccuracy: null,
      imagesPerSecond: result.imagesPerSecond,
    },
    ...(rejects && { rejectClass: true }),
    engine: { ...engine, ...(result.eager !== null && { eager: result.eager }) },
  };
  const model: StoredModel = { card, architecture, weights: result.bestWeights };
  const [onTest, onValidation] = await measure(options, model, [test, request.validation]).catch(
    (error: unknown) => {
      // The candidate was written a moment ago: outputs that are no numbers are the training's.
      if (!(error instanceof StudioError) || error.params['detail'] !== NO_NUMBERS) throw error;
      const step = result.bestEpoch * Math.ceil(request.train.labels.length / digitsPerStep(parameters));
      throw new StudioError('training-diverged', { epoch: result.bestEpoch, step }, { cause: error });
    },
  );
  if (onTest) {
    const { loss, accuracy } = scoreProbabilities(
      digitProbabilities(onTest, { rejectClass: rejects }),
      test!.labels,
    );
    card.metrics.testLoss = loss;
    card.metrics.testAccuracy = accuracy;
  }
  if (onValidation)
    card.confidence = {
      data: options.dataName,
      split: 'validation',
      ...measureConfidence(onValidation, request.validation, rejects),
    };
  checkCancelled(signal);
  await writeModel(options.modelFolder, model);
  return card;
}

/** The listener, for checkpoints that say which digits they come from. */
const stampedWith = (data: string, listener: TrainListener): TrainListener => ({
  ...listener,
  epoch: (metrics, checkpoint) => listener.epoch(metrics, { ...checkpoint, data }),
  checkpoint: (checkpoint) => listener.checkpoint({ ...checkpoint, data }),
});

/**
 * Scores of digits, read with a copy of the model beside its place, which is taken only by a model with a complete card; null for no
 * digits.
 */
async function measure(
  { compute, modelFolder, signal }: TrainModelOptions,
  model: StoredModel,
  sets: readonly (LabelledTiles | null)[],
): Promise<(Float32Array | null)[]> {
  const { parent, prefix } = candidatesOf(modelFolder);
  const candidate = path.join(parent, `${prefix}${randomUUID()}`);
  if (!sets.some((set) => set && set.labels.length > 0)) return sets.map(() => null);
  try {
    await writeModel(candidate, model);
    const read = sets.map(async (set) =>
      set && set.labels.length > 0 ? orCancelled(compute.scores(candidate, set.tiles), signal) : null,
    );
    return await Promise.all(read);
  } finally {
    await rm(candidate, { recursive: true, force: true });
  }
}

/** Where a model's candidates lie and how their names begin: hidden, the model's own, and never longer than a name may be. */
function candidatesOf(modelFolder: string): { parent: string; prefix: string } {
  const { dir: parent, base } = path.parse(path.resolve(modelFolder));
  const own = createHash('sha256').update(base).digest('hex').slice(0, 16);
  return { parent, prefix: `.lenet-studio-test-${own}-` };
}

/** Removes what a run to the same place left behind when it was killed during its test. */
async function removeCandidates(modelFolder: string): Promise<void> {
  const { parent, prefix } = candidatesOf(modelFolder);
  const left = (await readdir(parent).catch(() => [])).filter((name) => name.startsWith(prefix));
  // What cannot be removed is in nobody's way.
  await Promise.allSettled(left.map((name) => rm(path.join(parent, name), { recursive: true })));
}
