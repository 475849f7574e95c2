import type { Batch, DataSet, DigitQuery } from '../../../shared/contract/index.ts';
import { splits, type Split } from '../../../shared/domain.ts';

/** A split of a data set, `d3 test`, or a batch, `b5`. */
export type SourceId = `d${number} ${Split}` | `b${number}`;

export type Source = { id: SourceId; count: number } & (
  { kind: 'data'; split: Split; set: DataSet } | { kind: 'batch'; batch: Batch }
);

function countOf(set: DataSet, split: Split): number {
  if (split === 'unlabelled') return set.unlabelled;
  return set.perClass[split].reduce((sum, count) => sum + count, 0);
}

/** Where digits can be taken from, test digits first: the model has not been trained with them. */
export function sourcesOf(sets: readonly DataSet[], batches: readonly Batch[]): Source[] {
  const order: Split[] = ['test', ...splits.filter((split) => split !== 'test')];
  return [
    ...order.flatMap((split) =>
      sets.map((set): Source => ({
        id: `d${set.id} ${split}`,
        kind: 'data',
        split,
        set,
        count: countOf(set, split),
      })),
    ),
    ...batches
      .filter(({ kind }) => kind === 'folder')
      .map((batch): Source => ({
        id: `b${batch.id}`,
        kind: 'batch',
        batch,
        count: batch.done + batch.rejected,
      })),
  ].filter(({ count }) => count > 0);
}

export const queryOf = (source: Source, label: number | null): DigitQuery =>
  source.kind === 'data'
    ? {
        kind: 'data',
        dataSetId: source.set.id,
        split: source.split,
        ...(label !== null && source.split !== 'unlabelled' && { label }),
      }
    : { kind: 'batch', batchId: source.batch.id, order: 'path', ...(label !== null && { label }) };
