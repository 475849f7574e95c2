import path from 'node:path';
import { CLASSES, TILE_SIDE } from '../../shared/domain.ts';
import { StudioError } from '../../shared/errors.ts';
import type { LabelledTiles } from '../compute/types.ts';
import { readIdx } from './idx.ts';

/** The four original files of MNIST, unpacked. */
export const mnistFiles = {
  train: { images: 'train-images-idx3-ubyte', labels: 'train-labels-idx1-ubyte' },
  test: { images: 't10k-images-idx3-ubyte', labels: 't10k-labels-idx1-ubyte' },
} as const;

/** Digits and labels of one split, in the order of the files. Throws `data-damaged`. */
export async function readMnist(folder: string, split: 'train' | 'test'): Promise<LabelledTiles> {
  const names = mnistFiles[split];
  const [images, labels] = await Promise.all([
    readIdx(path.join(folder, names.images)),
    readIdx(path.join(folder, names.labels)),
  ]);
  const [count, height, width] = images.shape;
  if (images.shape.length !== 3 || height !== TILE_SIDE || width !== TILE_SIDE)
    throw new StudioError('data-damaged', {
      file: names.images,
      detail: `shape ${images.shape.join(' x ')}`,
    });
  if (labels.shape.length !== 1 || labels.shape[0] !== count)
    throw new StudioError('data-damaged', {
      file: names.labels,
      detail: `${labels.shape.join(' x ')} labels for ${count} images`,
    });
  const wrong = labels.values.findIndex((label) => label >= CLASSES);
  if (wrong >= 0)
    throw new StudioError('data-damaged', {
      file: names.labels,
      detail: `label ${labels.values[wrong]} at ${wrong}`,
    });
  return { tiles: images.values, labels: labels.values };
}
