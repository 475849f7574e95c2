import { TILE_BYTES, type NormalisationRecipe } from '../../shared/domain.ts';
import { StudioError, type Reason } from '../../shared/errors.ts';
import type { Compute } from '../compute/types.ts';
import { parentLabel } from '../datasets/layout.ts';
import { joinBytes } from '../files/names.ts';
import { walk, type WalkEntry } from '../files/walk.ts';
import type { ImageReader, ReadOutcome } from '../images/types.ts';
import { breathe, checkCancelled, mapAhead, nextOf, orCancelled } from '../jobs/flow.ts';
import { endState } from '../jobs/end-state.ts';
import { storeError, type Db } from '../project/sqlite.ts';
import * as ledger from './ledger.ts';
import { readingsOf, type Reading } from './reading.ts';

export interface BatchOptions {
  db: Db;
  batchId: number;
  compute: Compute;
  reader: ImageReader;
  modelFolder: string;
  recipe: NormalisationRecipe;
  /** False: tiles are not kept, for the command line. */
  keepTiles?: boolean;
  /** Files, or test digits, per transaction. */
  chunk?: number;
  onProgress?: (counts: ledger.BatchCounts & { listed: boolean }) => void;
  signal?: AbortSignal;
}

const CHUNK = 256;

/**
 * Brings a batch to its end, from wherever its ledger stands: lists the folder, reads, classifies, writes. May be killed at any
 * moment; the next call goes on with the files that have no result, and none is counted twice. One chunk of files is
 * written while the next is classified and the one after that is read, and the listing may still run meanwhile.
 *
 * Leaves the batch `done`, or `cancelled`, `interrupted` (the computing process ended), `failed`, and then throws: `cancelled`,
 * `compute-stopped`, `folder-unreadable`, `folder-empty`, `disk-full`, `model-…`.
 */
export async function runBatch(options: BatchOptions): Promise<ledger.BatchCounts> {
  const { db, batchId } = options;
  const batch = ledger.ledgerRow(db, batchId);
  ledger.setBatchState(db, batchId, 'running');
  try {
    checkCancelled(options.signal);
    if (batch.kind === 'folder') await runFolder(options, batch);
    else await runTestSet(options, batch.dataSetId!);
    ledger.setBatchState(db, batchId, 'done');
    return ledger.batchCounts(db, batchId);
  } catch (cause) {
    const error = storeError(cause, batch.name);
    if (db.open) close(options, error);
    throw error;
  }
}

function close({ db, batchId, signal }: BatchOptions, cause: unknown): void {
  const { state, error } = endState(cause, signal);
  try {
    ledger.setBatchState(db, batchId, state, error);
  } catch {
    // The disk is full, most likely: the row stays "running" and is found interrupted at the next opening.
  }
}

async function runFolder(options: BatchOptions, batch: ledger.LedgerRow): Promise<void> {
  const { db, batchId, signal } = options;
  const stop = new AbortController();
  const both = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const listing = new Listing(options, batch, both);
  const clock = stopwatch();
  try {
    const read = mapAhead(listing.chunks(), (files) => readFiles(options, batch.root!, files));
    const chunks = mapAhead(read, (files) => classify(options, files, batch.threshold));
    for (let step = await nextOf(chunks, signal); step; step = await nextOf(chunks, signal)) {
      ledger.enterResults(db, batchId, step, clock());
      report(options, listing.complete);
    }
    await listing.ended;
  } finally {
    stop.abort();
  }
  const counts = ledger.batchCounts(db, batchId);
  if (counts.total === 0) throw new StudioError('folder-empty', { folder: batch.root!.toString() });
  report(options, true);
}

/** Seconds since it was last asked. */
function stopwatch(): () => number {
  let last = performance.now();
  return () => {
    const now = performance.now();
    const seconds = (now - last) / 1000;
    last = now;
    return seconds;
  };
}

const report = (options: BatchOptions, listed: boolean): void =>
  options.onProgress?.({ ...ledger.batchCounts(options.db, options.batchId), listed });

/** Enters the folder's files into the ledger, and hands them out again in chunks as they come. */
class Listing {
  readonly #options: BatchOptions;
  readonly #batch: ledger.LedgerRow;
  readonly #signal: AbortSignal;
  #wake: PromiseWithResolvers<void> = Promise.withResolvers();
  complete: boolean;
  /** Rejects when the folder cannot be listed. */
  readonly ended: Promise<void>;

