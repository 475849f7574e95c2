import os from 'node:os';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { CLASSES, type NormalisationRecipe, type TrainingParameters } from '../../shared/domain.ts';
import { StudioError } from '../../shared/errors.ts';
import type { Compute } from '../compute/types.ts';
import { csvField } from '../batches/csv.ts';
import { hashDigits } from '../datasets/hash.ts';
import { withDataSet, type DataSource } from '../datasets/load.ts';
import { normalisationOfSet } from '../datasets/normalisation.ts';
import { RECORD } from '../datasets/records.ts';
import { getDataSet } from '../datasets/store.ts';
import { trainingSet } from '../datasets/training-set.ts';
import { digitName } from '../files/names.ts';
import type { ImageReader } from '../images/types.ts';
import { argMax } from '../models/scores.ts';
import { sql, type Db } from '../project/sqlite.ts';
import { learnConfidently, type ConfidentLearning, type Suspect } from './confident.ts';
import { readOutOfSample, type FoldsOptions } from './out-of-sample.ts';

export interface FindOptions {
  source: DataSource;
  parameters: TrainingParameters;
  folds: number;
  /** How pictures become tiles. */
  recipe?: NormalisationRecipe;
  compute: Compute;
  reader: ImageReader;
  studioVersion: string;
  /** Files read so far, before the first fold. */
  onLoad?: (files: number) => void;
  onProgress?: FoldsOptions['onProgress'];
  signal: AbortSignal;
}

export interface NamedSuspect extends Omit<Suspect, 'position'> {
  path: string;
  /** The given label, and the one that models without the digit read. */
  label: number;
  suggested: number;
  /** Of the given label, and of the suggested one. */
  labelProbability: number;
  suggestedProbability: number;
}

export interface LabelErrors extends Pick<ConfidentLearning, 'thresholds' | 'joint'> {
  digits: number;
  /** Most suspicious first. */
  suspects: NamedSuspect[];
  /** Files that gave no digit. */
  bad: number;
}

/**
 * Ranks the training digits of a source whose labels are suspected to be wrong, without a project. Throws what `withDataSet` and `readOutOfSample` throw,
 * `no-labels`.
 */
export async function findLabelErrors(options: FindOptions): Promise<LabelErrors> {
  const { source, recipe, reader, signal, onLoad } = options;
  return withDataSet({ source, recipe, reader, signal, onProgress: onLoad }, async (db, dataSetId) => {
    const { name, bad } = getDataSet(db, dataSetId);
    const train = await trainingSet(db, dataSetId, 'train');
    if (train.labels.length === 0) throw new StudioError('no-labels', { name });
    const probabilities = new Float32Array(train.labels.length * CLASSES);
    const folder = path.join(os.tmpdir(), `lenet-studio-folds-${randomUUID()}`);
    const dataHash = await hashDigits(train);
    const normalisation = normalisationOfSet(db, dataSetId);
    for await (const read of readOutOfSample({ ...options, train, dataHash, name, normalisation, folder }))
      read.positions.forEach((position, at) =>
        probabilities.set(read.probabilities.subarray(at * CLASSES, (at + 1) * CLASSES), position * CLASSES),
      );
    const { suspects, ...counted } = learnConfidently(probabilities, train.labels);
    const found = suspects.map(({ position, suspicion, confident }): NamedSuspect => {
      const row = probabilities.subarray(position * CLASSES, (position + 1) * CLASSES);
      const [label, suggested] = [train.labels[position]!, argMax(row)];
      return {
        path: nameOf(db, train.ids[position]!),
        label,
        suggested,
        suspicion,
        confident,
        labelProbability: row[label]!,
        suggestedProbability: row[suggested]!,
      };
    });
    return { ...counted, digits: train.labels.length, suspects: found, bad };
  });
}

function nameOf(db: Db, digitId: number): string {
  const row = sql<{ path: Buffer; record: number | null }>(
    db,
    `SELECT path, ${RECORD} AS record FROM digit JOIN data_file ON data_file.id = digit.file_id
     JOIN data_set ON data_set.id = digit.data_set_id WHERE digit.id = ?`,
  ).get(digitId)!;
  return digitName(row.path, row.record);
}

export const SUSPECTS_HEADER =
  'path,label,suggested,suspicion,label_probability,suggested_probability,confident\n';

/** A line of the list, with its end. */
export function suspectLine(suspect: NamedSuspect): string {
  const numbers = [suspect.suspicion, suspect.labelProbability, suspect.suggestedProbability];
  const fields = [suspect.path, String(suspect.label), String(suspect.suggested)];
  return `${[...fields, ...numbers.map((value) => value.toFixed(6)), String(Number(suspect.confident))].map(csvField).join(',')}\n`;
}
