import { defaultRecipe, type NormalisationRecipe } from '../../shared/domain.ts';
import { StudioError, type Reason } from '../../shared/errors.ts';
import { joinBytes } from '../files/names.ts';
import { walk, type WalkEntry } from '../files/walk.ts';
import type { ImageReader, ReadOutcome } from '../images/types.ts';
import { breathe, checkCancelled, mapAhead, orCancelled } from '../jobs/flow.ts';
import { transact, type Db } from '../project/sqlite.ts';
import { DataHash } from './hash.ts';
import { placeOf, type FolderLayout } from './layout.ts';
import { mnistFiles, readMnist } from './mnist.ts';
import { abandonImport, addDataFile, addDataSet, addDigit, publishDataSet, tileAt, type NewDataFile } from './store.ts';

export interface ImportOptions {
  db: Db;
  name: string;
  signal?: AbortSignal;
  /** Digits or files so far. */
  onProgress?: (done: number) => void;
  /** The set's id, as soon as there is one; nobody else sees the set before the import is done. */
  onStart?: (dataSetId: number) => void;
}

const MNIST_CHUNK = 1_000;
const FILE_CHUNK = 256;

/** Runs an import so that the data set is there whole or not at all; answers its id. */
async function importing(
  options: ImportOptions,
  set: Parameters<typeof addDataSet>[1],
  work: (dataSetId: number, hash: DataHash) => Promise<void>,
): Promise<number> {
  const { db } = options;
  const dataSetId = addDataSet(db, set);
  options.onStart?.(dataSetId);
  try {
    const hash = new DataHash();
    await work(dataSetId, hash);
    checkCancelled(options.signal);
    publishDataSet(db, dataSetId, hash.hex());
    return dataSetId;
  } catch (error) {
    if (db.open) abandonImport(db, dataSetId);
    throw error;
  }
}

/** Brings in MNIST's 70,000 digits from its four files. Throws `data-damaged`, `disk-full`, `cancelled`. */
export function importMnist(options: ImportOptions & { folder: string; source: string }): Promise<number> {
  const { db, folder, name, source, signal } = options;
  const set = { name, kind: 'mnist' as const, source, root: Buffer.from(folder), recipe: null };
  return importing(options, set, async (dataSetId, hash) => {
    let done = 0;
    for (const split of ['train', 'test'] as const) {
      const { tiles, labels } = await readMnist(folder, split);
      const fileId = addDataFile(db, dataSetId, idxFile(mnistFiles[split].images));
      for (let start = 0; start < labels.length; start += MNIST_CHUNK) {
        checkCancelled(signal);
        const end = Math.min(start + MNIST_CHUNK, labels.length);
        transact(db, () => {
          for (let position = start; position < end; position++)
            addDigit(db, dataSetId, { fileId, position, split, label: labels[position]!, tile: tileAt(tiles, position) });
        });
        hash.add(tiles.subarray(start * 784, end * 784), labels.subarray(start, end));
        done += end - start;
        options.onProgress?.(done);
        await breathe();
      }
    }
  });
}

const idxFile = (name: string): NewDataFile => ({
  path: Buffer.from(name),
  size: null,
  mtimeNs: null,
  hash: null,
  width: null,
  height: null,
  status: 'done',
  reason: null,
});

/**
 * Reads a folder of images into a data set, one digit per file. Files that give no digit are kept as rows with their
 * reason. Throws `folder-unreadable`, `folder-empty`, `disk-full`, `cancelled`.
 */
export function importFolder(
  options: ImportOptions & { folder: string; layout: FolderLayout; reader: ImageReader; recipe?: NormalisationRecipe },
): Promise<number> {
  const { db, folder, layout, reader, signal, recipe = defaultRecipe } = options;
  const root = Buffer.from(folder);
  const set = { name: options.name, kind: 'folder' as const, source: folder, root, recipe };
  return importing(options, set, async (dataSetId, hash) => {
    let done = 0;
    const read = (chunk: WalkEntry[]): Promise<[WalkEntry[], ReadOutcome[]]> => readChunk(reader, root, chunk, recipe);
    const reading = mapAhead(inChunks(walk(folder, { signal }), FILE_CHUNK), read)[Symbol.asyncIterator]();
    try {
      for (;;) {
        const step = await orCancelled(reading.next(), signal);
        if (step.done) break;
        const [chunk, outcomes] = step.value;
        transact(db, () => {
          chunk.forEach((entry, index) => addOutcome(db, dataSetId, layout, entry, outcomes[index]!, hash));
        });
        done += chunk.length;
        options.onProgress?.(done);
      }
    } finally {
      void reading.return?.().catch(() => undefined);
    }
    if (done === 0) throw new StudioError('folder-empty', { folder });
  });
}

/** Outcomes in the order of the entries; what the listing already refused is not read. */
async function readChunk(
  reader: ImageReader,
  root: Buffer,
  chunk: WalkEntry[],
  recipe: NormalisationRecipe,
): Promise<[WalkEntry[], ReadOutcome[]]> {
  const files = chunk.filter((entry) => entry.outcome === 'file');
  const read = await reader.read(files.map(({ path }) => joinBytes(root, path)), recipe);
  let next = 0;
  const outcomes = chunk.map((entry): ReadOutcome =>
    entry.outcome === 'file' ? read[next++]! : { status: entry.outcome, reason: entry.reason },
  );
  return [chunk, outcomes];
}

function addOutcome(
  db: Db,
  dataSetId: number,
  layout: FolderLayout,
  entry: WalkEntry,
  outcome: ReadOutcome,
  hash: DataHash,
): void {
  const [size, mtimeNs] = entry.outcome === 'file' ? [entry.size, entry.mtimeNs] : [null, null];
  const file = { path: entry.path, size: size === null ? null : BigInt(size), mtimeNs };
  if (outcome.status !== 'done') {
    const reason: Reason = outcome.reason;
    addDataFile(db, dataSetId, { ...file, hash: null, width: null, height: null, status: outcome.status, reason });
    return;
  }
  const { width, height, tile, note } = outcome;
  const fileId = addDataFile(db, dataSetId, { ...file, hash: outcome.hash, width, height, status: 'done', reason: note });
  const { split, label } = placeOf(entry.path, layout);
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