  constructor(options: BatchOptions, batch: ledger.LedgerRow, signal: AbortSignal) {
    this.#options = options;
    this.#batch = batch;
    this.#signal = signal;
    this.complete = batch.listed === 1;
    this.ended = this.complete ? Promise.resolve() : this.#list();
    this.ended.catch(() => undefined);
  }

  async #list(): Promise<void> {
    const { db, batchId } = this.#options;
    try {
      for await (const entries of walk(this.#batch.root!, { signal: this.#signal })) {
        checkCancelled(this.#signal);
        ledger.enterFiles(db, batchId, entries.map(listed));
        report(this.#options, false);
        this.#wakeReader();
        await breathe();
      }
      ledger.markListed(db, batchId);
    } finally {
      this.complete = true;
      this.#wakeReader();
    }
  }

  #wakeReader(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }

  async *chunks(): AsyncGenerator<ledger.QueuedFile[]> {
    const { db, batchId, chunk = CHUNK } = this.#options;
    for (let last = 0; ;) {
      // Both looked at before the ledger is: files entered in between are then found by this look or announced by the next wake.
      const { complete } = this;
      const wake = this.#wake.promise;
      const files = ledger.queuedFiles(db, batchId, last, chunk);
      if (files.length === chunk || (complete && files.length > 0)) {
        last = files.at(-1)!.id;
        yield files;
      } else if (complete) {
        return;
      } else {
        await wake;
      }
    }
  }
}

const listed = (entry: WalkEntry): ledger.ListedFile =>
  entry.outcome === 'file'
    ? { path: entry.path, size: BigInt(entry.size), mtimeNs: entry.mtimeNs, refused: null }
    : {
        path: entry.path,
        size: null,
        mtimeNs: null,
        refused: { status: entry.outcome, reason: entry.reason },
      };

interface ReadFile {
  file: ledger.QueuedFile;
  outcome: ReadOutcome;
}

async function readFiles(
  { reader, recipe }: BatchOptions,
  root: Buffer,
  files: ledger.QueuedFile[],
): Promise<ReadFile[]> {
  const outcomes = await reader.read(
    files.map(({ path }) => joinBytes(root, path)),
    recipe,
  );
  return files.map((file, index) => ({ file, outcome: outcomes[index]! }));
}

/** Results for files that were read, with one call of the model for all that gave a tile; a rejected digit keeps its reading. */
async function classify(
  options: BatchOptions,
  read: ReadFile[],
  threshold: number | null,
): Promise<ledger.FileResult[]> {
  const tiles = read.flatMap(({ outcome }) => (outcome.status === 'done' ? [outcome.tile] : []));
  const readings = await classifyTiles(options, tiles);
  const { keepTiles = true } = options;
  let used = 0;
  return read.map(({ file, outcome }): ledger.FileResult => {
    if (outcome.status !== 'done')
      return {
        fileId: file.id,
        digit: null,
        status: outcome.status,
        reason: outcome.reason,
        hash: null,
        width: null,
        height: null,
      };
    const { hash, width, height, note, tile } = outcome;
    const digit = {
      reading: readings[used++]!,
      label: parentLabel(file.path),
      tile: keepTiles ? tile : null,
    };
    const rejected = threshold !== null && digit.reading.confidence < threshold;
    const reason: Reason | null = rejected ? { code: 'below-threshold', params: { threshold } } : note;
    return { fileId: file.id, digit, status: rejected ? 'rejected' : 'done', reason, hash, width, height };
  });
}

async function classifyTiles(
  { compute, modelFolder, signal }: BatchOptions,
  tiles: readonly Uint8Array[],
): Promise<Reading[]> {
  if (tiles.length === 0) return [];
  const packed = new Uint8Array(tiles.length * TILE_BYTES);
  tiles.forEach((tile, index) => packed.set(tile, index * TILE_BYTES));
  return readingsOf(await orCancelled(compute.classify(modelFolder, packed), signal));
}

async function runTestSet(options: BatchOptions, dataSetId: number): Promise<void> {
  const { db, batchId, chunk = CHUNK, signal } = options;
  const clock = stopwatch();
  for (let last = 0; ;) {
    checkCancelled(signal);
    const digits = ledger.queuedDigits(db, dataSetId, batchId, last, chunk);
    if (digits.length === 0) break;
    const readings = await classifyTiles(
      options,
      digits.map(({ pixels }) => pixels),
    );
    ledger.enterTestReadings(db, batchId, digits, readings, clock());
    last = digits.at(-1)!.id;
    report(options, true);
    await breathe();
  }
  ledger.closeQueue(db, batchId);
  report(options, true);
}
