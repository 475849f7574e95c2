import path from 'node:path';
import type { FilingAction, FilingPart } from '../../shared/contract/filing.ts';
import { StudioError } from '../../shared/errors.ts';
import { ledgerRow } from '../batches/ledger.ts';
import { getBatch } from '../batches/store.ts';
import { storeError, type Db } from '../project/sqlite.ts';
import { finishFiling, undoFiling, type CarriedOut, type CarryOutOptions } from './carry-out.ts';
import { filingTarget } from './class-folders.ts';
import { freeManifest, isThere, writeManifest } from './manifest.ts';
import { filingPlan } from './plan.ts';
import { addFiling, filingRow, setCarriedOut, setFilingState, setPlanned, type NewFiling } from './store.ts';

export interface FilingWish {
  batchId: number;
  action: FilingAction;
  parts: readonly FilingPart[];
  /** The folder for class folders; made when it is not there. */
  target: string;
}

/**
 * What is entered for a batch whose files are to go into class folders; nothing is touched yet. Throws what `filingTarget` throws, `unknown-id`, and
 * `bad-request` for a batch of no folder, or one that is not at its end.
 */
export async function prepareFiling(db: Db, { batchId, target, ...wish }: FilingWish): Promise<NewFiling> {
  const { root } = ledgerRow(db, batchId);
  if (root === null || ['running', 'queued'].includes(getBatch(db, batchId).state))
    throw new StudioError('bad-request');
  const manifest = await freeManifest(await filingTarget(target, root.toString()));
  return { batchId, ...wish, manifest };
}

/** Brings a filing to its end, from wherever it stands. Throws as `finishFiling`. */
export async function runFiling(db: Db, id: number, options: CarryOutOptions = {}): Promise<CarriedOut> {
  const { batchId, action, manifest, parts, total } = filingRow(db, id);
  setFilingState(db, id, 'running');
  return carried(db, id, manifest, 'done', async () => {
    const { root, followLinks } = ledgerRow(db, batchId);
    if (total === null) {
      const target = await filingTarget(path.dirname(manifest), root!.toString());
      const wanted = JSON.parse(parts) as FilingPart[];
      const plan = filingPlan(db, { batchId, parts: wanted, action, target }, options.signal);
      const follow = followLinks === 1 && action === 'copy';
      setPlanned(db, id, await writeManifest({ file: manifest, action, root: root!, follow }, plan));
    }
    return finishFiling(manifest, options);
  });
}

/** Takes a filing back. Throws as `undoFiling`. */
export async function runUndo(db: Db, id: number, options: CarryOutOptions = {}): Promise<CarriedOut> {
  const { manifest, total } = filingRow(db, id);
  setFilingState(db, id, 'undoing');
  return carried(db, id, manifest, 'undone', async () => {
    // It ended before anything was planned.
    if (total === null && !(await isThere(manifest))) return { total: 0, filed: 0, reasons: {} };
    return undoFiling(manifest, options);
  });
}

async function carried(
  db: Db,
  id: number,
  manifest: string,
  state: 'done' | 'undone',
  work: () => Promise<CarriedOut>,
): Promise<CarriedOut> {
  try {
    const result = await work();
    // What could not be taken back is filed still.
    setCarriedOut(db, id, state === 'undone' && result.filed > 0 ? 'done' : state, result);
    return result;
  } catch (cause) {
    const error = storeError(cause, manifest);
    if (db.open) {
      const shown = error instanceof StudioError && error.code !== 'cancelled' ? error : null;
      setFilingState(db, id, 'stopped', shown);
    }
    throw error;
  }
}

/** What became of it, and the way back. */
export type Filed = CarriedOut & { manifest: string };

/** What the command line asks for beside a batch. */
export interface FilingAsked extends Omit<FilingWish, 'batchId'> {
  onProgress: CarryOutOptions['onProgress'];
}

/** Files a batch that is done, from beginning to end. Throws what `prepareFiling` and `runFiling` throw. */
export async function fileBatch(
  db: Db,
  batchId: number,
  { onProgress, ...wish }: FilingAsked,
  signal?: AbortSignal,
): Promise<Filed> {
  const prepared = await prepareFiling(db, { batchId, ...wish });
  const id = addFiling(db, prepared);
  const result = await runFiling(db, id, { onProgress, signal }).catch((error: unknown) => {
    if (!(error instanceof StudioError)) throw error;
    // Nothing was touched before it was there.
    const isPlanned = filingRow(db, id).total !== null;
    const params = { ...error.params, ...(isPlanned && { manifest: prepared.manifest }) };
    throw new StudioError(error.code, params, { cause: error });
  });
  return { ...result, manifest: prepared.manifest };
}
