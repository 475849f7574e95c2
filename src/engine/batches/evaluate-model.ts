import { rejectionOf } from '../../shared/confidence/rejection.ts';
import type { BatchLikeness, Rejection, RejectWish } from '../../shared/contract/confidence.ts';
import { CLASSES, TILE_BYTES, type ConfusionMatrix } from '../../shared/domain.ts';
import { StudioError } from '../../shared/errors.ts';
import type { Compute, LabelledTiles } from '../compute/types.ts';
import { loadData, type DataSource } from '../datasets/load.ts';
import type { ImageReader } from '../images/types.ts';
import { checkCancelled, orCancelled } from '../jobs/flow.ts';
import { inkOf } from '../models/confidence.ts';
import { readModel } from '../models/store.ts';
import { digitsLikeness } from './likeness.ts';
import { readingsOf } from './reading.ts';

export interface EvaluateModelOptions {
  modelFolder: string;
  source: DataSource;
  /** Which digits are rejected; without it none are. */
  reject?: RejectWish | undefined;
  compute: Compute;
  reader: ImageReader;
  /** Files read so far, before the first digit is classified. */
  onLoad?: (files: number) => void;
  onProgress?: (done: number, total: number) => void;
  signal?: AbortSignal;
}

export interface Evaluation {
  /** Share of the digits read as their label, 0 to 1. */
  accuracy: number;
  count: number;
  /** Null without a wish: what it came to, how many digits were accepted, and how many of these were read wrong. */
  rejected: { rejection: Rejection; accepted: number; errors: number } | null;
  /** How like the digits are to those that the model was measured on; null where that is not known. */
  likeness: BatchLikeness | null;
  confusion: ConfusionMatrix;
  /** Of the data. */
  name: string;
  /** Which digits were read: those of the test split, or all labelled ones where there is none. */
  split: 'test' | 'all';
  /** Files that gave no digit. */
  bad: number;
}

/** Digits per call of the model. */
const CHUNK = 2_048;

/**
 * Measures a model without a project: on the test split of a source, or on all its labelled digits when it has none. Files are normalised
 * as the model wants it. Throws what `readModel`, `rejectionOf` and `loadData` throw, `too-few-digits`, `compute-stopped`, `cancelled`.
 */
export async function evaluateModel(options: EvaluateModelOptions): Promise<Evaluation> {
  const { modelFolder, source, reader, onLoad, signal } = options;
  const { card } = await readModel(modelFolder);
  const rejection = rejectionOf(card, options.reject);
  const data = await loadData({ source, reader, recipe: card.normalisation, signal, onProgress: onLoad });
  const { name, bad, test } = data;
  const digits = test ?? data.train;
  const count = digits.labels.length;
  if (count === 0) throw new StudioError('too-few-digits', { name, count, needed: 1 });
  const { confusion, accepted, errors, confidences } = await countsOf(
    options,
    digits,
    rejection?.threshold ?? 0,
  );
  const reference = card.confidence?.reference;
  const likeness = reference ? digitsLikeness(reference, confidences, inkOf(digits.tiles)) : null;
  const correct = confusion.reduce((sum, row, label) => sum + row[label]!, 0);
  const rejected = rejection && { rejection, accepted, errors };
  return {
    accuracy: correct / count,
    count,
    rejected,
    likeness,
    confusion,
    name,
    split: test ? 'test' : 'all',
    bad,
  };
}

async function countsOf(
  { modelFolder, compute, onProgress, signal }: EvaluateModelOptions,
  { tiles, labels }: LabelledTiles,
  threshold: number,
): Promise<{ confusion: ConfusionMatrix; accepted: number; errors: number; confidences: number[] }> {
  const confusion = Array.from({ length: CLASSES }, () => new Array<number>(CLASSES).fill(0));
  const confidences: number[] = [];
  let [accepted, errors] = [0, 0];
  for (let start = 0; start < labels.length; start += CHUNK) {
    checkCancelled(signal);
    const end = Math.min(start + CHUNK, labels.length);
    const chunk = tiles.subarray(start * TILE_BYTES, end * TILE_BYTES);
    const outputs = await orCancelled(compute.classify(modelFolder, chunk), signal);
    readingsOf(outputs).forEach(({ digit, confidence }, at) => {
      const label = labels[start + at]!;
      confusion[label]![digit]!++;
      confidences.push(confidence);
      if (confidence < threshold) return;
      accepted++;
      if (digit !== label) errors++;
    });
    onProgress?.(end, labels.length);
  }
  return { confusion, accepted, errors, confidences };
}
