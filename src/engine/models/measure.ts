import {
  fewestMeasured,
  type MeasuredConfidence,
  type MeasuredSplit,
} from '../../shared/contract/confidence.ts';
import type { DataSet } from '../../shared/contract/index.ts';
import type { ModelCard } from '../../shared/contract/model-card.ts';
import { defaultParameters } from '../../shared/domain.ts';
import { StudioError } from '../../shared/errors.ts';
import { readInPieces, type PiecesControl } from '../compute/in-pieces.ts';
import type { Compute, LabelledTiles } from '../compute/types.ts';
import { hashDigits } from '../datasets/hash.ts';
import { checkCancelled } from '../jobs/flow.ts';
import { heldOutOf, pickTiles, splitValidation } from '../training/split.ts';
import { measureConfidence } from './confidence.ts';
import { readModel, writeModel, type StoredModel } from './store.ts';

export interface MeasureOptions extends PiecesControl {
  compute: Compute;
  modelFolder: string;
  /** Labelled digits, by their split. */
  data: { name: string; train: LabelledTiles; test: LabelledTiles | null };
  split: MeasuredSplit;
  /** Before the model's file changes: what was read with it so far was divided by this temperature. */
  beforeWriting?: (temperature: number) => Promise<void> | void;
}

/** What `measureModel` would say of too few digits, before anything is read. `perClass`: labelled digits of each class that are not excluded, by split. Throws `too-few-digits`. */
export function checkEnough(
  { name, perClass }: Pick<DataSet, 'name' | 'perClass'>,
  split: MeasuredSplit,
  card: ModelCard,
): void {
  const ofClass =
    split === 'validation'
      ? perClass.train.map((count) => heldOutOf(count, heldOutBy(card).validationShare))
      : perClass[split];
  enough(
    name,
    ofClass.reduce((sum, count) => sum + count, 0),
  );
}

function enough(name: string, count: number): void {
  if (count < fewestMeasured)
    throw new StudioError('too-few-digits', { name, count, needed: fewestMeasured });
}

/** By what training on a set would set digits aside; the model's own way, where it is known. */
const heldOutBy = ({ training }: ModelCard): { validationShare: number; seed: number } =>
  training?.validationShare ? training : defaultParameters;

/**
 * Measures what a model's confidences are worth on labelled digits, as training does at its end, and writes it into the model. `validation` are the digits that
 * training on these data sets aside: by the model's own settings, where they are known. Throws what `readModel` and `writeModel` throw, `too-few-digits`, `cancelled`.
 */
export async function measureModel(options: MeasureOptions): Promise<MeasuredConfidence> {
  const { compute, modelFolder, data, split, signal } = options;
  const model = await readModel(modelFolder);
  const digits = await digitsOf(options, model);
  enough(data.name, digits.labels.length);
  const seen = await seenBy(model, data.train, split);
  const scores = await readInPieces(digits.tiles, (tiles) => compute.scores(modelFolder, tiles), options);
  const confidence: MeasuredConfidence = {
    ...{ data: data.name, split, seen },
    ...measureConfidence(scores, digits, model.card.rejectClass),
  };
  checkCancelled(signal);
  await options.beforeWriting?.(model.card.confidence?.temperature ?? 1);
  await writeModel(modelFolder, { ...model, card: { ...model.card, confidence } });
  return confidence;
}

async function digitsOf(
  { data: { train, test }, split }: MeasureOptions,
  { card }: StoredModel,
): Promise<LabelledTiles> {
  if (split === 'test') return test ?? { tiles: new Uint8Array(), labels: new Uint8Array() };
  if (split === 'train') return train;
  const { validationShare, seed } = heldOutBy(card);
  return pickTiles(train, splitValidation(train.labels, validationShare, seed).validation);
}

/** Whether the model was trained with these digits; of one whose training is not known, or was on others, nobody can tell. */
async function seenBy(
  { card: { data, training } }: StoredModel,
  train: LabelledTiles,
  split: MeasuredSplit,
): Promise<MeasuredConfidence['seen']> {
  if (data === null || data.hash !== (await hashDigits(train))) return 'unknown';
  const heldOut =
    split === 'test' || (split === 'validation' && training !== null && training.validationShare > 0);
  return heldOut ? 'no' : 'yes';
}
