import type { BatchLikeness } from '../../shared/contract/confidence.ts';
import { rejectionOf } from '../../shared/confidence/rejection.ts';
import type { Rejection, RejectWish } from '../../shared/contract/confidence.ts';
import { TILE_BYTES } from '../../shared/domain.ts';
import type { Compute } from '../compute/types.ts';
import type { ImageReader } from '../images/types.ts';
import { orCancelled } from '../jobs/flow.ts';
import { readModel } from '../models/store.ts';
import { addModel } from '../project/models.ts';
import { realFolder } from '../project/real-folder.ts';
import { withTemporaryLedger } from '../project/temporary-ledger.ts';
import { csvTarget, type ExportPlace } from './csv-target.ts';
import { exportBatch } from './export.ts';
import { filingTarget } from '../filing/class-folders.ts';
import { fileBatch, type Filed, type FilingAsked } from '../filing/file-batch.ts';
import { addFolderBatch, type BatchCounts } from './ledger.ts';
import { batchLikeness } from './likeness.ts';
import { runBatch } from './runner.ts';
import type { BatchOptions } from './options.ts';

export interface ClassifyFolderOptions {
  folder: string;
  modelFolder: string;
  /** Where the rows go; replaced when it is there. */
  out: ExportPlace;
  /** Which digits are rejected; without it none are. */
  reject?: RejectWish;
  compute: Compute;
  reader: ImageReader;
  followLinks?: boolean | undefined;
  /** What becomes of the files. */
  filing?: FilingAsked;
  onProgress?: BatchOptions['onProgress'];
  signal?: AbortSignal;
}

/**
 * Classifies a folder into a file without a project, with the same ledger, runner and writer as the window: `seconds` runs from the first
 * listing to the closed file, with the model loaded. Throws what `readModel`, `rejectionOf`, `runBatch`, `exportBatch` and `fileBatch` throw.
 */
export async function classifyFolder(options: ClassifyFolderOptions): Promise<
  BatchCounts & {
    seconds: number;
    rejection: Rejection | null;
    likeness: BatchLikeness | null;
    filed: Filed | null;
  }
> {
  const { modelFolder, out, reject, followLinks, filing, compute, reader, onProgress, signal } = options;
  const { card } = await readModel(modelFolder);
  const rejection = rejectionOf(card, reject);
  const folder = await realFolder(options.folder);
  await csvTarget(out.file, [folder], out.format);
  if (filing) await filingTarget(filing.target, folder);
  // Loads TensorFlow and the model before the clock starts.
  await orCancelled(compute.classify(modelFolder, new Uint8Array(TILE_BYTES)), signal);
  return withTemporaryLedger(async (db) => {
    const started = performance.now();
    const recipe = card.normalisation;
    const modelId = addModel(db, card, null, null);
    const batchId = addFolderBatch(db, {
      name: folder,
      source: folder,
      root: Buffer.from(folder),
      modelId,
      recipe,
      rejection,
      followLinks,
    });
    const counts = await runBatch({
      db,
      batchId,
      compute,
      reader,
      modelFolder,
      recipe,
      keepTiles: false,
      onProgress,
      signal,
    });
    await exportBatch(db, batchId, out.file, out.format, signal);
    const likeness = batchLikeness(db, batchId, card.confidence?.reference);
    const seconds = (performance.now() - started) / 1000;
    const filed = filing ? await fileBatch(db, batchId, filing, signal) : null;
    return { ...counts, rejection, likeness, filed, seconds };
  });
}
