import { CLASSES, defaultRecipe, type NormalisationRecipe } from '../../shared/domain.ts';
import type { Reason } from '../../shared/errors.ts';
import { normalise } from '../images/recipe.ts';
import { breathe, checkCancelled } from '../jobs/flow.ts';
import { transact } from '../project/sqlite.ts';
import type { DataHash } from './hash.ts';
import { labelOutOfRange, readPair, recordAt, type IdxPair, type IdxRecords } from './idx-folder.ts';
import type { ImportOptions, ImportSource } from './import.ts';
import { addDataFile, addDigit, type NewDataFile } from './store.ts';

export interface IdxImport extends Omit<ImportOptions, 'source'> {
  source: Extract<ImportSource, { kind: 'idx' }>;
  hash: DataHash;
}

/** Records per transaction: few enough that normalising them holds nothing up. */
const CHUNK = 100;

/** Takes in the records of all pairs, normalised; those that give no digit are kept as rows with their reason. Throws `data-damaged`, `cancelled`. */
export async function importIdx(options: IdxImport): Promise<void> {
  const { folder, pairs } = options.source;
  let done = 0;
  for (const pair of pairs) {
    const records = await readPair(Buffer.from(folder), pair);
    const fileId = addDataFile(options.db, options.dataSetId, idxFile(pair.images));
    for (let start = 0; start < records.count; start += CHUNK) {
      checkCancelled(options.signal);
      const end = Math.min(start + CHUNK, records.count);
      transact(options.db, () => {
        for (let at = start; at < end; at++) addRecord(options, pair, records, fileId, at);
      });
      options.onProgress?.(done + end);
      await breathe();
    }
    done += records.count;
  }
}

function addRecord(
  { db, dataSetId, source, hash }: IdxImport,
  pair: IdxPair,
  records: IdxRecords,
  fileId: number,
  position: number,
): void {
  const judged = judgeRecord(pair, records, position, source.recipe ?? defaultRecipe);
  if ('reason' in judged) {
    const record = Buffer.concat([judged.path, Buffer.from(`#${position}`)]);
    addDataFile(db, dataSetId, { ...idxFile(record), status: 'failed', reason: judged.reason });
    return;
  }
  const { label, tile } = judged;
  addDigit(db, dataSetId, {
    fileId,
    position,
    split: label === null ? 'unlabelled' : pair.split,
    label,
    tile,
  });
  hash.add(tile, [label]);
}

/** The digit of a record, or why it gives none and which of the two files that is about. */
export function judgeRecord(
  pair: IdxPair,
  records: IdxRecords,
  position: number,
  recipe: NormalisationRecipe,
): { label: number | null; tile: Uint8Array } | { path: Buffer; reason: Reason } {
  if (position >= records.count) return { path: pair.images, reason: { code: 'vanished' } };
  const label = records.labels?.[position] ?? null;
  if (label !== null && label >= CLASSES) return { path: pair.labels!, reason: labelOutOfRange(label) };
  const tile = normalise(recordAt(records, position), recipe);
  return tile ? { label, tile } : { path: pair.images, reason: { code: 'blank' } };
}

/** The row of an IDX file, which stands for all of its records. */
export const idxFile = (path: Buffer): NewDataFile => ({
  path,
  size: null,
  mtimeNs: null,
  hash: null,
  width: null,
  height: null,
  status: 'done',
  reason: null,
});
