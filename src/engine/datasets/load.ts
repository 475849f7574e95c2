import path from 'node:path';
import type { NormalisationRecipe } from '../../shared/domain.ts';
import { StudioError } from '../../shared/errors.ts';
import type { LabelledTiles } from '../compute/types.ts';
import type { ImageReader } from '../images/types.ts';
import { realFolder } from '../project/real-folder.ts';
import type { Db } from '../project/sqlite.ts';
import { withTemporaryLedger } from '../project/temporary-ledger.ts';
import { randomStream } from '../tensor/random.ts';
import { pickTiles } from '../training/split.ts';
import { hashDigits } from './hash.ts';
import { beginImport, runImport, type ImportSource } from './import.ts';
import { readMnist } from './mnist.ts';
import { scanFolder } from './scan.ts';
import { getDataSet } from './store.ts';
import { trainingSet } from './training-set.ts';
import { setUpright } from './upright.ts';

/** MNIST's folder, or a folder of IDX files or with one sub-folder per digit (and train/ and test/ over them, if it has splits). */
export type DataSource = { mnist: string } | { folder: string };

export interface LoadedData {
  name: string;
  train: LabelledTiles;
  /** Null when the source has no test split. */
  test: LabelledTiles | null;
  /** Over the training split, hex. */
  hash: string;
  /** Files that gave no digit. */
  bad: number;
}

export interface LoadOptions {
  source: DataSource;
  reader: ImageReader;
  /** How files become tiles; today's recipe when it is left out. Of MNIST only whether its digits are set upright. */
  recipe?: NormalisationRecipe | undefined;
  /** Takes at most so many training digits, drawn by `seed`, in their old order; the test split stays whole. */
  limit?: { count: number; seed: number };
  signal?: AbortSignal;
  /** Files so far. */
  onProgress?: (done: number) => void;
}

/**
 * Labelled digits without a project, for the command line. Throws `data-damaged`, `folder-unreadable`, `folder-empty`,
 * `no-labels`, `disk-full`, `cancelled`.
 */
export async function loadData(options: LoadOptions): Promise<LoadedData> {
  const { source, limit } = options;
  const found =
    'folder' in source
      ? await loadFolder(await realFolder(source.folder), options)
      : await loadMnist(source.mnist, options);
  const train = limit ? await drawDigits(found.train, limit) : found.train;
  return { ...found, train, hash: await hashDigits(train) };
}

type Found = Omit<LoadedData, 'hash'>;

async function loadMnist(folder: string, { recipe, signal }: LoadOptions): Promise<Found> {
  const [train, test] = await Promise.all([readMnist(folder, 'train'), readMnist(folder, 'test')]);
  for (const { tiles } of [train, test]) await setUpright(tiles, recipe, signal);
  return { name: 'MNIST', train, test, bad: 0 };
}

function loadFolder(folder: string, options: LoadOptions): Promise<Found> {
  const { recipe, signal } = options;
  const name = path.basename(folder);
  return withTemporaryLedger(async (db) => {
    const source = { ...(await sourceIn(folder, signal)), recipe };
    if (source.kind === 'folder' && source.layout === 'flat') throw new StudioError('no-labels', { name });
    const id = await importInto(db, source, name, options);
    const [train, test] = [await trainingSet(db, id, 'train'), await trainingSet(db, id, 'test')];
    return { name, train, test: test.labels.length > 0 ? test : null, bad: getDataSet(db, id).bad };
  });
}

async function importInto(
  db: Db,
  source: ImportSource,
  name: string,
  { reader, signal, onProgress }: LoadOptions,
): Promise<number> {
  const id = beginImport(db, source, name);
  await runImport({ db, dataSetId: id, source, reader, signal, onProgress });
  return id;
}

/**
 * Works on a data set that is in no project: it is gone afterwards. Throws what `runImport` and `work` throw, `folder-unreadable`,
 * `folder-empty`.
 */
export async function withDataSet<Result>(
  options: LoadOptions,
  work: (db: Db, dataSetId: number) => Promise<Result>,
): Promise<Result> {
  const { source, recipe, signal } = options;
  const folder = await realFolder('folder' in source ? source.folder : source.mnist);
  return withTemporaryLedger(async (db) => {
    const found: ImportSource =
      'folder' in source ? await sourceIn(folder, signal) : { kind: 'mnist', folder };
    return work(db, await importInto(db, { ...found, recipe }, path.basename(folder), options));
  });
}

/** What a folder holds. */
async function sourceIn(folder: string, signal: AbortSignal | undefined): Promise<ImportSource> {
  for await (const step of scanFolder(folder, signal)) {
    if (!('result' in step)) continue;
    const { total, problems } = step.result;
    if (total > 0 || problems.length > 0) return step.source;
  }
  throw new StudioError('folder-empty', { folder });
}

function drawDigits(
  digits: LabelledTiles,
  { count, seed }: { count: number; seed: number },
): Promise<LabelledTiles> {
  const all = Uint32Array.from({ length: digits.labels.length }, (_, at) => at);
  const drawn = randomStream(seed, 'limited digits').shuffle(all).slice(0, count);
  return pickTiles(digits, drawn.sort());
}
