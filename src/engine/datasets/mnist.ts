import { CLASSES, TILE_SIDE } from '../../shared/domain.ts';
import type { LabelledTiles } from '../compute/types.ts';
import { damaged } from './idx.ts';
import { readPair } from './idx-folder.ts';

/** The four original files of MNIST, unpacked. */
export const mnistFiles = {
  train: { images: 'train-images-idx3-ubyte', labels: 'train-labels-idx1-ubyte' },
  test: { images: 't10k-images-idx3-ubyte', labels: 't10k-labels-idx1-ubyte' },
} as const;

/** Digits and labels of one split, in the order of the files. Throws `data-damaged`. */
export async function readMnist(folder: string, split: 'train' | 'test'): Promise<LabelledTiles> {
  const names = mnistFiles[split];
  const pair = { images: Buffer.from(names.images), labels: Buffer.from(names.labels), split };
  const { count, width, height, pixels, labels } = await readPair(Buffer.from(folder), pair);
  if (height !== TILE_SIDE || width !== TILE_SIDE)
    throw damaged(names.images, `shape ${count} x ${height} x ${width}`);
  const wrong = labels!.findIndex((label) => label >= CLASSES);
  if (wrong >= 0) throw damaged(names.labels, `label ${labels![wrong]} at ${wrong}`);
  return { tiles: pixels, labels: labels! };
}
