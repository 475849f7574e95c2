import type { NormalisationRecipe } from '../../shared/domain.ts';
import type { Compute } from '../compute/types.ts';
import type { FileHasher, ImageReader, NewImageReader } from '../images/types.ts';
import { orCancelled } from '../jobs/flow.ts';
import type { Gate } from '../jobs/gate.ts';
import type { Db } from '../project/sqlite.ts';
import * as ledger from './ledger.ts';
import type { OwnContents } from './own-contents.ts';

export interface BatchOptions {
  db: Db;
  batchId: number;
  compute: Compute;
  /** A batch with `verify` wants one that hashes, too; only with one that tells what is new are contents known. */
  reader: ImageReader & Partial<FileHasher & NewImageReader>;
  modelFolder: string;
  recipe: NormalisationRecipe;
  /** False: tiles are not kept, for the command line. */
  keepTiles?: boolean;
  /** Files, or test digits, per transaction. */
  chunk?: number;
  /** Files after which a thread makes the checkpoints. */
  checkpointAfter?: number;
  onProgress?: (counts: ledger.BatchCounts & { listed: boolean }) => void;
  signal?: AbortSignal;
  /** What this batch has read before, so that the model is not asked again for copies; a run makes its own. */
  own?: OwnContents;
  /** Closed while the batch is paused: what is being read is still written, then nothing happens until it opens. */
  gate?: Gate | undefined;
}

/** Files, or test digits, per transaction where nothing else is asked for. */
export const CHUNK = 512;
/** Goes by at once unless the batch is paused. Throws `cancelled`. */
export const opened = async ({ gate, signal }: BatchOptions): Promise<void> =>
  gate?.paused ? orCancelled(gate.opened(), signal) : undefined;

/** Tells how far the batch is. */
export const report = (options: BatchOptions, listed: boolean): void =>
  options.onProgress?.({ ...ledger.batchCounts(options.db, options.batchId), listed });
