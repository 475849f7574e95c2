import type { CsvOptions } from '../../shared/contract/index.ts';
import { defaultRecipe, TILE_BYTES, type NormalisationRecipe } from '../../shared/domain.ts';
import { StudioError } from '../../shared/errors.ts';
import { joinBytes } from '../files/names.ts';
import { walk, type WalkEntry } from '../files/walk.ts';
import type { ImageReader, ReadOutcome } from '../images/types.ts';
import { breathe, checkCancelled, mapAhead, nextOf } from '../jobs/flow.ts';
import { storeError, transact, type Db } from '../project/sqlite.ts';
import { DataHash } from './hash.ts';
import type { FolderLayout } from './layout.ts';
import { placesOfFolder, type Places } from './places.ts';
import type { IdxPair } from './idx-folder.ts';
import { idxFile, importIdx } from './import-idx.ts';
import { mnistFiles, readMnist } from './mnist.ts';
import { setUpright } from './upright.ts';
import { abandonImport, addDataFile, addDataSet, addDigit, publishDataSet, tileAt } from './store.ts';

export type ImportSource =
  | { kind: 'mnist'; folder: string; recipe?: NormalisationRecipe | undefined }
  | { kind: 'idx'; folder: string; pairs: readonly IdxPair[]; recipe?: NormalisationRecipe | undefined }
  | { kind: 'folder'; folder: string; layout: FolderLayout; recipe?: NormalisationRecipe | undefined }
  | {
      kind: 'folder';
      folder: string;
      layout: 'csv';
      csv: CsvOptions;
      recipe?: NormalisationRecipe | undefined;
    };

type FolderSource = Extract<ImportSource, { kind: 'folder' }>;

export interface ImportOptions {
  db: Db;
  /** From `beginImport`. */
  dataSetId: number;
  source: ImportSource;
  reader: ImageReader;
  signal?: AbortSignal;
  /** Digits or files so far. */
  onProgress?: (done: number) => void;
}

const MNIST_CHUNK = 1_000;
const FILE_CHUNK = 256;

/** Enters a data set that nobody sees before its import is done; answers its id. */
export const beginImport = (db: Db, source: ImportSource, name: string): number =>
  addDataSet(db, {
    name,
    kind: source.kind === 'folder' ? 'folder' : 'mnist',
    source: source.kind === 'mnist' ? 'MNIST' : source.folder,
    root: Buffer.from(source.folder),
    recipe: source.kind === 'mnist' ? (source.recipe ?? null) : recipeOf(source),
    csv: 'csv' in source ? source.csv : null,
  });

const recipeOf = ({
  recipe = defaultRecipe,
}: Exclude<ImportSource, { kind: 'mnist' }>): NormalisationRecipe => recipe;

/**
 * Fills a data set from its source. It is there whole or, when this throws, not at all. Files that give no digit are kept as rows
 * with their reason. Throws `data-damaged`, `folder-unreadable`, `folder-empty`, `disk-full`, `cancelled`.
 */
export async function runImport(options: ImportOptions): Promise<void> {
  const { db, dataSetId, source } = options;
  try {
    const hash = new DataHash();
    if (source.kind === 'mnist') await importMnist(options, source, hash);
    else if (source.kind === 'idx') await importIdx({ ...options, source, hash });
    else await importFolder(options, source, hash);
    checkCancelled(options.signal);
    publishDataSet(db, dataSetId, hash.hex());
  } catch (cause) {
    const error = storeError(cause, source.folder);
    try {
      if (db.open) abandonImport(db, dataSetId);
    } catch {
      // The disk is full, most likely: the set stays hidden, and the next opening of the project abandons it.
    }
    throw error;
  }
}

