import { TILE_BYTES, type NormalisationRecipe } from '../../shared/domain.ts';
import { StudioError, type Reason } from '../../shared/errors.ts';
import type { Compute } from '../compute/types.ts';
import { parentLabel } from '../datasets/layout.ts';
import { joinBytes } from '../files/names.ts';
import { FollowedLinks } from '../files/links.ts';
import { walk, type WalkEntry } from '../files/walk.ts';
import type { FileHasher, ImageReader, NewImageReader, ReadOutcome } from '../images/types.ts';
import { breathe, checkCancelled, mapAhead, nextOf, orCancelled } from '../jobs/flow.ts';
import { endState } from '../jobs/end-state.ts';
import type { Gate } from '../jobs/gate.ts';
import { storeError, type Db } from '../project/sqlite.ts';
import { earlierFindings, enterGone, type EarlierFinding } from './again.ts';
import { KnownContents } from './known-contents.ts';
import * as ledger from './ledger.ts';
import { OwnContents } from './own-contents.ts';
import { isNoDigit, readingsOf, type Reading } from './reading.ts';

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
  onProgress?: (counts: ledger.BatchCounts & { listed: boolean }) => void;
  signal?: AbortSignal;
  /** What this batch has read before, so that the model is not asked again for copies; a run makes its own. */
  own?: OwnContents;
  /** Closed while the batch is paused: what is being read is still written, then nothing happens until it opens. */
  gate?: Gate | undefined;
}

const CHUNK = 512;
/** Chunks that are read while one is written, so that no reader waits for the ledger. */
const READ_AHEAD = 2;

/**
 * Brings a batch to its end, from wherever its ledger stands: lists the folder, reads, classifies, writes. May be killed at any
 * moment; the next call goes on with the files that have no result, and none is counted twice. One chunk of files is
 * written while the next is classified and those after it are read, and the listing may still run meanwhile.
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
  ledger.setBatchState(db, batchId, 'running');
  try {
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
  const stop = new AbortController();
  const both = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const listing = new Listing(options, batch, both);
  const clock = stopwatch(options.gate);
  try {
    const known = options.reader.readNew ? KnownContents.of(db, batchId, both) : Promise.resolve(null);
    known.catch(() => undefined);
    const read = mapAhead(
      listing.chunks(),
      async (files) => readFiles(options, batch, files, await known),
      READ_AHEAD,
    );
    const chunks = mapAhead(read, (files) => classify(options, files, batch));
    for (let step = await nextOf(chunks, signal); step; step = await nextOf(chunks, signal)) {
      ledger.enterResults(db, batchId, step, clock());
      own.add(step);
      report(options, listing.complete);
      await opened(options);
    }
    await listing.ended;
  } finally {
    stop.abort();
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

/** Age from which on a file counts as complete when a watched folder is first listed, milliseconds; the watch looks at younger ones. */
const SETTLED = 2_000;
const isSettled = (entry: WalkEntry): boolean =>
  entry.outcome !== 'file' || Date.now() - Number(entry.mtimeNs / 1_000_000n) > SETTLED;

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

