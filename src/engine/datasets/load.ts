import path from 'node:path';
import { StudioError } from '../../shared/errors.ts';
import type { LabelledTiles } from '../compute/types.ts';
import type { ImageReader } from '../images/types.ts';
import { openLedger } from '../project/store.ts';
import { hashDigits } from './hash.ts';
import { beginImport, runImport } from './import.ts';
import { readMnist } from './mnist.ts';
import { scanFolder } from './scan.ts';
import { getDataSet } from './store.ts';
import { trainingSet } from './training-set.ts';

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
  /** MNIST, or a folder with one sub-folder per digit (and train/ and test/ over them, if it has splits). */
  source: { mnist: string } | { folder: string };
  reader: ImageReader;
  signal?: AbortSignal;
  onProgress?: (done: number) => void;
}

/**
 * Labelled digits without a project, for the command line. Throws `data-damaged`, `folder-unreadable`, `folder-empty`,
 * `no-labels`, `cancelled`.
 */
export async function loadData(options: LoadOptions): Promise<LoadedData> {
  const { source } = options;
  if ('folder' in source) return loadFolder(source.folder, options);
  const [train, test] = await Promise.all([
    readMnist(source.mnist, 'train'),
    readMnist(source.mnist, 'test'),
  ]);
  return { name: 'MNIST', train, test, hash: await hashDigits(train), bad: 0 };
}

async function loadFolder(folder: string, { reader, signal, onProgress }: LoadOptions): Promise<LoadedData> {
  const name = path.basename(folder);
  const db = openLedger();
  try {
    let layout: 'classes' | 'splits' | 'flat' = 'flat';
    for await (const step of scanFolder(folder, signal))
      if ('result' in step && step.result.layout !== 'mnist') layout = step.result.layout;
    if (layout === 'flat') throw new StudioError('no-labels', { name });
    const source = { kind: 'folder', folder, layout } as const;
    const id = beginImport(db, source, name);
    await runImport({ db, dataSetId: id, source, reader, signal, onProgress });
    const [train, test] = [await trainingSet(db, id, 'train'), await trainingSet(db, id, 'test')];
    const hash = await hashDigits(train);
    return { name, train, test: test.labels.length > 0 ? test : null, hash, bad: getDataSet(db, id).bad };
  } finally {
    db.close();
  }
}