async function importMnist(
  { db, dataSetId, signal, onProgress }: ImportOptions,
  { folder, recipe }: Extract<ImportSource, { kind: 'mnist' }>,
  hash: DataHash,
): Promise<void> {
  let done = 0;
  for (const split of ['train', 'test'] as const) {
    const { tiles, labels } = await readMnist(folder, split);
    await setUpright(tiles, recipe, signal);
    const fileId = addDataFile(db, dataSetId, idxFile(Buffer.from(mnistFiles[split].images)));
    for (let start = 0; start < labels.length; start += MNIST_CHUNK) {
      checkCancelled(signal);
      const end = Math.min(start + MNIST_CHUNK, labels.length);
      transact(db, () => {
        for (let position = start; position < end; position++)
          addDigit(db, dataSetId, {
            fileId,
            position,
            split,
            label: labels[position]!,
            tile: tileAt(tiles, position),
          });
      });
      hash.add(tiles.subarray(start * TILE_BYTES, end * TILE_BYTES), labels.subarray(start, end));
      done += end - start;
      onProgress?.(done);
      await breathe();
    }
  }
}

/** One digit per file; the next chunk is read while this one is written. */
async function importFolder(
  { db, dataSetId, reader, signal, onProgress }: ImportOptions,
  source: FolderSource,
  hash: DataHash,
): Promise<void> {
  const { folder } = source;
  const root = Buffer.from(folder);
  const places = placesOfFolder(source);
  const entriesIn = places.choose(inChunks(walk(folder, { signal }), FILE_CHUNK));
  const chunks = mapAhead(entriesIn, (chunk) => readChunk(reader, root, chunk, recipeOf(source)));
  let [entries, files] = [0, 0];
  for (let step = await nextOf(chunks, signal); step; step = await nextOf(chunks, signal)) {
    const read = step;
    transact(db, () => {
      for (const { entry, outcome } of read) addOutcome(db, dataSetId, places, entry, outcome, hash);
    });
    entries += read.length;
    files += read.filter(({ entry }) => entry.outcome === 'file').length;
    onProgress?.(files);
  }
  if (entries === 0) throw new StudioError('folder-empty', { folder });
}

interface ReadEntry {
  entry: WalkEntry;
  outcome: ReadOutcome;
}

/** In the order of the listing; what that already refused is not read. */
async function readChunk(
  reader: ImageReader,
  root: Buffer,
  chunk: WalkEntry[],
  recipe: NormalisationRecipe,
): Promise<ReadEntry[]> {
  const files = chunk.filter((entry) => entry.outcome === 'file');
  const read = await reader.read(
    files.map(({ path }) => joinBytes(root, path)),
    recipe,
  );
  let next = 0;
  return chunk.map((entry) => ({
    entry,
    outcome: entry.outcome === 'file' ? read[next++]! : { status: entry.outcome, reason: entry.reason },
  }));
}

function addOutcome(
  db: Db,
  dataSetId: number,
  places: Places,
  entry: WalkEntry,
  outcome: ReadOutcome,
  hash: DataHash,
): void {
  const [size, mtimeNs] = entry.outcome === 'file' ? [entry.size, entry.mtimeNs] : [null, null];
  const file = { path: entry.path, size: size === null ? null : BigInt(size), mtimeNs };
  if (outcome.status !== 'done') {
    addDataFile(db, dataSetId, {
      ...file,
      hash: null,
      width: null,
      height: null,
      status: outcome.status,
      reason: outcome.reason,
    });
    return;
  }
  const { width, height, tile, note } = outcome;
  const fileId = addDataFile(db, dataSetId, {
    ...file,
    hash: outcome.hash,
    width,
    height,
    status: 'done',
    reason: note,
  });
  const { split, label } = places.of(entry.path);
  addDigit(db, dataSetId, { fileId, position: 0, split, label, tile });
  hash.add(tile, [label]);
}

/** Regroups chunks of any length into chunks of `length`, the last one shorter. */
async function* inChunks<Value>(source: AsyncIterable<Value[]>, length: number): AsyncGenerator<Value[]> {
  let held: Value[] = [];
  for await (const values of source) {
    held = held.concat(values);
    for (; held.length >= length; held = held.slice(length)) yield held.slice(0, length);
  }
  if (held.length > 0) yield held;
}
