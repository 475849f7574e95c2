import fs from 'node:fs/promises';
import path from 'node:path';
import type { NormalisationRecipe, TrainingParameters } from '../../shared/domain.ts';
import { StudioError } from '../../shared/errors.ts';
import { checkFit } from '../../shared/models/fit.ts';
import { readInPieces } from '../compute/in-pieces.ts';
import type { Compute, LabelledTiles } from '../compute/types.ts';
import { checkCancelled } from '../jobs/flow.ts';
import type { Gate } from '../jobs/gate.ts';
import { randomStream } from '../tensor/random.ts';
import { trainModel } from '../training/run.ts';
import { pickTiles, positionsByClass } from '../training/split.ts';

const STREAM = 'folds';

/**
 * The fold, 0 to `folds` - 1, that each digit is held out in, chosen by the seed alone: every fold has its share of every class, and the folds
 * differ by one digit at most.
 */
export function foldsOf(labels: Uint8Array, folds: number, seed: number): Uint8Array {
  const fold = new Uint8Array(labels.length);
  let next = 0;
  for (const [label, members] of positionsByClass(labels))
    for (const position of randomStream(seed, STREAM, label).shuffle(members))
      fold[position] = next++ % folds;
  return fold;
}

export interface FoldsOptions {
  compute: Compute;
  train: LabelledTiles;
  /** SHA-256 over these, hex. */
  dataHash: string;
  name: string;
  /** How their tiles were made. */
  normalisation: NormalisationRecipe;
  /** With these each fold's model is trained. */
  parameters: TrainingParameters;
  folds: number;
  /** Whether a fold is left out because it was read before. */
  isRead?: (positions: Uint32Array) => boolean;
  /** Where models lie while they are needed; made, and removed at the end. */
  folder: string;
  studioVersion: string;
  /** Digits shown to models in training so far and in all. */
  onProgress?: (done: number, total: number) => void;
  signal: AbortSignal;
  gate?: Gate | undefined;
}

/** How digits were read by a model that was trained without them. */
export interface ReadFold {
  /** From 0. */
  fold: number;
  /** Ascending. */
  positions: Uint32Array;
  /** Positions x 10. */
  probabilities: Float32Array;
}

/**
 * Reads every digit with a model that has not seen it: for each fold one is trained on all others. Throws `too-few-digits` with fewer digits than folds,
 * and what `trainModel` throws.
 */
export async function* readOutOfSample(options: FoldsOptions): AsyncGenerator<ReadFold, void, undefined> {
  const { train, parameters, folds, folder, isRead, onProgress, signal } = options;
  const count = train.labels.length;
  if (count < folds) throw new StudioError('too-few-digits', { name: options.name, count, needed: folds });
  checkFit(parameters);
  const fold = foldsOf(train.labels, folds, parameters.seed);
  const shown = (count - Math.floor(count / folds)) * parameters.epochs;
  await fs.mkdir(folder, { recursive: true });
  try {
    for (let at = 0; at < folds; at++) {
      const [held, others] = [positionsOf(fold, (one) => one === at), positionsOf(fold, (one) => one !== at)];
      if (isRead?.(held) !== true) {
        const tell = (share: number): void => onProgress?.(Math.round((at + share) * shown), folds * shown);
        const modelFolder = path.join(folder, `fold-${at + 1}`);
        await trainFold(options, await pickTiles(train, others), modelFolder, tell);
        const { tiles } = await pickTiles(train, held);
        const probabilities = await readInPieces(
          tiles,
          (piece) => options.compute.classify(modelFolder, piece),
          options,
        );
        await fs.rm(modelFolder, { recursive: true, force: true });
        yield { fold: at, positions: held, probabilities };
        tell(1);
        checkCancelled(signal);
      }
    }
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

async function trainFold(
  { compute, dataHash, name, normalisation, parameters, studioVersion, signal, gate }: FoldsOptions,
  train: LabelledTiles,
  modelFolder: string,
  tell: (share: number) => void,
): Promise<void> {
  // A fold that was interrupted may have written its model; it is trained anew.
  await fs.rm(modelFolder, { recursive: true, force: true });
  await trainModel({
    ...{ compute, name, dataName: name, dataHash, normalisation, parameters, studioVersion },
    ...{ modelFolder, train, signal },
    test: null,
    listener: {
      progress: ({ step, stepsPerEpoch }) => tell(step / (stepsPerEpoch * parameters.epochs)),
      points: () => undefined,
      epoch: () => undefined,
      checkpoint: () => undefined,
    },
    control: { gate },
  });
}

/** Positions of the digits whose fold is wanted, ascending. */
function positionsOf(fold: Uint8Array, wanted: (fold: number) => boolean): Uint32Array {
  const positions = new Uint32Array(fold.length);
  let found = 0;
  fold.forEach((one, position) => {
    if (wanted(one)) positions[found++] = position;
  });
  return positions.subarray(0, found);
}