/** Goes by at once unless the batch is paused. Throws `cancelled`. */
const opened = async ({ gate, signal }: BatchOptions): Promise<void> =>
  gate?.paused ? orCancelled(gate.opened(), signal) : undefined;

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
    const { root, followLinks } = this.#batch;
    try {
      const links = followLinks === 1 ? await FollowedLinks.below(root!) : null;
      for await (const entries of walk(root!, { signal: this.#signal, links })) {
        checkCancelled(this.#signal);
        const complete = this.#batch.watch === null ? entries : entries.filter(isSettled);
        ledger.enterFiles(db, batchId, complete.map(listedFile));
        report(this.#options, false);
        this.#wakeReader();
        await opened({ ...this.#options, signal: this.#signal });
        await breathe();
      }
      if (this.#batch.againOf !== null) await enterGone(db, batchId, this.#batch.againOf);
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

export const listedFile = (entry: WalkEntry): ledger.ListedFile =>
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
  /** Taken over from an earlier batch; null: the model is asked. */
  known: Reading | null;
  /** The batch that this one repeats read something else there. */
  changed: boolean;
}

async function readFiles(
  options: BatchOptions,
  { root, againOf, verify, followLinks }: ledger.LedgerRow,
  files: ledger.QueuedFile[],
  known: KnownContents | null = null,
): Promise<ReadFile[]> {
  const { db, batchId, reader, signal } = options;
  const places = files.map(({ path }) => joinBytes(root!, path));
  const follow = followLinks === 1;
  const digests = againOf !== null && verify === 1 ? await reader.digests!(places, signal, follow) : null;
  const earlier =
    againOf === null ? new Map<number, never>() : earlierFindings(db, { batchId, againOf }, files, digests);
  const isKnown = ({ id }: ledger.QueuedFile): boolean => earlier.has(id) && earlier.get(id) !== 'changed';
  const unknown = places.filter((_, index) => !isKnown(files[index]!));
  const outcomes = await readContents(options, unknown, known, follow);
  let used = 0;
  return files.map((file): ReadFile => {
    const found = earlier.get(file.id);
    if (found === undefined || found === 'changed')
      return { file, ...outcomes[used++]!, changed: found === 'changed' };
    return { file, ...takenOver(found), changed: false };
  });
}

type Content = Pick<ReadFile, 'outcome' | 'known'>;

const takenOver = ({ reading: known, ...tile }: EarlierFinding): Content => ({
  outcome: { status: 'done', ...tile },
  known,
});

/** What files give, or what was found in the same bytes before. */
async function readContents(
  { reader, recipe }: BatchOptions,
  places: readonly Buffer[],
  known: KnownContents | null,
  follow: boolean,
): Promise<Content[]> {
  if (places.length === 0) return [];
  const read = (paths: readonly Buffer[]): Promise<ReadOutcome[]> => reader.read(paths, recipe, follow);
  const asNew = (outcome: ReadOutcome): Content => ({ outcome, known: null });
  if (known === null) return (await read(places)).map(asNew);
  const outcomes = await reader.readNew!(places, recipe, known.prefixes, follow);
  const contents = outcomes.map((outcome, index): Content | null => {
    if (outcome.status !== 'known') return asNew(outcome);
    const found = known.find(outcome.digest, places[index]!);
    return found && takenOver(found);
  });
  // Only its prefix is known, or a file of that content has another extension or was removed meanwhile.
  const rest = places.filter((_, index) => contents[index] === null);
  const late = rest.length === 0 ? [] : await read(rest);
  let used = 0;
  return contents.map((content) => content ?? asNew(late[used++]!));
}

/** Results for files that were read, with one call of the model for all that gave a tile; a rejected digit keeps its reading. */
async function classify(
  options: BatchOptions,
  read: ReadFile[],
  { threshold, temperature }: ledger.LedgerRow,
): Promise<ledger.FileResult[]> {
  const answered = read.map(({ outcome, known }) =>
    outcome.status === 'done' ? (known ?? options.own?.find(outcome.hash) ?? null) : null,
  );
  const tiles = read.flatMap(({ outcome }, at) =>
    outcome.status === 'done' && answered[at] === null ? [outcome.tile] : [],
  );
  const readings = await classifyTiles(options, tiles, temperature);
  const { keepTiles = true } = options;
  let used = 0;
  return read.map(({ file, outcome, known, changed }, at): ledger.FileResult => {
    if (outcome.status !== 'done')
      return {
        fileId: file.id,
        digit: null,
        status: outcome.status,
        reason: outcome.reason,
        hash: null,
        width: null,
        height: null,
        reused: false,
      };
    const { hash, width, height, note, tile } = outcome;
    const digit = {
      reading: answered[at] ?? readings[used++]!,
      label: parentLabel(file.path),
      tile: keepTiles ? tile : null,
    };
    const rejected = threshold !== null && digit.reading.confidence < threshold;
    const reason: Reason | null = rejected
      ? isNoDigit(digit.reading)
        ? { code: 'no-digit' }
        : { code: 'below-threshold', params: { threshold } }
      : (note ?? (changed ? { code: 'changed-since' } : null));
    const status = rejected ? 'rejected' : 'done';
    return { fileId: file.id, digit, status, reason, hash, width, height, reused: known !== null };
  });
}

async function classifyTiles(
  { compute, modelFolder, signal }: BatchOptions,
  tiles: readonly Uint8Array[],
  temperature: number | null,
): Promise<Reading[]> {
  if (tiles.length === 0) return [];
  const packed = new Uint8Array(tiles.length * TILE_BYTES);
  tiles.forEach((tile, index) => packed.set(tile, index * TILE_BYTES));
  return readingsOf(
    await orCancelled(compute.classify(modelFolder, packed, temperature ?? undefined), signal),
  );
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
