import { defaultRecipe, TILE_BYTES, type Split } from '../../shared/domain.ts';
import { transact, type Db } from '../project/sqlite.ts';
import { addDataFile, addDataSet, addDigit, publishDataSet } from './store.ts';

export interface SampleDigit {
  path: string;
  split: Split;
  label: number | null;
  /** Of every pixel of its tile. */
  grey: number;
  /** Its picture is two pixels less high. */
  width?: number | null;
}

/** A data set of a folder that is not there, whose tiles have one grey all over. Answers its id. */
export function addSampleSet(db: Db, digits: readonly SampleDigit[]): number {
  const root = Buffer.from('/f');
  const id = addDataSet(db, { name: 'd', kind: 'folder', source: '/f', root, recipe: defaultRecipe });
  transact(db, () => {
    for (const { path, split, label, grey, width = 28 } of digits) {
      const height = width && width - 2;
      const file = {
        size: 1n,
        mtimeNs: 1n,
        hash: null,
        width,
        height,
        status: 'done',
        reason: null,
      } as const;
      const fileId = addDataFile(db, id, { ...file, path: Buffer.from(path) });
      addDigit(db, id, { fileId, position: 0, split, label, tile: new Uint8Array(TILE_BYTES).fill(grey) });
    }
  });
  publishDataSet(db, id, 'h');
  return id;
}
