import { defaultRecipe } from '../../shared/domain.ts';
import { addSampleModel, ArithmeticCompute, BytesReader } from '../api/test-support.ts';
import type { Db } from '../project/sqlite.ts';
import { addFolderBatch, type BatchCounts } from './ledger.ts';
import { runBatch } from './runner.ts';
import type { BatchOptions } from './options.ts';

/** A batch over a folder, by a model that has no files. */
export const addSampleBatch = (
  db: Db,
  images: string,
  more: Partial<Parameters<typeof addFolderBatch>[1]> = {},
): number =>
  addFolderBatch(db, {
    name: 'b',
    source: images,
    root: Buffer.from(images),
    modelId: addSampleModel(db),
    recipe: defaultRecipe,
    ...more,
  });

/** Runs it by arithmetic on the files' bytes, without TensorFlow and decoders. */
export const runSampleBatch = (
  db: Db,
  batchId: number,
  more: Partial<BatchOptions> = {},
): Promise<BatchCounts> =>
  runBatch({
    db,
    batchId,
    compute: new ArithmeticCompute(),
    reader: new BytesReader(),
    modelFolder: '',
    recipe: defaultRecipe,
    ...more,
  });
