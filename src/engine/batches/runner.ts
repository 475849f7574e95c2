import { StudioError } from '../../shared/errors.ts';
import { breathe, checkCancelled, mapAhead, nextOf, orCancelled } from '../jobs/flow.ts';
import { endState } from '../jobs/end-state.ts';
import type { Gate } from '../jobs/gate.ts';
import { Checkpoints } from '../project/checkpoints.ts';
import { storeError } from '../project/sqlite.ts';
import { FolderListing } from './folder-listing.ts';
import { KnownContents } from './known-contents.ts';
import * as ledger from './ledger.ts';
import { CHUNK, opened, report, type BatchOptions } from './options.ts';
import { OwnContents } from './own-contents.ts';
import { classify, classifyTiles, readFiles } from './read-chunk.ts';

/** Chunks that are read while one is written, so that no reader waits for the ledger. */
const READ_AHEAD = 2;
/** And classified: the model has the next one at hand when it is done with one. */
const CLASSIFY_AHEAD = 2;

/**
 * Brings a batch to its end, from wherever its ledger stands: lists the folder, reads, classifies, writes. May be killed at any
 * moment; the next call goes on with the files that have no result, and none is counted twice. One chunk of files is
 * written while the next two are classified and those after them are read, and the listing may still run meanwhile.
 *
 * Leaves the batch `done`, or `cancelled`, `interrupted` (the computing process ended), `failed`, and then throws: `cancelled`,
 * `compute-stopped`, `folder-unreadable`, `folder-empty`, `disk-full`, `model-…`.
 */
export async function runBatch(options: BatchOptions): Promise<ledger.BatchCounts> {
  return bringToEnd(options, (batch) =>
    batch.kind === 'folder' ? runFolder(options, batch) : runTestSet(options, batch),
  );
}

type Run = Pick<BatchOptions, 'db' | 'batchId' | 'signal'>;

/** Does the work of a batch, and writes down how it ended. Throws what `work` throws, `cancelled`. */
export async function bringToEnd(
  options: Run,
  work: (batch: ledger.LedgerRow) => Promise<void>,
): Promise<ledger.BatchCounts> {
  const { db, batchId } = options;
  const batch = ledger.ledgerRow(db, batchId);
  try {
    ledger.setBatchState(db, batchId, 'running');
    checkCancelled(options.signal);
    await work(batch);
    ledger.setBatchState(db, batchId, 'done');
    return ledger.batchCounts(db, batchId);
  } catch (cause) {
    const error = storeError(cause, batch.name);
    if (db.open) close(options, error);
    throw error;
  }
}

function close({ db, batchId, signal }: Run, cause: unknown): void {
  const { state, error } = endState(cause, signal);
  try {
    ledger.setBatchState(db, batchId, state, error);
  } catch {
    // The disk is full, most likely: the row stays "running" and is found interrupted at the next opening.
  }
}

async function runFolder(given: BatchOptions, batch: ledger.LedgerRow): Promise<void> {
  const { db, batchId, signal } = given;
  const own = new OwnContents(db);
  const options = { ...given, own };
  const checkpoints = new Checkpoints(db, options.checkpointAfter);
  const stop = new AbortController();
  const both = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const listing = new FolderListing(options, batch, both);
  const clock = stopwatch(options.gate);
  try {
    const known = options.reader.readNew ? KnownContents.of(db, batchId, both) : Promise.resolve(null);
    known.catch(() => undefined);
    const read = mapAhead(
      listing.chunks(),
      async (files) => readFiles(options, batch, files, await known),
      READ_AHEAD,
    );
    const chunks = mapAhead(read, (files) => classify(options, files, batch), CLASSIFY_AHEAD);
    for (let step = await nextOf(chunks, signal); step; step = await nextOf(chunks, signal)) {
      ledger.enterResults(db, batchId, step, clock());
      own.add(step);
      checkpoints.wrote(step.length);
      report(options, listing.complete);
      await opened(options);
    }
    await listing.ended;
  } finally {
    stop.abort();
    await checkpoints.close();
  }
  const counts = ledger.batchCounts(db, batchId);
  // The folder of a watched batch may be filled later.
  if (counts.total === 0 && batch.watch === null)
    throw new StudioError('folder-empty', { folder: batch.root!.toString() });
  report(options, true);
}

/** Reads and classifies what waits in the ledger of a batch, beside the run that lists it. Throws `cancelled`, `compute-stopped`, `disk-full`, `model-…`. */
export async function runQueued(options: BatchOptions): Promise<void> {
  const { db, batchId, chunk = CHUNK, signal } = options;
  const batch = ledger.ledgerRow(db, batchId);
  const clock = stopwatch(options.gate);
  for (;;) {
    checkCancelled(signal);
    const files = ledger.queuedFiles(db, batchId, 0, chunk);
    if (files.length === 0) return;
    const read = await orCancelled(readFiles(options, batch, files), signal);
    const results = await classify(options, read, batch);
    ledger.enterResults(db, batchId, results, clock());
    options.own?.add(results);
    report(options, true);
  }
}

/** Seconds at work since it was last asked, pauses left out. */
export function stopwatch(gate: Gate | undefined): () => number {
  const atWork = (): number => performance.now() / 1000 - (gate?.pausedSeconds ?? 0);
  let last = atWork();
  return () => {
    const now = atWork();
    const seconds = now - last;
    last = now;
    return seconds;
  };
}

async function runTestSet(options: BatchOptions, batch: ledger.LedgerRow): Promise<void> {
  const { threshold, temperature } = batch;
  const { db, batchId, chunk = CHUNK, signal } = options;
  const clock = stopwatch(options.gate);
  for (let last = 0; ;) {
    await opened(options);
    checkCancelled(signal);
    const digits = ledger.queuedDigits(db, batch.dataSetId!, batchId, last, chunk);
    if (digits.length === 0) break;
    const readings = await classifyTiles(
      options,
      digits.map(({ pixels }) => pixels),
      temperature,
    );
    ledger.enterDigitReadings(db, batchId, digits, readings, clock(), threshold);
    last = digits.at(-1)!.id;
    report(options, true);
    await breathe();
  }
  ledger.closeQueue(db, batchId);
  report(options, true);
}
